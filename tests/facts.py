"""Facts for stages, from rows written out by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from indexer.near import NearPairs, NearQuery, find_near_pairs
from indexer.stages import Facts, Stage

SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("key", pa.string()),
        ("source", pa.string()),
        ("subset", pa.string()),
        ("caption", pa.string()),
        ("url", pa.string()),
        ("sha256", pa.string()),
        ("has_vector", pa.bool_()),
        ("fault_stage", pa.string()),
        ("fault", pa.string()),
        ("fault_detail", pa.string()),
    ]
)


def make_facts(
    rows: list[dict[str, Any]],
    vectors: np.ndarray | None = None,
    scores: dict[str, list[float]] | None = None,
    near: Callable[[NearQuery], NearPairs] | None = None,
    notes: dict[str, str] | None = None,
) -> Facts:
    """Facts of `rows` by column; absent columns are null, `key` is `k` and the number, `subset` PUB11.

    `vectors`, (n, d), are scaled to length 1; where they are given, rows without `has_vector` have one.
    """
    filled = [
        {
            "id": number,
            "key": f"k{number}",
            "subset": "PUB11",
            "source": "SBU",
            "has_vector": vectors is not None or scores is not None,
            **row,
        }
        for number, row in enumerate(rows)
    ]
    connection = duckdb.connect()
    content = pa.Table.from_pylist(filled, schema=SCHEMA)
    connection.register("content", content)
    connection.execute("CREATE TABLE facts AS FROM content; CREATE VIEW remaining AS FROM facts")
    if vectors is None:
        vectors = np.zeros((len(rows), 4))
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = (vectors / np.where(length == 0, 1, length)).astype(np.float16)

    def search(query: NearQuery) -> NearPairs:
        with tempfile.TemporaryDirectory() as folder:
            return find_near_pairs(unit, query, Path(folder))

    return Facts(
        connection=connection,
        samples=len(rows),
        scores={name: np.array(values, np.float32) for name, values in (scores or {}).items()},
        vectors=unit,
        near=near or search,
        notes=notes or {},
    )


def judged(stage: Stage, facts: Facts) -> dict[int, dict[str, Any]]:
    """What `stage` says about the samples of `facts`, by id."""
    found = stage.judge(facts).judged
    table = found if isinstance(found, pa.Table) else found.to_arrow_table()
    return {row["id"]: row for row in table.to_pylist()}
