"""Catalogues whose index has inverted lists: what large ones get, small enough for a test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from indexer.catalogue import Catalogue
from indexer.catalogue.finish import replace_file
from indexer.catalogue.image_index import ImageIndex
from indexer.catalogue.index_choice import IndexChoice
from indexer.catalogue.inverted import write_lists
from indexer.catalogue.layout import INDEX, MANIFEST
from indexer.catalogue.tuning import tune
from indexer.catalogue.vectors import open_index
from tests.catalogues import make_catalogue


def clustered(count: int, dimension: int = 32, clusters: int = 60, seed: int = 0) -> np.ndarray:
    """Unit vectors around random centres, float32 (count, dimension)."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((clusters, dimension))
    drawn = centres[random.integers(clusters, size=count)] + 0.6 * random.standard_normal((count, dimension))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


def near(vectors: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Queries that lie near some of `vectors` but are none of them, float32 (count, dimension) unit rows."""
    random = np.random.default_rng(seed)
    chosen = np.asarray(vectors[random.choice(len(vectors), count, replace=False)], np.float32)
    asked = chosen + 0.5 * random.standard_normal(chosen.shape) / np.sqrt(chosen.shape[1])
    return np.asarray(asked / np.linalg.norm(asked, axis=1, keepdims=True), np.float32)


def make_listed_catalogue(
    folder: Path,
    rows: list[dict[str, Any]],
    vectors: np.ndarray,
    lists: int = 64,
    encoder: dict[str, Any] | None = None,
) -> Catalogue:
    """As `make_catalogue`, with an index of `lists` inverted lists, tuned with queries near its vectors."""
    with make_catalogue(folder, rows, vectors, encoder=encoder) as made:
        manifest, stored = made.manifest, made.vectors
    write_lists(stored, IndexChoice("lists", lists, stored.shape[1] // 2), folder / INDEX, lambda rows: None)
    settings = tune(ImageIndex(open_index(folder / INDEX), stored), stored, [near(stored, 60, seed=1)])
    replace_file(folder / MANIFEST, replace(manifest, search=settings).to_json().encode())
    return Catalogue.open(folder)
