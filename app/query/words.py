"""Captions found by their words, inside the filters."""

from __future__ import annotations

import re

from app.query.answer import Ranking
from app.query.filters import Filters
from app.query.passing import count
from app.query.query import Query
from indexer.catalogue import Catalogue
from indexer.catalogue.caption_conditions import Box, Within
from indexer.catalogue.orders import DEFAULT_SORT

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
    hits = catalogue.captions.search(
        words,
        places,
        offset=offset,
        within=_within(query.filters),
        sort=None if query.sort == DEFAULT_SORT else query.sort,
        without=without,
    )
    end = offset + places
    return Ranking(
        ids=hits.ids,
        scores=[round(score, 6) for score in hits.scores],
        offset=offset,
        found=hits.found,
        matching=count(catalogue, query.filters),
        next_cursor=str(end) if end < hits.found else None,
    )


def count_words(catalogue: Catalogue, filters: Filters, words: str) -> int:
    """Number of samples that pass `filters` and whose captions match `words`."""
    return catalogue.captions.search(words, 0, within=_within(filters)).found


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
    return Within(
        facets={facet.name: values for facet, values in filters.required()},
        box=Box(*filters.bbox) if filters.bbox else None,
    )
