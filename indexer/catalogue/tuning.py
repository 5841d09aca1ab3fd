"""Choosing how hard an index is searched, by measuring recall against exact search of the same vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from indexer.catalogue.blocks import let_go, read_blocks
from indexer.catalogue.image_index import Ids, ImageIndex
from indexer.catalogue.layout import INDEX, VECTORS
from indexer.catalogue.rounds import search_in_rounds
from indexer.catalogue.search_settings import TARGET_10, TARGET_100, CurvePoint, SearchSettings
from indexer.catalogue.tuning_queries import TextEncoder, draw_queries
from indexer.catalogue.vectors import open_index

DEPTH = 100
_CANDIDATES = (500, 1_000, 2_000)
_FEWEST_PROBES = 1

Queries = NDArray[np.float32]


def tune_index(
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    encoder: TextEncoder,
    reached: Callable[[int], None] = lambda rows: None,
    target_10: float = TARGET_10,
    target_100: float = TARGET_100,
) -> SearchSettings:
    """Tune the index of the catalogue in `folder` and `connection`, its database, with its own queries."""
    vectors = np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False)
    index = ImageIndex(open_index(folder / INDEX), vectors)
    if index.is_flat:
        return SearchSettings()
    queries = draw_queries(connection, vectors, encoder)
    return tune(index, vectors, queries, target_10, target_100, reached)


def tune(
    index: ImageIndex,
    vectors: np.memmap,
    queries: Sequence[Queries],
    target_10: float = TARGET_10,
    target_100: float = TARGET_100,
    reached: Callable[[int], None] = lambda rows: None,
) -> SearchSettings:
    """Measure settings, from few lists to many, and choose the cheapest that reaches both targets.

    If none does, the one with the best recall is chosen; its curve says so.

    Args:
        index: of inverted lists, or flat, which needs no settings.
        vectors: float16 (samples, d), what the index was made of.
        queries: kinds of queries, each float32 (n, d) of unit rows; a setting's recall is that of the kind it
            serves worst.
        target_10: recall to reach among the first ten.
        target_100: recall to reach among the first hundred.
        reached: told how many vectors the exact search has compared.
    """
    if index.is_flat:
        return SearchSettings()
    truth = exact_nearest(vectors, np.concatenate(queries), DEPTH, reached)
    kinds = np.repeat(np.arange(len(queries)), [len(kind) for kind in queries])
    asked = np.concatenate(queries)
    curve: list[CurvePoint] = []
    for probes in _doublings(_FEWEST_PROBES, index.lists):
        points = [_measured(index, vectors, asked, kinds, truth, probes, number) for number in _CANDIDATES]
        curve += points
        if any(point.reaches(target_10, target_100) for point in points):
            break
    reaching = [point for point in curve if point.reaches(target_10, target_100)]
    total = int(index.sizes.sum())
    chosen = (
        min(reaching, key=lambda point: point.cost(total))
        if reaching
        else max(curve, key=lambda point: (point.recall_10, point.recall_100))
    )
    return SearchSettings(chosen.probes, chosen.candidates, target_10, target_100, len(asked), tuple(curve))


def exact_nearest(
    vectors: np.memmap, queries: Queries, depth: int, reached: Callable[[int], None] = lambda rows: None
) -> Ids:
    """The true nearest rows of each query, int64 (n, depth), best first.

    Args:
        vectors: float16 (samples, d); rows of zeros, which are no vectors, are left out.
        queries: float32 (n, d).
        depth: at most the number of vectors.
        reached: told how many rows have been compared.
    """
    best = np.full((len(queries), depth), -np.inf, np.float32)
    ids = np.full((len(queries), depth), -1, np.int64)
    for start, half in read_blocks(vectors):
        block = half.astype(np.float32)
        scores = queries @ block.T
        scores[:, ~block.any(axis=1)] = -np.inf
        numbers = np.broadcast_to(np.arange(start, start + len(block)), scores.shape)
        scores, numbers = np.append(best, scores, axis=1), np.append(ids, numbers, axis=1)
        largest = np.argpartition(-scores, depth - 1, axis=1)[:, :depth]
        best = np.take_along_axis(scores, largest, axis=1)
        ids = np.take_along_axis(numbers, largest, axis=1)
        reached(start + len(block))
    order = np.argsort(-best, axis=1, kind="stable")
    return np.take_along_axis(ids, order, axis=1)


def _doublings(first: int, last: int) -> Iterator[int]:
    while first < last:
        yield first
        first *= 2
    yield last


def _measured(
    index: ImageIndex,
    vectors: np.memmap,
    queries: Queries,
    kinds: NDArray[np.int64],
    truth: Ids,
    probes: int,
    candidates: int,
) -> CurvePoint:
    recalls = np.zeros((len(queries), 2))
    scanned = rescored = 0
    for number, query in enumerate(queries):
        found = search_in_rounds(index, query, DEPTH, probes, candidates)
        true = truth[number][truth[number] >= 0]
        for place, depth in enumerate((10, DEPTH)):
            recalls[number, place] = np.isin(true[:depth], found.ids[:depth]).mean()
        scanned += int(index.sizes[found.lists].sum())
        rescored += found.rescored
        # Each row that was looked at has mapped 64 kB around it: gigabytes over a few queries.
        let_go(vectors)
    worst = np.min([recalls[kinds == kind].mean(axis=0) for kind in np.unique(kinds)], axis=0)
    return CurvePoint(
        probes=int(probes),
        candidates=candidates,
        scanned=round(scanned / len(queries) / int(index.sizes.sum()), 6),
        rescored=round(rescored / len(queries), 1),
        recall_10=round(float(worst[0]), 4),
        recall_100=round(float(worst[1]), 4),
    )
