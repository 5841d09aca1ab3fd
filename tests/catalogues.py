"""Small real catalogues for tests, from rows written out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from indexer.catalogue import Catalogue
from indexer.catalogue.cube import write_facet_counts
from indexer.catalogue.database import create_tables, fill_stage_counts, index_ids
from indexer.catalogue.finish import hash_contents, write_indexes, write_manifest
from indexer.catalogue.layout import DATABASE, VECTORS
from indexer.catalogue.schema import (
    FILE_COLUMNS,
    KEPT,
    LEDGER_COLUMNS,
    SAMPLE_COLUMNS,
    SHARD_COLUMNS,
    Column,
    arrow_schema,
)
from indexer.catalogue.scores import write_scores


def make_catalogue(
    folder: Path,
    rows: list[dict[str, Any]],
    vectors: np.ndarray | None = None,
    *,
    ledger: list[dict[str, Any]] = (),  # type: ignore[assignment]
    files: list[dict[str, Any]] = (),  # type: ignore[assignment]
    scores: dict[str, np.ndarray] = {},  # noqa: B006 - read only
    settings: dict[str, dict[str, Any]] | None = None,
    reports: dict[str, dict[str, Any]] | None = None,
    encoder: dict[str, Any] | None = None,
) -> Catalogue:
    """Write a catalogue of `rows` (sample columns; absent ones are null or a plain default) and open it.

    `vectors` is float (n, d), normalised here; without it no sample has a vector. `ledger` rows replace the
    default entry of their id. `scores` is by name, (n,) each, NaN where a sample has none; they are also the
    rows' columns. `settings` and `reports` stand in the manifest.
    """
    folder.mkdir(parents=True)
    write_scores(folder, scores)
    for name, values in scores.items():
        rows = [
            {f"{name}_score": None if np.isnan(value) else float(value), **row}
            for row, value in zip(rows, values, strict=True)
        ]
    samples = [_sample(number, row, has_vector=vectors is not None) for number, row in enumerate(rows)]
    entries = {row["id"]: {"id": row["id"], "stage": row["stage"], "reason": row["stage"]} for row in samples}
    for entry in ledger:
        entries[entry["id"]] |= entry
    kept = sum(row["stage"] == KEPT for row in samples)
    shards = [{"shard": 0, "name": "rows", "kind": "table", "samples": len(rows), "kept": kept}]

    if vectors is None:
        vectors = np.zeros((len(rows), 4))
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.save(folder / VECTORS, (vectors / np.where(length == 0, 1, length)).astype(np.float16))
    with duckdb.connect(folder / DATABASE) as connection:
        create_tables(connection)
        _insert(connection, "samples", SAMPLE_COLUMNS, samples)
        _insert(connection, "ledger", LEDGER_COLUMNS, list(entries.values()))
        _insert(connection, "files", FILE_COLUMNS, list(files))
        _insert(connection, "shards", SHARD_COLUMNS, shards)
        fill_stage_counts(connection)
        write_facet_counts(connection)
        index_ids(connection)
        write_indexes(folder, connection)
        write_manifest(
            folder,
            connection,
            encoder=encoder or {"name": "test", "weights_sha256": "0" * 64, "dimension": vectors.shape[1]},
            hashes=hash_contents(folder, connection),
            stages=tuple(settings or ()),
            settings=settings,
            reports=reports,
        )
    return Catalogue.open(folder)


def _sample(number: int, row: dict[str, Any], *, has_vector: bool) -> dict[str, Any]:
    caption = row.get("caption")
    defaults = {
        "id": number,
        "key": f"{number:05d}",
        "name": f"{number:05d}.jpg",
        "source": "unknown",
        "subset": "unknown",
        "caption_origin": "unknown",
        "caption_chars": len(caption or ""),
        "geo_tier": "none" if row.get("latitude") is None else "point",
        "stage": KEPT,
        "has_vector": has_vector,
        "shard": 0,
    }
    return {**defaults, **row}


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[Column, ...], rows: list[dict[str, Any]]
) -> None:
    content = pa.Table.from_pylist(rows, schema=arrow_schema(columns))
    connection.register("content", content)
    connection.execute(f"INSERT INTO {table} SELECT * FROM content")  # noqa: S608 - own table names
    connection.unregister("content")
