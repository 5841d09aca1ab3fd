"""What a vector search ought to find, and how much of it a search did find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.query.passing import Passing

Floats = NDArray[np.float32]

_BLOCK = 1 << 14
# Scores of one row differ in the last digits with the order in which BLAS adds up.
_EQUAL = 1e-5


@dataclass
class Group:
    """Queries that search the same samples.

    Attributes:
        queries: float32 (q, d), of length 1.
        passing: the samples searched.
        best: exact scores of the true best places, float32 (q, k), best first; -inf beyond the last one.
    """

    queries: Floats
    passing: Passing
    best: Floats = field(default_factory=lambda: np.empty((0, 0), np.float32))

    def recall(
        self, vectors: NDArray[np.float16], found: Sequence[NDArray[np.int64]], k: int
    ) -> NDArray[np.float64]:
        """Share of each query's true best `k` that `found` has among its first `k`, float64 (q,).

        What is found counts by its exact score, so that of equally good samples any will do; the same sample
        counts once, and one that does not pass not at all.
        """
        wanted = min(k, self.passing.count)
        shares = np.ones(len(self.queries))
        for place, (query, ids) in enumerate(zip(self.queries, found, strict=True)):
            if wanted == 0:
                continue
            rows = np.unique(ids[:k])
            rows = rows[rows >= 0]
            rows = rows[self.passing.contains(rows)]
            scores = np.asarray(vectors[rows], np.float32) @ query
            shares[place] = min(wanted, int((scores >= self.best[place, wanted - 1] - _EQUAL).sum())) / wanted
        return shares


def find_truth(vectors: NDArray[np.float16], groups: Sequence[Group], k: int) -> None:
    """Fill in `best` of every group in one pass over `vectors` (n, d), a block in memory at a time."""
    for group in groups:
        group.best = np.full((len(group.queries), k), -np.inf, np.float32)
    passing = [np.unpackbits(group.passing.bitmap, bitorder="little").view(np.bool_) for group in groups]
    for first in range(0, len(vectors), _BLOCK):
        block = np.asarray(vectors[first : first + _BLOCK], dtype=np.float32)
        for group, bits in zip(groups, passing, strict=True):
            within = bits[first : first + len(block)]
            if within.any():
                _merge(group.best, group.queries @ (block if within.all() else block[within]).T)


def _merge(best: Floats, scores: Floats) -> None:
    """Take what of `scores` (q, m) is better than the worst of `best` (q, k) into `best`."""
    better = scores > best[:, -1:]
    k = best.shape[1]
    for place in np.flatnonzero(better.any(axis=1)):
        candidates = np.concatenate([best[place], scores[place, better[place]]])
        top = np.partition(candidates, len(candidates) - k)[-k:]
        best[place] = np.sort(top)[::-1]
