"""Cells of the sphere, so that only samples of the same cell have to be compared.

Each sample stands in the two cells whose centres are nearest. Near-duplicates have nearly the same two, and
would have to lie between three cells at once to share none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FLAT = 20_000
"""Up to so many samples are one cell: all are compared with all."""

IN_A_CELL = 512
"""Samples to a cell, on average: larger cells take longer to compare, smaller ones have more centres. Up to a
million samples, 512 took half the time of 1,024 (`python -m benchmarks.near`)."""

_TRAINED_ON = 40
_ROUNDS = 6
_SEED = 20_230_611
_BLOCK = 1 << 16
CELLS_OF_A_SAMPLE = 2


class Cells(NamedTuple):
    """Which samples stand in which cell.

    Attributes:
        members: places in the list of samples, cell after cell, int64 (m,).
        starts: where each cell begins in `members`, int64 (cells + 1,).
    """

    members: NDArray[np.int64]
    starts: NDArray[np.int64]

    @property
    def number(self) -> int:
        """How many cells there are."""
        return len(self.starts) - 1

    def of(self, cell: int) -> NDArray[np.int64]:
        """Places of the samples that stand in `cell`."""
        return self.members[self.starts[cell] : self.starts[cell + 1]]


def make_cells(
    vectors: NDArray[np.float16], ids: NDArray[np.int64], reached: Callable[[int], None] = lambda done: None
) -> Cells:
    """Sort the samples `ids`, int64 (n,), of `vectors`, float16 (samples, d), into cells.

    Args:
        vectors: rows of length 1.
        ids: samples.
        reached: told how many are sorted.
    """
    if len(ids) <= FLAT:
        return Cells(np.arange(len(ids)), np.array([0, len(ids)]))
    centres = _centres(vectors, ids, len(ids) // IN_A_CELL)
    nearest = _nearest(vectors, ids, centres, reached)
    order = np.argsort(nearest.ravel(), kind="stable")
    starts = np.searchsorted(nearest.ravel()[order], np.arange(len(centres) + 1))
    return Cells(order // CELLS_OF_A_SAMPLE, starts)


def _centres(vectors: NDArray[np.float16], ids: NDArray[np.int64], number: int) -> NDArray[np.float32]:
    """Spherical k-means over a sample, float32 (number, d)."""
    import faiss

    rng = np.random.default_rng(_SEED)
    taken = np.sort(rng.choice(ids, min(len(ids), _TRAINED_ON * number), replace=False))
    kmeans = faiss.Kmeans(
        vectors.shape[1],
        number,
        niter=_ROUNDS,
        spherical=True,
        seed=_SEED % (1 << 31),
        max_points_per_centroid=_TRAINED_ON,
        min_points_per_centroid=1,
    )
    kmeans.train(vectors[taken].astype(np.float32))
    return np.asarray(kmeans.centroids, np.float32)


def _nearest(
    vectors: NDArray[np.float16],
    ids: NDArray[np.int64],
    centres: NDArray[np.float32],
    reached: Callable[[int], None],
) -> NDArray[np.int64]:
    """The nearest cells of each sample, int64 (n, `CELLS_OF_A_SAMPLE`)."""
    import faiss

    found = np.empty((len(ids), CELLS_OF_A_SAMPLE), np.int64)
    for start in range(0, len(ids), _BLOCK):
        block = vectors[ids[start : start + _BLOCK]].astype(np.float32)
        _, cells = faiss.knn(block, centres, CELLS_OF_A_SAMPLE, metric=faiss.METRIC_INNER_PRODUCT)
        found[start : start + len(block)] = cells
        reached(start + len(block))
    return found
