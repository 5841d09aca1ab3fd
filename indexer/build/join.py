"""Columns of metadata files looked up for every sample by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from indexer.build.columns import SUPPLIED, clean_text, sort_columns, to_json
from indexer.build.sql import quoted
from indexer.joins import Join

_BATCH = 20_000
_SCHEMA = pa.schema(
    [("id", pa.int64()), *SUPPLIED.items(), ("extra", pa.string()), ("notes", pa.list_(pa.string()))]
)


def write_joined(
    connection: duckdb.DuckDBPyConnection,
    joins: Sequence[Join],
    path: Path,
    reached: Callable[[int], None],
) -> list[str]:
    """Look every sample of the view `read` up in `joins` and make a view `joined` of what they say.

    Args:
        connection: has the view, and gets the other.
        joins: a later one's value goes over an earlier one's.
        path: file for what is found.
        reached: told how many samples are looked up.

    Returns:
        The names of the columns `joined` has besides `id` and `notes`; none if `joins` is empty.
    """
    if not joins:
        return []
    names = connection.execute("SELECT id, name FROM read ORDER BY id")
    done = 0
    with pq.ParquetWriter(path, _SCHEMA, compression="zstd") as writer:
        while batch := names.fetchmany(_BATCH):
            rows = [row for number, name in batch if (row := _joined(number, name, joins)) is not None]
            writer.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA))
            reached(done := done + len(batch))
    # Its row groups are in the order of the ids, so that a stretch of ids reads few of them.
    connection.execute(f"CREATE TEMP VIEW joined AS FROM read_parquet({quoted(str(path))})")
    return [name for name in _SCHEMA.names if name not in ("id", "notes")]


def _joined(number: int, name: str, joins: Sequence[Join]) -> dict[str, Any] | None:
    """A later file's value goes over an earlier one's."""
    given: dict[str, object] = {}
    left_out: list[str] = []
    for join in joins:
        columns, problems = join.said(name) or ({}, [])
        given |= columns
        left_out += [
            clean_text(f"{join.path.name}: {problem}; left out") for problem in dict.fromkeys(problems)
        ]
    if not given and not left_out:
        return None
    fitting, rest, remarks = sort_columns(given)
    return {**fitting, "id": number, "extra": to_json(rest), "notes": left_out + remarks}
