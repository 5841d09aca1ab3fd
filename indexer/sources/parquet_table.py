"""Parquet, one slice of a row group at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from indexer.errors import UserError
from indexer.sources.table_file import Row, Slice, malformed

SUFFIXES = frozenset({".parquet", ".pq"})
# Rows before a slice are decoded only to be passed over, so a row group is cut into no more slices than this.
_MAX_SLICES_PER_GROUP = 50


@dataclass(frozen=True)
class ParquetTable:
    """A Parquet file; create it with `open_parquet`.

    Attributes:
        path: the file.
        columns: the columns that hold text, numbers, times or lists of them.
    """

    path: Path
    columns: tuple[str, ...]

    def slices(self, rows: int) -> list[Slice]:
        """Cut every row group into slices of `rows` rows, or larger ones where the group is very large."""
        parts: list[Slice] = []
        first = 1
        with pq.ParquetFile(self.path) as file:
            for group in range(file.num_row_groups):
                count = file.metadata.row_group(group).num_rows
                step = max(rows, -(-count // _MAX_SLICES_PER_GROUP))
                parts += [
                    Slice(first + skip, min(step, count - skip), group, skip)
                    for skip in range(0, count, step)
                ]
                first += count
        return parts

    def read(self, part: Slice) -> Iterator[Row]:
        """Yield the rows of a slice."""
        number = part.first
        end = part.first + part.rows
        try:
            with pq.ParquetFile(self.path) as file:
                position = 0
                for batch in file.iter_batches(1024, row_groups=[part.start], columns=list(self.columns)):
                    begin = max(part.skip - position, 0)
                    position += len(batch)
                    if begin >= len(batch):
                        continue
                    for values in batch.slice(begin, end - number).to_pylist():
                        yield Row(number, values)
                        number += 1
                    if number >= end:
                        return
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            for damaged in range(number, end):
                yield malformed(self.path, damaged, str(error).splitlines()[0])


def open_parquet(path: Path) -> ParquetTable:
    """Find the columns of a Parquet file that can be read as a table.

    Raises:
        UserError: it is no Parquet file, has no rows, or holds its images inside.
    """
    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise UserError(
            f"{path} is no readable Parquet file: {error}.", "Check that it is complete."
        ) from None
    if rows == 0:
        raise UserError(f"{path} is empty.", "Give a table with at least one row.")
    if any(pa.types.is_struct(field.type) and field.type.get_field_index("bytes") >= 0 for field in schema):
        raise UserError(
            f"{path} holds its images inside.", "Write them as files or WebDataset shards, then index those."
        )
    return ParquetTable(path, tuple(field.name for field in schema if not _is_nested_or_binary(field.type)))


def _is_nested_or_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_struct(kind)
        or pa.types.is_map(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )
