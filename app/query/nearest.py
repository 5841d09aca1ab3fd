"""The search planner: the nearest samples among those that pass, found the cheapest way that finds them.

A query is first held against the centroids of the index's lists. Lists without a sample that passes are left
out, so that a filter costs nothing for what it excludes, whether it has to do with the query or not. The rest
are scanned best first, in rounds (`indexer/catalogue/rounds.py`), and the best codes are scored again by the
vectors themselves. Where few samples pass, each is compared, and nothing is approximate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from app.query.passing import Passing
from indexer.catalogue import Catalogue
from indexer.catalogue.image_index import Ids, ImageIndex, Scores
from indexer.catalogue.rounds import best_of, search_in_rounds

EXACT_ROWS = 20_000
"""Up to this many passing samples are compared one by one (`python -m benchmarks.crossover`)."""

# A ranking is worked out to one of these depths, so that all pages within one come from the same ranking.
_DEPTHS = (250, 1_000, 4_000, 16_000)
_CANDIDATES_PER_PLACE = 4

_BLOCK = 1 << 18

Way = Literal["flat", "compared", "lists"]


@dataclass(frozen=True, slots=True)
class How:
    """How a ranking was found.

    Attributes:
        way: `flat` and `compared` are exact: FAISS compared every vector, or every passing one was compared
            here; `lists` went through inverted lists.
        lists: lists scanned.
        of_lists: lists that hold a passing sample.
        rescored: vectors compared exactly.
    """

    way: Way
    rescored: int
    lists: int = 0
    of_lists: int = 0

    @property
    def exact(self) -> bool:
        """Whether the ranking is certainly the true one."""
        return self.way != "lists"


@dataclass(frozen=True, slots=True)
class Nearest:
    """A ranking: `ids`, int64 (n,), and their cosines, float64 (n,), best first; ties fall to smaller ids."""

    ids: Ids
    scores: Scores
    how: How


def nearest(catalogue: Catalogue, vector: NDArray[np.float32], passing: Passing, places: int) -> Nearest:
    """The first `places` of the ranking of the samples that pass by cosine with `vector`.

    Args:
        catalogue: where the image vectors are.
        vector: float32 (d,), of length 1.
        passing: samples to rank, all with a vector.
        places: how many to rank; fewer come back only when fewer pass.
    """
    index = catalogue.index
    wanted = min(places, passing.count)
    if wanted == 0:
        return Nearest(np.empty(0, np.int64), np.empty(0, np.float64), How("compared", 0))
    if index.is_flat:
        return _flat(index, vector, passing, wanted)
    depth = next((depth for depth in _DEPTHS if depth >= wanted), None)
    if passing.count <= EXACT_ROWS or depth is None:
        return _compared(index, vector, passing, wanted)
    found = _through_lists(catalogue, index, vector, passing, depth)
    if len(found.ids) < wanted:
        # Codes of the lists scanned ran out, which a narrow filter over many lists can do.
        return _compared(index, vector, passing, wanted)
    return Nearest(found.ids[:wanted], found.scores[:wanted], found.how)


def _flat(index: ImageIndex, vector: NDArray[np.float32], passing: Passing, wanted: int) -> Nearest:
    bitmap = None if passing.count == passing.samples else passing.bitmap
    asked = wanted
    while True:
        asked = min(asked + 1, passing.count)
        ids, scores = index.flat(vector, asked, bitmap)
        # The last place may be tied with samples beyond the cut: look further until the tie is whole.
        if asked == passing.count or scores[-1] < scores[wanted - 1]:
            break
        asked *= 2
    ids, scores = best_of(ids, scores, wanted)
    return Nearest(ids, scores, How("flat", passing.samples))


def _compared(index: ImageIndex, vector: NDArray[np.float32], passing: Passing, wanted: int) -> Nearest:
    """Every passing sample, a block at a time, so that memory does not grow with how many pass."""
    ids = passing.ids()
    best_ids, best = np.empty(0, np.int64), np.empty(0, np.float64)
    for start in range(0, len(ids), _BLOCK):
        block = ids[start : start + _BLOCK]
        scores = index.exact(vector, block)
        best_ids, best = best_of(np.append(best_ids, block), np.append(best, scores), wanted)
    return Nearest(best_ids, best, How("compared", len(ids)))


def _through_lists(
    catalogue: Catalogue, index: ImageIndex, vector: NDArray[np.float32], passing: Passing, depth: int
) -> Nearest:
    settings = catalogue.manifest.search
    lists = _lists(catalogue, index, passing)
    found = search_in_rounds(
        index,
        vector,
        depth,
        settings.probes * (depth // _DEPTHS[0]),
        max(settings.candidates, _CANDIDATES_PER_PLACE * depth),
        lists,
        None if passing.count == passing.samples else passing.bitmap,
    )
    of_lists = index.lists if lists is None else len(lists)
    return Nearest(found.ids, found.scores, How("lists", found.rescored, len(found.lists), of_lists))


_held: WeakKeyDictionary[Passing, NDArray[np.int64]] = WeakKeyDictionary()


def _lists(catalogue: Catalogue, index: ImageIndex, passing: Passing) -> NDArray[np.int64] | None:
    """Lists that hold a passing sample; None where so many pass that nearly all do."""
    if 2 * passing.count > catalogue.manifest.vectors:
        return None
    lists = _held.get(passing)
    if lists is None:
        lists = _held[passing] = np.flatnonzero(index.holding(passing.mask()))
    return lists
