"""Labels from a table: which samples are remote sensing, as a person says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UserError
from indexer.sources.options import SourceOptions
from indexer.sources.refused import refuse
from indexer.sources.table import SUFFIXES, open_table
from indexer.sources.table_file import Row, TableFile

NAMING = ("id", "key", "name")
"""Columns that may name the sample, the most certain first."""

LABEL = "label"
_WORDS = {
    **dict.fromkeys(("1", "1.0", "yes", "true", "rs"), True),
    **dict.fromkeys(("0", "0.0", "no", "false", "other"), False),
}
_KNOWN = "Write 1, yes, true or rs for remote sensing; 0, no, false or other for anything else."
_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Labels:
    """The rows of a table of labels.

    Attributes:
        path: the table.
        naming: the column that names the samples: `id`, `key` or `name`.
        rows: rows in the table; several may say the same of one sample.
        is_remote_sensing: label by what the naming column says.
    """

    path: Path
    naming: str
    rows: int
    is_remote_sensing: dict[str, bool]


def read_labels(path: Path) -> Labels:
    """Read a csv, tsv, jsonl or parquet file with a column `id`, `key` or `name` and a column `label`.

    Raises:
        UserError: it is no such table, or a row cannot be read, has a label that means nothing, or
            contradicts an earlier one.
    """
    table = _open(path)
    naming = _naming_column(table)
    found: dict[str, bool] = {}
    first: dict[str, int] = {}
    count = 0
    for row in _rows(table):
        count += 1
        sample, label = _sample(path, row, naming), _label(path, row)
        if found.setdefault(sample, label) != label:
            raise UserError(
                f"Row {row.number:,} of {path} labels {sample!r} otherwise than row {first[sample]:,}.",
                "Keep the row that is right.",
            )
        first.setdefault(sample, row.number)
    return Labels(path, naming, count, found)


def _open(path: Path) -> TableFile:
    if not path.is_file():
        raise UserError(f"{path} is no file of labels.", "Check the path.")
    refuse(path)
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path} is no table.", "Give a .csv, .tsv, .jsonl or .parquet file of labels.")
    return open_table(path, SourceOptions(), any_header=True)


def _naming_column(table: TableFile) -> str:
    naming = next((column for column in NAMING if column in table.columns), None)
    if naming is None or LABEL not in table.columns:
        raise UserError(
            f"{table.path} has the columns {', '.join(table.columns)[:300]}.",
            "Labels need a column id, key or name that names the sample, and a column label.",
        )
    return naming


def _rows(table: TableFile) -> Iterator[Row]:
    for part in table.slices(_ROWS_AT_ONCE):
        for row in table.read(part):
            if row.fault:
                raise UserError(row.fault.detail, "Put the row right or leave it out.")
            yield row


def _sample(path: Path, row: Row, naming: str) -> str:
    value = row.values.get(naming)
    text = "" if value is None else str(value).strip()
    if naming == "id":
        # Programs that fill gaps with NaN write whole numbers as 12.0.
        text = text.removesuffix(".0")
        if not (text.isascii() and text.isdigit()):
            raise UserError(
                f"Row {row.number:,} of {path} has the id {text[:40]!r}.", "An id is a row number."
            )
        return str(int(text))
    if not text:
        raise UserError(f"Row {row.number:,} of {path} has no {naming}.", "Leave the row out.")
    return text


def _label(path: Path, row: Row) -> bool:
    value = row.values.get(LABEL)
    text = "" if value is None else str(value).strip()
    if text.lower() not in _WORDS:
        raise UserError(f"Row {row.number:,} of {path} has the label {text[:40]!r}.", _KNOWN)
    return _WORDS[text.lower()]
