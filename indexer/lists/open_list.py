"""Opens raw lists: finds the files, their format and their columns, before anything is filtered."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from indexer.errors import UserError
from indexer.lists.raw_list import RawList, Wanted, known
from indexer.names import source_of
from indexer.sources.discover import expand_braces
from indexer.sources.refused import refuse
from indexer.sources.shards import walk

_PARQUET = frozenset({".parquet", ".pq"})
_TEXT = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
_JSONL = frozenset({".jsonl", ".ndjson"})
SUFFIXES = _PARQUET | _TEXT.keys() | _JSONL
_ACCEPTED = "Give lists of address and caption (.parquet, .csv, .tsv, .jsonl), or a folder of them."
_HEAD = 1 << 18
_MAX_LINE = 16 << 20
# A character that no line of JSON can hold bare.
_NEVER = "\x01"


def open_lists(paths: Sequence[str], wanted: Wanted | None = None) -> list[RawList]:
    """The lists of every path, in the order given; within a folder by name.

    Args:
        paths: files, folders, and patterns such as `part-{00000..00127}.parquet`.
        wanted: what a person says about the lists.

    Raises:
        UserError: a path is not there, cannot be read, or has no known columns.
    """
    found = dict.fromkeys(path for text in paths for path in _look_into(text))
    if not found:
        raise UserError("Nothing to filter.", _ACCEPTED)
    return [open_list(path, wanted or Wanted()) for path in found]


def open_list(path: Path, wanted: Wanted) -> RawList:
    """Find the format and the columns of one list.

    Raises:
        UserError: it cannot be read, is of another kind, or has no known columns.
    """
    refuse(path)
    suffix = path.suffix.lower()
    told = source_of(path.name) or source_of(f"{path.parent.name}/{path.name}")
    source = wanted.source or (told[0] if told else "unknown")
    if suffix in _PARQUET:
        return _parquet(path, wanted, source)
    if suffix in _TEXT:
        return _csv(path, wanted, source, suffix)
    if suffix in _JSONL:
        return _jsonl(path, wanted, source)
    raise UserError(f"{path} is no list.", _ACCEPTED)


def quoted(text: str) -> str:
    """`text` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _look_into(text: str) -> Iterator[Path]:
    written = Path(text).expanduser()
    for path in [written] if written.exists() else map(Path, expand_braces(str(written))):
        resolved = path.resolve()
        if resolved.is_dir():
            within = [file for file in walk(resolved) if file.suffix.lower() in SUFFIXES]
            if not within:
                raise UserError(f"{path} holds no list.", _ACCEPTED)
            yield from within
        elif resolved.is_file():
            yield resolved
        else:
            raise UserError(f"{path} does not exist.", "Check the path.")


def _parquet(path: Path, wanted: Wanted, source: str) -> RawList:
    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise UserError(
            f"{path} is no readable Parquet file: {error}.", "Check that it is complete."
        ) from None
    url, caption = wanted.columns(path, schema.names)
    texts = [_parquet_text(path, schema.field(name)) for name in (url, caption)]
    # DuckDB leaves out row groups by their file_row_number, so that going on is quick.
    sql = (
        f"SELECT {texts[0]} AS url, {texts[1]} AS caption "  # noqa: S608
        f"FROM read_parquet({quoted(str(path))}, file_row_number = true) WHERE file_row_number >= $first"
    )
    return RawList(path, "parquet", source, url, caption, sql, rows, rows)


def _parquet_text(path: Path, field: pa.Field) -> str:
    name = '"' + str(field.name).replace('"', '""') + '"'
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return name
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return f"TRY(decode({name}))"
    raise UserError(
        f"Column '{field.name}' of {path} holds {kind}, not text.",
        "Name another with --url-column or --caption-column.",
    )


