"""Captions found by their words, inside the filters."""

from __future__ import annotations

import re

import numpy as np

from app.query.answer import Ranking
from app.query.filters import Filters
from app.query.passing import count, passing
from app.query.query import Query
from indexer.catalogue import Catalogue
from indexer.catalogue.caption_conditions import Box, Within
from indexer.catalogue.captions import MAX_PLACES, CaptionHits
from indexer.catalogue.orders import DEFAULT_SORT
from indexer.errors import UserError

_ALIKE_WORDS = 24
# Captions looked at for likeness: at 5 million, what "image" would add are a million more, alike in nothing.
_ALIKE_CAPTIONS = 200_000


def rank_words(
    catalogue: Catalogue, query: Query, words: str, offset: int, places: int, without: int | None = None
) -> Ranking:
    """The `places` samples after the first `offset` ones that pass and whose captions match `words`.

    They come in the order of the query's sort, with BM25 scores where that is relevance; ties fall to the
    smaller id. The sample `without` is left out.

    Raises:
        UserError: the places are deeper in the ranking than `MAX_PLACES`.
    """
    hits = _hits(catalogue, query, words, offset, places, without)
    end = offset + places
    return Ranking(
        ids=hits.ids,
        scores=[round(score, 6) for score in hits.scores],
        offset=offset,
        found=hits.found,
        matching=count(catalogue, query.filters),
        next_cursor=str(end) if end < hits.found else None,
    )


def _hits(
    catalogue: Catalogue, query: Query, words: str, offset: int, places: int, without: int | None
) -> CaptionHits:
    filters = query.filters
    sort = None if query.sort == DEFAULT_SORT else query.sort
    within = _within(filters)
    if _indexed(filters):
        return catalogue.captions.search(
            words, places, offset=offset, within=within, sort=sort, without=without
        )
    hits = catalogue.captions.search(words, MAX_PLACES, within=within, sort=sort, without=without)
    if hits.found > MAX_PLACES:
        raise UserError(
            f"{hits.found:,} captions hold these words; a polygon, circle, zone or tier is looked for "
            f"among {MAX_PLACES:,} at most.",
            "Add words or filters.",
        )
    held = np.flatnonzero(passing(catalogue, filters).contains(np.array(hits.ids, np.int64)))
    chosen = held[offset : offset + places].tolist()
    scores = [hits.scores[place] for place in chosen] if hits.scores else []
    return CaptionHits([hits.ids[place] for place in chosen], scores, len(held))


def _indexed(filters: Filters) -> bool:
    """Whether the caption index knows all that the filters ask for."""
    return not (filters.polygon or filters.near or filters.zone or filters.tier)


def count_words(catalogue: Catalogue, filters: Filters, words: str) -> int:
    """Number of samples that pass `filters` and whose captions match `words`."""
    return _hits(catalogue, Query(filters=filters), words, 0, 0, None).found


def alike_words(catalogue: Catalogue, caption: str) -> str:
    """A caption query for captions that share some of the rarer words of `caption`, the rarest first."""
    words = dict.fromkeys(word.lower() for word in re.findall(r"[^\W\d_]{4,}", caption))
    chosen: list[str] = []
    captions = 0
    for frequency, word in sorted((catalogue.captions.frequency(word), word) for word in words):
        captions += frequency
        if len(chosen) == _ALIKE_WORDS or (chosen and captions > _ALIKE_CAPTIONS):
            break
        chosen.append(word)
    return " OR ".join(chosen)


def _within(filters: Filters) -> Within:
    """The facets and, if points alone are asked for, a box: fewer hits are then looked at one by one."""
    areas = () if "place" in filters.tier else filters.areas
    return Within(
        facets={facet.name: values for facet, values in filters.required()},
        box=Box(*areas[0].bounds) if areas else None,
    )
