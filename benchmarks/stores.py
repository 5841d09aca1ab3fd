"""The rows of a catalogue in plain SQLite and in plain Parquet, to ask both what the app is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from indexer.catalogue import SAMPLE_COLUMNS, Catalogue
from indexer.catalogue.facets import FACETS
from indexer.catalogue.orders import DEFAULT_SORT

PLACE = f"{DEFAULT_SORT}_place"
_BATCH = 20_000
# SQLite has no type for these; as text they are still there to be read.
_AS_TEXT = {"taken_at", "phash", "entities"}


class Store(Protocol):
    """Something that answers the SQL of a benchmark.

    Attributes:
        name: how tables call it.
        path: where its rows lie.
    """

    name: str
    path: Path

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query over `samples` and `ledger`."""
        ...

    def ids(self, sql: str, params: Sequence[object] = ()) -> NDArray[np.int64]:
        """The one integer column of a query, int64 (n,)."""
        ...


class SQLite:
    """`samples` and `ledger` in one SQLite file, an index on every facet, on the sorts and on the places."""

    name = "SQLite"

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.path = folder / "samples.sqlite"
        if not self.path.exists():
            aside = self.path.with_suffix(".tmp")
            aside.unlink(missing_ok=True)
            _write_sqlite(catalogue, aside)
            aside.rename(self.path)
        self._connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        self._connection.execute("PRAGMA mmap_size = 17179869184")

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._connection.execute(sql, tuple(params)).fetchall()

    def ids(self, sql: str, params: Sequence[object] = ()) -> NDArray[np.int64]:
        """The one integer column of a query, int64 (n,)."""
        found = self._connection.execute(sql, tuple(params))
        return np.fromiter((row[0] for row in found), np.int64)


class Parquet:
    """`samples` and `ledger` as Parquet files as pyarrow writes them, read by DuckDB."""

    name = "DuckDB over Parquet"

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.path = folder / "parquet"
        if not self.path.exists():
            aside = folder / "parquet.tmp"
            aside.mkdir(exist_ok=True)
            write_parquet(_batches(catalogue), aside / "samples.parquet")
            write_parquet(arrow_batches(catalogue, "SELECT id, reason FROM ledger"), aside / "ledger.parquet")
            aside.rename(self.path)
        self._connection = duckdb.connect()
        for table in ("samples", "ledger"):
            file = self.path / f"{table}.parquet"
            self._connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{file}')")  # noqa: S608

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._connection.execute(sql, list(params)).fetchall()

    def ids(self, sql: str, params: Sequence[object] = ()) -> NDArray[np.int64]:
        """The one integer column of a query, int64 (n,)."""
        (column,) = self._connection.execute(sql, list(params)).fetchnumpy().values()
        return np.asarray(column, np.int64)


def arrow_batches(catalogue: Catalogue, sql: str) -> Iterator[pa.RecordBatch]:
    """The rows of a query, a bounded number at a time."""
    connection = catalogue.connect()
    reader = connection.sql(sql).to_arrow_reader(_BATCH)
    assert reader is not None
    yield from reader


def _batches(catalogue: Catalogue, *, as_text: bool = False) -> Iterator[pa.RecordBatch]:
    """Rows of `samples` with their places in the gallery, a bounded number at a time."""
    order = np.asarray(catalogue.order(DEFAULT_SORT))
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    columns = ", ".join(
        f'CAST("{column.name}" AS VARCHAR) AS "{column.name}"'
        if as_text and column.name in _AS_TEXT
        else f'"{column.name}"'
        for column in SAMPLE_COLUMNS
    )
    for batch in arrow_batches(catalogue, f"SELECT {columns} FROM samples"):  # noqa: S608
        yield batch.append_column(PLACE, pa.array(places[batch.column("id").to_numpy()]))


def write_parquet(batches: Iterator[pa.RecordBatch], path: Path) -> None:
    """Write the rows as one Parquet file, with pyarrow's own choices."""
    first = next(iter(batches))
    with pq.ParquetWriter(path, first.schema) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)


def _write_sqlite(catalogue: Catalogue, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    names = [*(column.name for column in SAMPLE_COLUMNS), PLACE]
    body = ", ".join('"id" INTEGER PRIMARY KEY' if name == "id" else f'"{name}"' for name in names)
    connection.execute(f"CREATE TABLE samples ({body})")
    insert = f"INSERT INTO samples VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    for batch in _batches(catalogue, as_text=True):
        columns = (column.to_pylist() for column in batch.columns)
        connection.executemany(insert, zip(*columns, strict=True))
    connection.execute("CREATE TABLE ledger (id INTEGER PRIMARY KEY, reason)")
    reasons = catalogue.connect().execute("SELECT id, reason FROM ledger")
    while rows := reasons.fetchmany(_BATCH):
        connection.executemany("INSERT INTO ledger VALUES (?, ?)", rows)
    # The stage is in every query, so each index begins where a lookup ends: (facet, stage) finds and counts.
    for facet in FACETS:
        connection.execute(f"CREATE INDEX by_{facet.name} ON samples ({facet.sql}, stage)")
    connection.execute(f"CREATE INDEX by_place ON samples (stage, {PLACE})")
    connection.execute("CREATE INDEX by_time ON samples (stage, taken_at DESC, id)")
    connection.execute("CREATE INDEX by_latitude ON samples (latitude, longitude)")
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
