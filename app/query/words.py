"""Captions found by their words, inside the filters."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from app.query.passing import passing_ids
from app.query.query import DEFAULT_SORT, SORTS, Query
from indexer.catalogue import Catalogue

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
    ids = passing_ids(catalogue, query.filters.where())
    passing = np.zeros(catalogue.manifest.samples, dtype=np.bool_)
    passing[ids] = True
    within = passing[found]
    found, scores = found[within], scores[within].astype(np.float64)
    order = np.lexsort((found, -scores)) if query.sort == DEFAULT_SORT else _sorted(catalogue, query, found)
    return found[order], scores[order], len(ids)


def alike_words(caption: str) -> str:
    """A caption query for captions with some of the same words, those with more and rarer ones first."""
    words = dict.fromkeys(word.lower() for word in re.findall(r"[^\W\d_]{4,}", caption))
    return " OR ".join(list(words)[:_ALIKE_WORDS])


def _sorted(catalogue: Catalogue, query: Query, ids: NDArray[np.int64]) -> NDArray[np.intp]:
    """Positions that put `ids` in the order of the query's sort."""
    ordered = (
        catalogue.connect()
        .execute(
            f"""
            SELECT id, {SORTS[query.sort]} AS place FROM samples
            WHERE id IN (SELECT unnest(CAST(? AS BIGINT[]))) ORDER BY place, id
            """,  # noqa: S608
            [ids.tolist()],
        )
        .fetchnumpy()["id"]
    )
    by_id = np.argsort(ids)
    return by_id[np.searchsorted(ids, ordered, sorter=by_id)]
