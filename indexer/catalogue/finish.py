"""The last step of making a catalogue: indexes over what is there, hashes, and the manifest."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from indexer import __version__
from indexer.catalogue.caption_writer import PLACES, write_captions
from indexer.catalogue.cube import write_facet_cells
from indexer.catalogue.hashes import hash_file, hash_tables
from indexer.catalogue.layout import CAPTIONS, INDEX, MANIFEST, VECTORS
from indexer.catalogue.manifest import Manifest, SourceCount
from indexer.catalogue.orders import open_order, write_orders
from indexer.catalogue.search_settings import SearchSettings
from indexer.catalogue.vectors import write_index

WRITTEN_BY = f"rs5m-explorer {__version__}"


def write_indexes(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write into `folder`, which has vectors and tables, all that a search needs besides."""
    write_orders(folder, connection)
    write_facet_cells(folder, connection)
    write_caption_index(folder, folder, connection)
    write_vector_index(folder, folder)


def write_caption_index(
    folder: Path,
    into: Path,
    connection: duckdb.DuckDBPyConnection,
    reached: Callable[[int], None] = lambda done: None,
) -> None:
    """Write the caption index of the catalogue in `folder`, which has its orders, into the folder `into`.

    `reached` is told now and then how many samples have been looked at.
    """
    samples = connection.execute("SELECT count(*) FROM samples").fetchall()[0][0]
    orders = {name: open_order(folder, name, samples) for name in PLACES}
    write_captions(into / CAPTIONS, connection, orders, reached)


def write_vector_index(folder: Path, into: Path, reached: Callable[[int], None] = lambda done: None) -> None:
    """Write the FAISS index of the catalogue in `folder`, which has its vectors, into the folder `into`."""
    write_index(np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False), into / INDEX, reached)


def hash_contents(folder: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """SHA-256 of what `folder` holds, by file and by table."""
    return {name: hash_file(folder / name) for name in (VECTORS, INDEX)} | hash_tables(connection)


def write_manifest(
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    encoder: dict[str, Any],
    hashes: dict[str, str],
    inputs: tuple[str, ...] = (),
    options: dict[str, Any] | None = None,
    stages: tuple[str, ...] = (),
    settings: dict[str, dict[str, Any]] | None = None,
    reports: dict[str, dict[str, Any]] | None = None,
    joins: tuple[dict[str, Any], ...] = (),
    job: str = "",
    search: SearchSettings | None = None,
) -> Manifest:
    """Write the manifest of what `folder` holds, which makes it a catalogue.

    Args:
        folder: with everything else in it.
        connection: its database.
        encoder: what `Encoder.describe()` gave.
        hashes: as `hash_contents` gives them.
        inputs: this and what follows are as `Manifest` describes them.
        options: ...
        stages: ...
        settings: ...
        reports: ...
        joins: ...
        job: ...
        search: ...; those of a flat index by default.
    """
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
        settings=settings or {},
        reports=reports or {},
        joins=joins,
        hashes=hashes,
        job=job,
        written_by=WRITTEN_BY,
        search=search or SearchSettings(),
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
