"""Exact nearest neighbours by cosine among the samples that pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.query.passing import Passing
from indexer.catalogue import Catalogue

# Cosines are rounded before ranking: FAISS adds up in another order for a lone row than for a batch, and
# exact duplicates must rank by id on every page.
_DECIMALS = 6


def nearest(
    catalogue: Catalogue, vector: NDArray[np.float32], ids: NDArray[np.int64], places: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The first `places` of the ranking of `ids` by cosine with `vector`; ties fall to the smaller id.

    Args:
        catalogue: where the image vectors are.
        vector: float32 (d,), of length 1.
        ids: samples that have a vector, int64 (m,), ascending.
        places: how many to rank; fewer come back only when `ids` has fewer.

    Returns:
        ids int64 (n,) and cosines float64 (n,), best first.
    """
    wanted = min(places, len(ids))
    if wanted == 0:
        return np.empty(0, np.int64), np.empty(0, np.float64)
    asked = wanted
    while True:
        asked = min(asked + 1, len(ids))
        found, scores = _search(catalogue, vector, ids, asked)
        # The last place may be tied with samples beyond the cut: look further until the tie is whole.
        if asked == len(ids) or scores[-1] < scores[wanted - 1]:
            break
        asked *= 2
    order = np.lexsort((found, -scores))[:wanted]
    return found[order], scores[order]


def _search(
    catalogue: Catalogue, vector: NDArray[np.float32], ids: NDArray[np.int64], places: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    import faiss

    # OpenMP keeps this setting per thread, and one query gains nothing from more threads.
    faiss.omp_set_num_threads(1)
    samples = catalogue.manifest.samples
    within = None
    if len(ids) < samples:
        selected = faiss.IDSelectorBitmap(Passing.of_ids(samples, ids).bitmap)  # type: ignore[call-arg, arg-type]
        within = faiss.SearchParameters(sel=selected)  # type: ignore[call-arg]
    query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
    scores, found = catalogue.index.search(query, places, params=within)
    return found[0], np.round(scores[0].astype(np.float64), _DECIMALS)
