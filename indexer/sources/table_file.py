"""Tables read row by row in slices: what the formats share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from indexer.records import Fault

# One row may be this long; a longer one is a broken file, or an attack.
MAX_ROW_BYTES = 16 << 20


@dataclass(slots=True)
class Row:
    """One row of a table.

    Attributes:
        number: 1 for the first row after the header.
        values: cells by column name.
        notes: remarks for the ledger.
        fault: set where the row cannot be read.
    """

    number: int
    values: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """Consecutive rows of a table.

    Attributes:
        first: number of the first row.
        rows: how many.
        start: where the reader finds the first row: a byte offset, or a row group's number.
        skip: rows to pass over from there.
    """

    first: int
    rows: int
    start: int
    skip: int = 0


class TableFile(Protocol):
    """A table on disk."""

    @property
    def path(self) -> Path:
        """The file."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in order, as far as they are known without reading everything."""
        ...

    def slices(self, rows: int) -> list[Slice]:
        """Cut the table into slices of about `rows` rows; the same file is cut the same way every time."""
        ...

    def read(self, part: Slice) -> Iterator[Row]:
        """Yield the rows of a slice; one that cannot be read comes with `fault` set."""
        ...


def malformed(path: Path, number: int, why: str) -> Row:
    """A row that cannot be read."""
    return Row(number, fault=Fault("malformed_row", f"Row {number:,} of {path.name} cannot be read: {why}."))
