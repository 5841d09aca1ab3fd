"""Tables without images: such samples are browsed and searched by caption, and have no image vector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UserError
from indexer.records import Fault, RawSample, Shard
from indexer.sources import csv_table, jsonl_table, parquet_table
from indexer.sources.columns import caption_column, caption_of, columns_of, name_column, require
from indexer.sources.options import SourceOptions
from indexer.sources.shards import file_state, fingerprint
from indexer.sources.table_file import Row, Slice, TableFile
from indexer.values import is_empty

KIND = "table"
SUFFIXES = csv_table.SUFFIXES | jsonl_table.SUFFIXES | parquet_table.SUFFIXES


@dataclass(frozen=True)
class TableShard:
    """One slice of a table.

    Attributes:
        table: the whole table.
        part: the slice.
        table_name: short name of the table, unique within the run.
        options: the person's options.
    """

    table: TableFile
    part: Slice
    table_name: str
    options: SourceOptions

    @property
    def name(self) -> str:
        """The table and the slice's first row."""
        return f"{self.table_name}#{self.part.first}"

    @property
    def kind(self) -> str:
        """`table`."""
        return KIND

    @property
    def fingerprint(self) -> str:
        """Of the table's path, size and time of change, and of the slice."""
        path = self.table.path
        return fingerprint(
            KIND, self.options, [str(path), *file_state(path), self.part.first, self.part.rows]
        )

    @property
    def samples(self) -> int | None:
        """Rows in the slice."""
        return self.part.rows

    def read(self) -> Iterator[RawSample]:
        """Yield the slice's rows as caption-only samples."""
        seen: dict[str, int] = {}
        try:
            for row in self.table.read(self.part):
                sample = self._sample(row)
                first = seen.setdefault(sample.key, row.number)
                if first != row.number:
                    where = f"Row {row.number:,} of {self.table_name}"
                    detail = f"{where} has the name of row {first:,}: {sample.name}."
                    sample.fault = Fault("duplicate_key", detail)
                yield self.options.apply(sample)
        except OSError as error:
            fault = Fault("unreadable_file", f"{self.table.path} cannot be read: {error.strerror}.")
            yield RawSample(f"{self.name}/?", self.table_name, fault=fault)

    def _sample(self, row: Row) -> RawSample:
        key = f"{self.table_name}#{row.number}"
        if row.fault:
            return RawSample(key, key, notes=row.notes, fault=row.fault)
        column = name_column(row.values, self.options)
        name = row.values[column] if column is not None else None
        columns = columns_of(row.values, self.options, row.notes, has_image=False)
        if is_empty(name):
            if column is not None:
                row.notes.append("the row names no image")
            label = str(columns.get("url", key))
        else:
            label = key = str(name)
        return RawSample(key, label, caption_of(row.values, self.options), columns=columns, notes=row.notes)


def open_table(path: Path, options: SourceOptions, *, any_header: bool = False) -> TableFile:
    """Open a table of any format; `any_header` as in `open_csv`. Raises UserError where it cannot be read."""
    suffix = path.suffix.lower()
    try:
        if suffix in csv_table.SUFFIXES:
            return csv_table.open_csv(path, options, any_header=any_header)
        if suffix in jsonl_table.SUFFIXES:
            return jsonl_table.open_jsonl(path)
        return parquet_table.open_parquet(path)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from None


def shards(path: Path, name: str, options: SourceOptions) -> list[Shard] | None:
    """The slices of `path` if it is a table, else None.

    Raises:
        UserError: the table has no rows or no column that is known as caption.
    """
    if path.suffix.lower() not in SUFFIXES:
        return None
    table = open_table(path, options)
    for wanted in (options.name_column, options.caption_column):
        require(table.columns, wanted, str(path))
    if caption_column(table.columns, options) is None:
        raise UserError(
            f"{path} has no column that is known as caption; its columns are {', '.join(table.columns)}.",
            "Name it with --caption-column.",
        )
    slices = table.slices(options.rows_per_shard)
    if not slices:
        raise UserError(f"{path} is empty.", "Give a table with at least one row.")
    return [TableShard(table, part, name, options) for part in slices]
