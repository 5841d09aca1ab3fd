"""Rankings by cosine: a stretch of one, down to a least score, with near-duplicates gathered or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.query.answer import Ranking
from app.query.groups import gather
from app.query.nearest import Nearest, nearest
from app.query.passing import count, passing_vectors
from app.query.query import Query
from indexer.catalogue import Catalogue
from indexer.catalogue.image_index import Ids, Scores

# Groups are formed over the fewest best samples that fill the page, and over no more than the last number.
_GATHERED = (250, 1_000, 4_000)


@dataclass(frozen=True, slots=True)
class _Head:
    """The best of a ranking: as `Nearest`, and whether the ranking ends with them."""

    ids: Ids
    scores: Scores
    nearest: Nearest
    ends: bool


def rank_by_vector(
    catalogue: Catalogue,
    query: Query,
    vector: NDArray[np.float32],
    offset: int,
    places: int,
    without: tuple[int, ...] = (),
) -> Ranking:
    """The `places` samples after the first `offset` ones of those most like `vector`.

    Args:
        catalogue: what is searched.
        query: its filters, `min_score` and `group` apply.
        vector: float32 (d,), of length 1.
        offset: places before the stretch; a group is one place.
        places: length of the stretch.
        without: samples left out.
    """
    end = offset + places
    if query.group:
        head, alike = _gathered(catalogue, query, vector, end, without)
    else:
        head, alike = _head(catalogue, query, vector, end + 1, without), []
    found = len(head.ids)
    cut = query.min_score is not None or query.group
    if not (cut or head.ends):
        passing = passing_vectors(catalogue, query.filters)
        found = passing.count - int(passing.contains(np.array(without, np.int64)).sum())
    return Ranking(
        ids=head.ids[offset:end].tolist(),
        scores=head.scores[offset:end].tolist(),
        offset=offset,
        found=found,
        matching=count(catalogue, query.filters),
        next_cursor=str(end) if len(head.ids) > end else None,
        how=head.nearest.how,
        alike=alike[offset:end],
        at_least=cut and not head.ends,
    )


def _head(
    catalogue: Catalogue, query: Query, vector: NDArray[np.float32], places: int, without: tuple[int, ...]
) -> _Head:
    passing = passing_vectors(catalogue, query.filters)
    found = nearest(catalogue, vector, passing, places + len(without))
    wanted = ~np.isin(found.ids, without)
    if query.min_score is not None:
        wanted &= found.scores >= query.min_score
    ended = len(found.ids) == passing.count or bool(
        query.min_score is not None and found.scores[-1] < query.min_score
    )
    ids, scores = found.ids[wanted], found.scores[wanted]
    return _Head(ids[:places], scores[:places], found, ended and len(ids) <= places)


def _gathered(
    catalogue: Catalogue, query: Query, vector: NDArray[np.float32], end: int, without: tuple[int, ...]
) -> tuple[_Head, list[tuple[int, ...]]]:
    """As many leaders of groups as there are, more than `end` if possible, and what is alike each."""
    for depth in _GATHERED:
        head = _head(catalogue, query, vector, depth, without)
        leaders, alike = gather(np.asarray(catalogue.vectors[head.ids], np.float32))
        if head.ends or len(leaders) > end:
            break
    members = [tuple(head.ids[places].tolist()) for places in alike]
    return _Head(head.ids[leaders], head.scores[leaders], head.nearest, head.ends), members