def _csv(path: Path, wanted: Wanted, source: str, suffix: str) -> RawList:
    head = _head(path)
    delimiter = _TEXT[suffix]
    lines = head.splitlines()
    if delimiter == ",":
        delimiter = max(",;\t|", key=lambda one: (lines[0].count(one), one == ","))
    first = next(csv.reader(lines[:50], delimiter=delimiter))
    has_header = known(first) or bool({wanted.url_column, wanted.caption_column} & {*first})
    if has_header:
        columns = [name.strip() for name in first]
    else:
        columns = [f"column_{place}" for place in range(1, len(first) + 1)]
        wanted = _by_content(path, first, columns, wanted)
    url, caption = wanted.columns(path, columns)
    names = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(columns)))
    quote = '"' if _is_quoted(lines[has_header:], delimiter) else ""
    sql = (
        f"SELECT c{columns.index(url)} AS url, c{columns.index(caption)} AS caption "  # noqa: S608
        f"FROM read_csv({quoted(str(path))}, auto_detect = false, header = {str(has_header).lower()}, "
        f"delim = {quoted(delimiter)}, quote = {quoted(quote)}, escape = {quoted(quote)}, "
        f"columns = {{{names}}}, max_line_size = {_MAX_LINE}, ignore_errors = true, store_rejects = true"
    )
    return RawList(
        path,
        "csv",
        source,
        url,
        caption,
        sql=f"{sql})",
        estimate=_estimate(path, head),
        rejects=True,
        # DuckDB gives up at a line end unlike the first, unless it may also overlook fields too many.
        lenient_sql=f"{sql}, strict_mode = false)",
    )


def _by_content(path: Path, first: Sequence[str], columns: Sequence[str], wanted: Wanted) -> Wanted:
    """Of a list without header, as CC3M's and CC12M's: the column of addresses, and the only other."""
    addresses = [
        name for name, value in zip(columns, first, strict=True) if value.strip()[:4].lower() == "http"
    ]
    url = wanted.url_column or (addresses[0] if len(addresses) == 1 else None)
    others = [name for name in columns if name != url]
    caption = wanted.caption_column or (others[0] if len(others) == 1 else None)
    if url is None or caption is None:
        raise UserError(
            f"{path} has no header with an address and a caption; it begins with {', '.join(first)[:300]}.",
            "Name the columns, column_1 the first: --url-column column_1 --caption-column column_2.",
        )
    return Wanted(url, caption, wanted.source)


def _is_quoted(lines: Sequence[str], delimiter: str) -> bool:
    """Whether a quote around a field means something: not in CC3M's, where any caption may begin with one."""
    if delimiter != "\t":
        return True
    fields = [field for line in lines for field in line.split("\t") if field.startswith('"')]
    return bool(fields) and all(len(field) > 1 and field.endswith('"') for field in fields)


def _jsonl(path: Path, wanted: Wanted, source: str) -> RawList:
    names: dict[str, None] = {}
    head = _head(path)
    for line in head.splitlines()[:200]:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            names |= dict.fromkeys(row)
    url, caption = wanted.columns(path, list(names))
    # A row is one line; a line that is no object with text in these fields has neither.
    fields = ", ".join(quoted(f"/{name.replace('~', '~0').replace('/', '~1')}") for name in (url, caption))
    sql = (
        "SELECT fields[1] AS url, fields[2] AS caption, fields IS NULL AS malformed FROM ("  # noqa: S608
        f"SELECT CASE WHEN json_valid(line) THEN json_extract_string(line, [{fields}]) END AS fields "
        f"FROM read_csv({quoted(str(path))}, auto_detect = false, header = false, delim = {quoted(_NEVER)}, "
        f"quote = '', escape = '', columns = {{'line': 'VARCHAR'}}, max_line_size = {_MAX_LINE}, "
        "ignore_errors = true, store_rejects = true) WHERE line IS NOT NULL)"
    )
    return RawList(path, "jsonl", source, url, caption, sql, _estimate(path, head), rejects=True)


def _estimate(path: Path, head: str) -> int:
    """Lines of the file, if all are as long as those of its beginning."""
    return round(path.stat().st_size * max(head.count("\n"), 1) / len(head.encode()))


def _head(path: Path) -> str:
    """The beginning of a text file, up to the last whole line of it."""
    with path.open("rb") as file:
        raw = file.read(_HEAD)
    if not raw.strip(b"\0\r\n\t "):
        raise UserError(f"{path} is empty.", "Give a list with at least one row.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw:
        raise UserError(f"{path} is not UTF-8 text.", "Save it as UTF-8, then filter it.")
    text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return text if len(raw) < _HEAD else text[: text.rfind("\n") + 1] or text
