"""The ledger, whole or any cell of it, as CSV or Parquet: the same bytes for browser and terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Literal

import duckdb
import pyarrow.parquet as pq

from app.licence import LICENCE_NOTE
from app.query.cells import Cell
from app.query.csv_text import as_text, csv_bytes
from app.query.entries import number_of, samples_of
from app.query.export import CSV, Export, slug
from indexer.catalogue import LEDGER_COLUMNS, SAMPLE_COLUMNS, Catalogue
from indexer.catalogue.schema import Column, arrow_schema

Form = Literal["csv", "parquet"]
PARQUET = "application/vnd.apache.parquet"
# One read, and one row group of a Parquet file.
_ROWS_AT_ONCE = 20_000

_LEDGER = {column.name: column for column in LEDGER_COLUMNS}
_SAMPLE = {column.name: column for column in SAMPLE_COLUMNS}
# Column, and the table it stands in.
_FIELDS: tuple[tuple[Column, str], ...] = (
    (_LEDGER["id"], "ledger"),
    *((_SAMPLE[name], "samples") for name in ("key", "source", "subset")),
    *((column, "ledger") for column in LEDGER_COLUMNS if column.name != "id"),
    *((_SAMPLE[name], "samples") for name in ("url", "caption")),
)
COLUMNS: tuple[Column, ...] = tuple(column for column, _ in _FIELDS)


def export_ledger(catalogue: Catalogue, cell: Cell, form: Form = "csv") -> Export:
    """The entries of `cell` in the order of ids; Parquet keeps texts as they are, CSV guards formulas."""
    filename = f"rs5m-ledger-{slug('-'.join(pair) for pair in cell.to_params())}"
    filename = f"{filename}-{catalogue.manifest.catalogue_id}.{form}"
    number = number_of(catalogue, cell)
    if form == "csv":
        chunks = csv_bytes([column.name for column in COLUMNS], _texts(catalogue, cell))
        return Export(number, filename, chunks, CSV)
    return Export(number, filename, _parquet(catalogue, cell), PARQUET)


def _texts(catalogue: Catalogue, cell: Cell) -> Iterator[list[tuple[str | None, ...]]]:
    select = ", ".join(as_text(column, table) for column, table in _FIELDS)
    for batch in _batches(catalogue, cell, select):
        yield batch.fetchall()


def _parquet(catalogue: Catalogue, cell: Cell) -> Iterator[bytes]:
    facts = {"catalogue_id": catalogue.manifest.catalogue_id, "licence": LICENCE_NOTE}
    schema = arrow_schema(COLUMNS).with_metadata(facts)
    select = ", ".join(f'{table}."{column.name}"' for column, table in _FIELDS)
    pieces = _Pieces()
    with pq.ParquetWriter(pieces, schema, compression="zstd") as writer:
        for batch in _batches(catalogue, cell, select):
            writer.write_table(batch.to_arrow_table().cast(schema))
            yield pieces.taken()
    yield pieces.taken()


def _batches(catalogue: Catalogue, cell: Cell, select: str) -> Iterator[duckdb.DuckDBPyRelation]:
    """The rows of `cell` as results of DuckDB, `_ROWS_AT_ONCE` each."""
    ids, where = samples_of(catalogue, cell).ids(), cell.where()
    cursor = catalogue.connect()
    # Where samples lie is no condition in SQL.
    there = "AND ledger.id IN (SELECT unnest(CAST(? AS BIGINT[])))" if cell.place.to_params() else ""
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        some = ids[start : start + _ROWS_AT_ONCE]
        first, last = int(some[0]), int(some[-1])
        # Both tables are in order of ids: a stretch of them is read and the rest passed over.
        yield cursor.sql(
            f"""
            SELECT {select} FROM ledger JOIN samples ON samples.id = ledger.id
            WHERE ledger.id BETWEEN ? AND ? AND samples.id BETWEEN ? AND ? AND ({where.sql}) {there}
            ORDER BY ledger.id
            """,  # noqa: S608 - own columns; values are parameters
            params=[first, last, first, last, *where.params, *([some.tolist()] if there else [])],
        )


class _Pieces(io.RawIOBase):
    """A file that is written and given away piece by piece, and so never held whole."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._given = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def tell(self) -> int:
        return self._given + len(self._held)

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self._held)
        self._given += len(piece)
        self._held.clear()
        return piece
