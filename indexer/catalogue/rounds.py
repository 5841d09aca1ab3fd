"""Searching inverted lists in rounds, each as large as all before it, until one brings nothing that matters.

How many lists hold a query's neighbours differs from query to query: a text that fits one scene needs few,
one that fits nothing well needs many, and under a filter that has to do with the query it may be any number.
A fixed number wastes work on the first and loses results of the others; rounds look as far as each needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue.image_index import Bitmap, Ids, ImageIndex, Scores, Vector

# A round ends the search when it brings nothing new among the first ten results and at most this share among
# the first hundred.
_FIRST, _HEAD, _NEW_IN_HEAD = 10, 100, 0.1


@dataclass(frozen=True, slots=True)
class Rounds:
    """What was found, and what it took.

    Attributes:
        ids: best first, int64 (n,); ties fall to the smaller id.
        scores: their cosines, float64 (n,).
        lists: numbers of the lists scanned, int64 (p,).
        rescored: vectors compared exactly.
    """

    ids: Ids
    scores: Scores
    lists: NDArray[np.int64]
    rescored: int


def search_in_rounds(
    index: ImageIndex,
    query: Vector,
    depth: int,
    probes: int,
    candidates: int,
    lists: NDArray[np.int64] | None = None,
    bitmap: Bitmap | None = None,
) -> Rounds:
    """The best `depth` samples, as far as the lists scanned hold them.

    Args:
        index: of inverted lists.
        query: float32 (d,), of length 1.
        depth: samples to find; fewer come back only if all `lists` hold fewer.
        probes: lists of the first round.
        candidates: codes of each round that are scored again exactly.
        lists: numbers of the lists to look into, int64; None for all.
        bitmap: which samples pass, one bit each as FAISS reads them; None for all.
    """
    scores = index.list_scores(query)
    if lists is None:
        lists = np.arange(index.lists)
    ranked = lists[np.argsort(-scores[lists], kind="stable")]
    ids, best = np.empty(0, np.int64), np.empty(0, np.float64)
    scanned = rescored = 0
    while scanned < len(ranked):
        part = ranked[scanned : scanned + (scanned or probes)]
        found = index.candidates(query, part, scores[part], candidates, bitmap)
        before = ids
        ids, best = best_of(np.append(ids, found), np.append(best, index.exact(query, found)), depth)
        scanned += len(part)
        rescored += len(found)
        if len(before) == depth and _settled(before, ids):
            break
    return Rounds(ids, best, ranked[:scanned], rescored)


def best_of(ids: Ids, scores: Scores, places: int) -> tuple[Ids, Scores]:
    """The best `places`, best first; ties fall to the smaller id."""
    if len(ids) > 4 * places:
        # Only what is no worse than the last place can be in the ranking; ties with it stay in.
        least = np.partition(scores, len(scores) - places)[len(scores) - places]
        high = scores >= least
        ids, scores = ids[high], scores[high]
    order = np.lexsort((ids, -scores))[:places]
    return ids[order], scores[order]


def _settled(before: Ids, now: Ids) -> bool:
    first, head = now[:_FIRST], now[:_HEAD]
    return bool(
        np.isin(first, before[:_FIRST]).all()
        and np.count_nonzero(~np.isin(head, before[:_HEAD])) <= _NEW_IN_HEAD * len(head)
    )
