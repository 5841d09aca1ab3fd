"""Captions found by their words, inside the filters."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from app.query.passing import passing
from app.query.query import Query
from indexer.catalogue import Catalogue
from indexer.catalogue.orders import DEFAULT_SORT

_ALIKE_WORDS = 24


def matching_words(
    catalogue: Catalogue, query: Query, words: str
) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """Samples that pass the filters of `query` and whose caption matches `words`, in the query's order.

    Returns:
        ids int64 (n,), BM25 scores float64 (n,), and how many samples pass the filters alone. Best first;
        ties fall to the smaller id.
    """
    found, scores = catalogue.captions.matches(words)
    filtered = passing(catalogue, query.filters)
    within = filtered.contains(found)
    found, scores = found[within], scores[within].astype(np.float64)
    order = np.lexsort((found, -scores)) if query.sort == DEFAULT_SORT else _sorted(catalogue, query, found)
    return found[order], scores[order], filtered.count


def alike_words(caption: str) -> str:
    """A caption query for captions with some of the same words, those with more and rarer ones first."""
    words = dict.fromkeys(word.lower() for word in re.findall(r"[^\W\d_]{4,}", caption))
    return " OR ".join(list(words)[:_ALIKE_WORDS])


def _sorted(catalogue: Catalogue, query: Query, ids: NDArray[np.int64]) -> NDArray[np.intp]:
    """Positions that put `ids` in the order of the query's sort."""
    order = catalogue.order(query.sort)
    places = np.empty(len(order), np.int32)
    places[order] = np.arange(len(order), dtype=np.int32)
    return np.argsort(places[ids])
