"""How like a query the samples at each place of a map are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.query.vectors import Vector
from indexer.catalogue import Catalogue

DRAWN = 8_000
# Knuth's multiplier (The Art of Computer Programming, 6.4): spreads ids over 32 bits without a pattern.
_SPREAD = np.uint32(2654435761)


def cosines(catalogue: Catalogue, vector: Vector, ids: NDArray[np.integer]) -> NDArray[np.float32]:
    """Cosine of `vector`, (d,), with the vectors of `ids`, float32 (ids,); NaN for those without one."""
    found = np.asarray(catalogue.vectors[ids], np.float32)
    scores: NDArray[np.float32] = found @ vector
    scores[~found.any(axis=1)] = np.nan
    return scores


def mean_cosines(
    catalogue: Catalogue,
    vector: Vector,
    ids: NDArray[np.int32],
    cells: NDArray[np.int32],
    counts: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Mean cosine of `vector` with the samples of each cell, or with some of those of a full one.

    Args:
        catalogue: holds the vectors.
        vector: float32 (d,), of length 1.
        ids: samples, int32 (n,).
        cells: the cell of each, int32 (n,).
        counts: samples of each cell, int64 (cells,).

    Returns:
        float64 (cells,), NaN for a cell without vectors. At most about `DRAWN` vectors are read, as many of
        each full cell, chosen by their ids: the same ones every time.
    """
    filled = max(1, int((counts > 0).sum()))
    share = np.minimum(1.0, max(1, DRAWN // filled) / np.maximum(counts, 1))
    chosen = (ids.astype(np.uint32) * _SPREAD) <= share[cells] * (2**32 - 1)
    # No cell goes without.
    missing = (counts > 0) & (np.bincount(cells[chosen], minlength=len(counts)) == 0)
    if missing.any():
        one = np.zeros(len(counts), np.int64)
        one[cells] = np.arange(len(cells))
        chosen[one[missing]] = True
    scores = cosines(catalogue, vector, ids[chosen])
    known = ~np.isnan(scores)
    among = cells[chosen][known]
    with np.errstate(invalid="ignore"):
        return np.bincount(among, scores[known], len(counts)) / np.bincount(among, minlength=len(counts))
