"""Making an index of inverted lists: centroids from a sample, then every vector into its list as a code.

The codes are 4-bit product quantisation of what is left of a vector once its list's centroid is taken away,
laid out for FAISS's fast scan (André et al., "Quicker ADC", 2019). The choice was measured on CLIP-like
vectors with text queries (`python -m benchmarks.codes`): at 1,000 vectors scored again exactly these codes
lose nothing to full-precision lists, while one-bit codes (RaBitQ) need three times as many, and the same
quantisation without centroids taken away needs more too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue.blocks import read_blocks
from indexer.catalogue.index_choice import IndexChoice

# k-means gains little beyond 30 points a centroid, and 8 rounds (measured by recall at equal probes).
_POINTS_PER_LIST = 32
_ROUNDS = 8
_SEED = 0
_NEIGHBOURS = 32
_BUILD_BREADTH = 80
_ASSIGN_BREADTH = 24

Reached = Callable[[int], None]


def write_lists(vectors: NDArray[np.float16], choice: IndexChoice, path: Path, reached: Reached) -> None:
    """Write a FAISS index of the rows of `vectors`, float16 (n, d), that are not all zeros; ids are rows.

    Args:
        vectors: of length 1 each, or zeros; read in order, a block at a time.
        choice: of kind `lists`.
        path: the new file.
        reached: told how many rows have been added.
    """
    import faiss

    sample = draw_sample(vectors, choice.lists * _POINTS_PER_LIST)
    centroids = train_centroids(sample, choice.lists)
    dimension = vectors.shape[1]
    # A graph over the centroids finds a vector's list in a tenth of the time that comparing with all takes.
    # Built by one thread, as the order of insertion decides it.
    graph = faiss.IndexHNSWFlat(dimension, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = _BUILD_BREADTH
    graph.hnsw.efSearch = _ASSIGN_BREADTH
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    graph.add(centroids)
    faiss.omp_set_num_threads(threads)

    index = faiss.IndexIVFPQFastScan(
        graph, dimension, len(centroids), choice.subquantizers, 4, faiss.METRIC_INNER_PRODUCT
    )
    index.by_residual = True
    index.quantizer_trains_alone = 2  # type: ignore[assignment]
    index.train(sample)
    del sample
    for start, block in read_blocks(vectors):
        present = np.flatnonzero(block.any(axis=1))
        index.add_with_ids(block[present].astype(np.float32), present + start)
        reached(start + len(block))

    # Searching ranks all lists anyway, to leave out those without a sample that passes: a graph is no help.
    flat = faiss.IndexFlatIP(dimension)
    flat.add(centroids)
    index.quantizer = flat
    index.own_fields = False
    faiss.write_index(index, str(path))


def draw_sample(vectors: NDArray[np.float16], size: int) -> NDArray[np.float32]:
    """Draw up to `size` rows that are not zeros, float32, in order."""
    chosen = np.random.default_rng(_SEED).choice(len(vectors), min(size, len(vectors)), replace=False)
    chosen.sort()
    drawn = np.empty((len(chosen), vectors.shape[1]), np.float32)
    for start, block in read_blocks(vectors):
        first, last = np.searchsorted(chosen, (start, start + len(block)))
        drawn[first:last] = block[chosen[first:last] - start]
    present = drawn.any(axis=1)
    return drawn if present.all() else drawn[present]


def train_centroids(sample: NDArray[np.float32], lists: int) -> NDArray[np.float32]:
    """Centroids of unit length, float32 (lists, d), in two levels: k-means of sqrt(lists), then in each.

    One level would compare each sample with all lists in each round, sqrt(lists) times the work.
    """
    lists = min(lists, len(sample))
    groups = _kmeans(sample, max(1, round(lists**0.5)))
    group = _nearest(sample, groups)
    sizes = np.bincount(group, minlength=len(groups))
    shares = _shares(sizes, lists)
    parts = [_kmeans(sample[group == number], share) for number, share in enumerate(shares) if share]
    return np.concatenate(parts)


def _shares(sizes: NDArray[np.int64], lists: int) -> NDArray[np.int64]:
    """Share `lists` among groups by their sizes, no group more than it has members; the sum is `lists`."""
    exact = sizes / sizes.sum() * lists
    shares = np.asarray(np.minimum(np.floor(exact), sizes), np.int64)
    while (missing := lists - int(shares.sum())) > 0:
        room = np.flatnonzero(shares < sizes)
        most = room[np.argsort(shares[room] - exact[room], kind="stable")][:missing]
        shares[most] += 1
    return shares


def _kmeans(points: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    import faiss

    if count >= len(points):
        return points
    dimension = points.shape[1]
    clustering = faiss.Clustering(dimension, int(count))
    clustering.niter = _ROUNDS
    clustering.spherical = True
    clustering.seed = _SEED
    clustering.min_points_per_centroid = 1
    clustering.max_points_per_centroid = len(points)
    clustering.train(points, faiss.IndexFlatIP(dimension))
    found = np.asarray(faiss.vector_to_array(clustering.centroids), np.float32)
    return found.reshape(-1, dimension)


def _nearest(points: NDArray[np.float32], centroids: NDArray[np.float32]) -> NDArray[np.int64]:
    import faiss

    index = faiss.IndexFlatIP(points.shape[1])
    index.add(centroids)
    _, found = index.search(points, 1)
    numbers: NDArray[np.int64] = np.asarray(found, np.int64).reshape(-1)
    return numbers
