"""CSV and TSV: any line ends, a byte order mark, line breaks inside quotes, and bytes that are not UTF-8."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from indexer.errors import UserError
from indexer.names import has_image_suffix
from indexer.sources.columns import CAPTION_COLUMNS, NAME_COLUMNS
from indexer.sources.options import SourceOptions
from indexer.sources.shards import not_utf8
from indexer.sources.table_file import MAX_ROW_BYTES, Row, Slice, malformed

SUFFIXES = frozenset({".csv", ".tsv"})
_BOM = b"\xef\xbb\xbf"
_POSITIONAL = ("name", "caption")


@dataclass(slots=True)
class _Record:
    """A raw record: where it begins, its fields or the reason there are none, and notes."""

    offset: int
    fields: list[str] | None
    problem: str = ""
    not_utf8: UnicodeDecodeError | None = None


@dataclass(frozen=True)
class CsvTable:
    """A CSV or TSV file; create it with `open_csv`.

    Attributes:
        path: the file.
        columns: from the header, or `name`, `caption`, `column_3`, ... where there is none.
        delimiter: comma, semicolon or tab.
        start: byte offset of the first row.
    """

    path: Path
    columns: tuple[str, ...]
    delimiter: str
    start: int

    def slices(self, rows: int) -> list[Slice]:
        """Cut the file into slices of `rows` rows by reading through it once."""
        parts: list[Slice] = []
        count = 0
        offset = self.start
        with self.path.open("rb") as file:
            for record in _records(file, self.start, self.delimiter, len(self.columns)):
                if count % rows == 0:
                    if count:
                        parts.append(Slice(count - rows + 1, rows, offset))
                    offset = record.offset
                count += 1
        if count:
            first = (count - 1) // rows * rows
            parts.append(Slice(first + 1, count - first, offset))
        return parts

    def read(self, part: Slice) -> Iterator[Row]:
        """Yield the rows of a slice."""
        with self.path.open("rb") as file:
            records = _records(file, part.start, self.delimiter, len(self.columns))
            for number, record in zip(range(part.first, part.first + part.rows), records, strict=False):
                yield self._row(number, record)

    def _row(self, number: int, record: _Record) -> Row:
        if record.fields is None:
            return malformed(self.path, number, record.problem)
        if len(record.fields) > len(self.columns):
            why = f"it has {len(record.fields)} fields where the header has {len(self.columns)}"
            return malformed(self.path, number, f"{why} (a comma in a caption needs quotes around it)")
        row = Row(number, dict(zip(self.columns, record.fields, strict=False)))
        if record.problem:
            row.notes.append(f"row {number:,} of {self.path.name}: {record.problem}")
        if record.not_utf8:
            row.notes.append(not_utf8(f"row {number:,} of {self.path.name}", record.not_utf8))
        if len(record.fields) < len(self.columns):
            row.notes.append(f"the row has {len(record.fields)} of {len(self.columns)} columns")
        return row


def open_csv(path: Path, options: SourceOptions, *, any_header: bool = False) -> CsvTable:
    """Find a CSV file's delimiter and header.

    Args:
        path: the file.
        options: name the columns that no rule finds.
        any_header: take the first row as header, whatever it says.

    A first row is a header if it has a column known by name, or one that the person named; without a header
    the first column is the image name and the second the caption, as in RS5M's intermediate files.

    Raises:
        UserError: the file is empty, is no text, or shows neither a header nor image names.
    """
    with path.open("rb") as file:
        head = file.read(4096)
        if not head.strip(b"\0\r\n\t "):
            raise UserError(f"{path} is empty.", "Give a table with at least one row.")
        if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
            raise UserError(f"{path} is not UTF-8 text.", "Save it as UTF-8, then index it.")
        start = len(_BOM) if head.startswith(_BOM) else 0
        delimiter = _delimiter(path, head[start:])
        records = _records(file, start, delimiter, 0)
        first = next(records, None) or _Record(start, None)
        second = next(records, None)
    header = [name.strip() for name in first.fields or []]
    if header and (any_header or _is_header(header, options)):
        return CsvTable(path, _distinct(header), delimiter, second.offset if second else path.stat().st_size)
    if len(header) >= 2 and has_image_suffix(header[0]):
        return CsvTable(path, _by_position(len(header)), delimiter, start)
    if second and second.fields and len(second.fields) >= 2 and has_image_suffix(second.fields[0]):
        columns = _distinct([*_POSITIONAL, *header[2:]])
        return CsvTable(path, columns, delimiter, second.offset)
    raise UserError(
        f"{path} has no known image name or caption column; it has {', '.join(header)[:300]}.",
        "Name them with --name-column and --caption-column.",
    )


def _records(file: BinaryIO, start: int, delimiter: str, width: int) -> Iterator[_Record]:
    """Records from byte `start` on; after one with broken quotes reading goes on at the next line."""
    while True:
        lines = _Lines(file, start)
        offset = start
        try:
            for fields in csv.reader(lines, delimiter=delimiter, strict=True):
                if fields:
                    yield _Record(offset, fields, not_utf8=lines.not_utf8)
                offset = lines.next_record()
        except csv.Error as error:
            start = lines.starts[1] if len(lines.starts) > 1 else lines.position
            yield _repaired(lines, offset, delimiter, width, str(error))
            continue
        return


def _repaired(lines: _Lines, offset: int, delimiter: str, width: int, problem: str) -> _Record:
    """The first line of a record with broken quotes, if as it stands it has the right number of fields."""
    try:
        fields = next(csv.reader([lines.first], delimiter=delimiter), [])
    except csv.Error as error:
        return _Record(offset, None, str(error))
    if len(fields) != width or "\n" in fields[-1]:
        return _Record(offset, None, problem)
    return _Record(offset, fields, f"quotes are not balanced ({problem})", lines.not_utf8)


class _Lines(Iterator[str]):
    """Decoded lines of an open file from a byte on; remembers where those of the current record begin."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        file.seek(start)
        self._file = file
        self.position = start
        self.starts: list[int] = []
        self.first = ""
        self.not_utf8: UnicodeDecodeError | None = None

    def __next__(self) -> str:
        raw = self._file.readline(MAX_ROW_BYTES)
        if not raw:
            raise StopIteration
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.decode("utf-8", "replace")
            self.not_utf8 = error
        if not self.starts:
            self.first = line
        self.starts.append(self.position)
        self.position += len(raw)
        return line

    def next_record(self) -> int:
        """Forget the current record; returns the byte where the next one begins."""
        self.starts.clear()
        self.not_utf8 = None
        return self.position


def _delimiter(path: Path, head: bytes) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    line = head.splitlines()[0].decode("utf-8", "replace")
    return max((",", ";", "\t"), key=line.count)


def _is_header(fields: list[str], options: SourceOptions) -> bool:
    known = {*NAME_COLUMNS, *CAPTION_COLUMNS}
    wanted = {options.name_column, options.caption_column}
    return any(name.lower() in known or name in wanted for name in fields)


def _by_position(count: int) -> tuple[str, ...]:
    return (*_POSITIONAL, *(f"column_{number}" for number in range(3, count + 1)))


def _distinct(header: list[str]) -> tuple[str, ...]:
    """Column names told apart where two are the same or a name is missing."""
    columns: list[str] = []
    for position, name in enumerate(header, start=1):
        label = name or f"column_{position}"
        columns.append(label if label not in columns else f"{label}_{position}")
    return tuple(columns)
