"""JSON lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UserError
from indexer.sources.shards import decode_text
from indexer.sources.table_file import MAX_ROW_BYTES, Row, Slice, malformed

SUFFIXES = frozenset({".jsonl", ".ndjson"})


@dataclass(frozen=True)
class JsonlTable:
    """A file of JSON lines; create it with `open_jsonl`.

    Attributes:
        path: the file.
        columns: the keys of the first row that is an object.
    """

    path: Path
    columns: tuple[str, ...]

    def slices(self, rows: int) -> list[Slice]:
        """Cut the file into slices of `rows` lines by reading through it once."""
        parts: list[Slice] = []
        count = 0
        for offset, _ in _lines(self.path, 0):
            if count % rows == 0:
                parts.append(Slice(count + 1, rows, offset))
            count += 1
        if parts:
            last = parts[-1]
            parts[-1] = Slice(last.first, count - last.first + 1, last.start)
        return parts

    def read(self, part: Slice) -> Iterator[Row]:
        """Yield the rows of a slice."""
        numbers = range(part.first, part.first + part.rows)
        for number, (_, raw) in zip(numbers, _lines(self.path, part.start), strict=False):
            yield self._row(number, raw)

    def _row(self, number: int, raw: bytes) -> Row:
        row = Row(number)
        try:
            values = json.loads(decode_text(raw, f"row {number:,} of {self.path.name}", row.notes))
        except (ValueError, RecursionError) as error:
            return malformed(self.path, number, str(error))
        if not isinstance(values, dict):
            return malformed(self.path, number, "it is no JSON object")
        row.values = values
        return row


def open_jsonl(path: Path) -> JsonlTable:
    """Find the columns of a file of JSON lines.

    Raises:
        UserError: the file has no line, or none of its first hundred is an object.
    """
    table = JsonlTable(path, ())
    rows = list(table.read(Slice(1, 100, 0)))
    if not rows:
        raise UserError(f"{path} is empty.", "Give a table with at least one row.")
    columns = next((tuple(row.values) for row in rows if row.values), None)
    if columns is None:
        raise UserError(f"{path} holds no JSON objects.", "Write one object a line.")
    return JsonlTable(path, columns)


def _lines(path: Path, start: int) -> Iterator[tuple[int, bytes]]:
    """Offsets and bytes of the lines that hold anything."""
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        while raw := file.readline(MAX_ROW_BYTES):
            if raw.strip():
                yield offset, raw
            offset += len(raw)
