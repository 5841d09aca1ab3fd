"""SHA-256 of what a catalogue holds: of files, and of the rows of a table however DuckDB lays them out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_BLOCK = 1 << 16
_TABLES = {"samples": "id", "ledger": "id", "shards": "shard"}


def hash_file(path: Path) -> str:
    """SHA-256 of the bytes of `path`."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """`hash_table` of the tables that every other one follows from."""
    return {table: hash_table(connection, table, key) for table, key in _TABLES.items()}


def hash_table(connection: duckdb.DuckDBPyConnection, table: str, key: str) -> str:
    """SHA-256 of names, types and rows of `table`, in the order of its integer column `key`.

    Equal rows give equal hashes, whatever DuckDB's version, threads and layout on disk. A block of rows is in
    memory at a time.
    """
    whole = hashlib.sha256()
    last = connection.execute(f"SELECT max({key}) FROM {table}").fetchall()[0][0]  # noqa: S608 - own names
    for first in range(0, (-1 if last is None else last) + 1, _BLOCK):
        rows = connection.sql(
            f"FROM {table} WHERE {key} BETWEEN {first} AND {first + _BLOCK - 1}"
        ).to_arrow_table()
        if first == 0:
            whole.update(repr([(field.name, str(field.type)) for field in rows.schema]).encode())
        # Catalogues are written in order, and sorting what is sorted costs as much as reading it.
        if np.any(np.diff(rows[key].to_numpy()) < 0):
            rows = rows.sort_by(key)
        for column in rows.columns:
            _add(whole, column.combine_chunks())
    return whole.hexdigest()


def _add(hasher: Any, values: pa.Array) -> None:
    """Add which values are there, then the values; what memory holds in place of a null is left out."""
    hasher.update(np.packbits(values.is_valid().to_numpy(zero_copy_only=False)).tobytes())
    kind = values.type
    if pa.types.is_list(kind):
        hasher.update(_numbers(pc.list_value_length(values)))
        _add(hasher, values.flatten())
    elif pa.types.is_string(kind):
        hasher.update(_numbers(pc.binary_length(values)))
        _, ends, text = (given := values.drop_null()).buffers()
        if text is not None:  # there is a character
            place = np.frombuffer(ends, np.int32)[given.offset : given.offset + len(given) + 1]
            hasher.update(memoryview(text)[place[0] : place[-1]])
    else:
        hasher.update(_numbers(values))


def _numbers(values: pa.Array) -> bytes:
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.int64())
    filled = values.fill_null(False if pa.types.is_boolean(values.type) else 0)
    # Little-endian, as nearly every machine is.
    array: np.ndarray = filled.to_numpy(zero_copy_only=False)
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
