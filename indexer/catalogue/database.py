"""The DuckDB file of a catalogue: made once, then only read."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from indexer.catalogue.cube import FACET_COUNT_COLUMNS
from indexer.catalogue.schema import (
    FAULT_COLUMNS,
    FILE_COLUMNS,
    LEDGER_COLUMNS,
    SAMPLE_COLUMNS,
    SHARD_COLUMNS,
    Column,
)
from indexer.errors import UserError

STAGE_COUNT_COLUMNS: tuple[Column, ...] = (
    Column("source", pa.string(), "as in `samples`"),
    Column("subset", pa.string(), "as in `samples`"),
    Column("stage", pa.string(), "`kept`, or the stage that removed the samples"),
    Column("reason", pa.string(), "as in `ledger`"),
    Column("count", pa.int64(), "number of samples"),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "samples": SAMPLE_COLUMNS,
    "ledger": LEDGER_COLUMNS,
    "faults": FAULT_COLUMNS,
    "files": FILE_COLUMNS,
    "shards": SHARD_COLUMNS,
    "stage_counts": STAGE_COUNT_COLUMNS,
    "facet_counts": FACET_COUNT_COLUMNS,
}

_DUCKDB_TYPES = {
    pa.int8(): "TINYINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.uint64(): "UBIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("s"): "TIMESTAMP_S",
    pa.list_(pa.string()): "VARCHAR[]",
}


# What it keeps of the tables it has read; more is read again from the file, which the system caches.
# 50 rows by id of 5,070,186 took 11 ms with all 700 MB held, 15 within 512 MB, 29 within 300 MB.
_SERVING_MEMORY = "600MB"


def duckdb_type(column: Column) -> str:
    """DuckDB's name for the type of `column`."""
    return _DUCKDB_TYPES[column.type]


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables of a catalogue."""
    for table, columns in TABLES.items():
        body = ", ".join(f'"{column.name}" {duckdb_type(column)}' for column in columns)
        connection.execute(f"CREATE TABLE {table} ({body})")


def fill_stage_counts(connection: duckdb.DuckDBPyConnection) -> None:
    """Count `samples` and `ledger` into `stage_counts`."""
    connection.execute(
        """
        INSERT INTO stage_counts
        SELECT source, subset, samples.stage, reason, count(*)
        FROM samples JOIN ledger USING (id)
        GROUP BY ALL ORDER BY ALL
        """
    )


def index_ids(connection: duckdb.DuckDBPyConnection) -> None:
    """Index the ids of the full table `samples`, so that a few rows are read by themselves.

    Without it a row costs a look at the 2,048 rows around it: 50 of 5,070,186 rows took 56 ms, with it 11.
    """
    connection.execute("CREATE UNIQUE INDEX samples_id ON samples (id)")


def open_locked(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a finished database for reading: no file but itself, no setting changed afterwards.

    Raises:
        UserError: it is missing, damaged, or open for writing elsewhere.
    """
    try:
        return duckdb.connect(
            path,
            read_only=True,
            config={
                "memory_limit": _SERVING_MEMORY,
                "enable_external_access": "false",
                "autoload_known_extensions": "false",
                "autoinstall_known_extensions": "false",
                "lock_configuration": "true",
            },
        )
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        raise UserError(
            f"{path} cannot be opened: {first_line}", "Build the catalogue again with --overwrite."
        ) from None
