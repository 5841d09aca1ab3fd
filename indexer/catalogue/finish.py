"""The last step of making a catalogue: indexes over what is there, hashes, and the manifest."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from indexer import __version__
from indexer.catalogue.captions import write_captions
from indexer.catalogue.database import content_hash
from indexer.catalogue.layout import CAPTIONS, INDEX, MANIFEST, VECTORS
from indexer.catalogue.manifest import Manifest, SourceCount
from indexer.catalogue.orders import write_orders
from indexer.catalogue.vectors import write_index

WRITTEN_BY = f"rs5m-explorer {__version__}"


def write_indexes(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the FAISS index over `image_vectors.npy`, and orders and caption index over `samples`."""
    write_index(np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False), folder / INDEX)
    write_orders(folder, connection)
    write_captions(folder / CAPTIONS, _captions(connection))


def write_manifest(
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    encoder: dict[str, Any],
    inputs: tuple[str, ...] = (),
    options: dict[str, Any] | None = None,
    stages: tuple[str, ...] = (),
    joins: tuple[dict[str, Any], ...] = (),
    job: str = "",
) -> Manifest:
    """Hash what `folder` holds and write its manifest, which makes it a catalogue."""
    samples, kept, vectors = connection.execute(
        "SELECT count(*), count(*) FILTER (stage = 'kept'), count(*) FILTER (has_vector) FROM samples"
    ).fetchall()[0]
    sources = connection.execute(
        """
        SELECT source, subset, count(*) AS samples, count(*) FILTER (stage = 'kept')
        FROM samples GROUP BY ALL ORDER BY samples DESC, source, subset
        """
    ).fetchall()
    manifest = Manifest(
        encoder=encoder,
        samples=samples,
        kept=kept,
        vectors=vectors,
        sources=tuple(SourceCount(*row) for row in sources),
        inputs=inputs,
        options=options or {},
        stages=stages,
        joins=joins,
        hashes={
            VECTORS: _file_hash(folder / VECTORS),
            INDEX: _file_hash(folder / INDEX),
            "samples": content_hash(connection, "samples", "id"),
            "ledger": content_hash(connection, "ledger", "id"),
            "shards": content_hash(connection, "shards", "shard"),
        },
        job=job,
        written_by=WRITTEN_BY,
    ).identified()
    replace_file(folder / MANIFEST, manifest.to_json().encode())
    return manifest


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` so that `path` is, whatever happens, either the old file or the whole new one."""
    aside = path.with_name(path.name + ".tmp")
    with aside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)


def _captions(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, str]]:
    rows = connection.execute("SELECT id, caption FROM samples WHERE caption <> '' ORDER BY id")
    while batch := rows.fetchmany(10_000):
        yield from batch


def _file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
