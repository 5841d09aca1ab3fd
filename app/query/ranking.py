"""The planner: by what a query is answered, and the stretch of the ranking it asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from app.errors import UnavailableError
from app.query.answer import Kind, Ranking
from app.query.listing import list_ids
from app.query.nearest import nearest
from app.query.passing import count, passing_vectors
from app.query.query import Mode, Query
from app.query.samples import no_sample
from app.query.vectors import QueryVectors
from app.query.words import alike_words, rank_words
from indexer.catalogue import Catalogue
from indexer.errors import UserError


def mode_of(catalogue: Catalogue, query: Query) -> Mode:
    """The mode a text is searched in: the URL's, else by meaning where the catalogue has image vectors."""
    return query.mode or ("image" if catalogue.manifest.vectors else "caption")


def kind_of(catalogue: Catalogue, query: Query) -> Kind:
    """How `query` is answered."""
    if query.q:
        return "meaning" if mode_of(catalogue, query) == "image" else "words"
    return "likeness" if query.ranks else "list"


def rank(catalogue: Catalogue, query: Query, vectors: QueryVectors | None, places: int) -> Ranking:
    """The `places` results after the query's cursor.

    Only a text or an uploaded image needs `vectors`; a sample's own vector is in the catalogue.

    Raises:
        UserError: the cursor is of another kind of answer, there is no such sample or query image, or the
            catalogue's encoder cannot be used.
    """
    if not query.ranks:
        return list_ids(catalogue, query, places)
    offset = _offset(query.cursor)
    if query.q and mode_of(catalogue, query) == "caption":
        return _by_words(catalogue, query, query.q, offset, places)
    if query.like is not None:
        return _like(catalogue, query, query.like, offset, places)
    if not catalogue.manifest.vectors:
        raise UnavailableError(
            "this catalogue has no image vectors.", "Search its captions with mode=caption."
        )
    if vectors is None:
        raise UnavailableError(
            "there is no encoder to read this query.", "Search captions with mode=caption."
        )
    start = perf_counter()
    vector = vectors.of_image(query.image) if query.image else vectors.of_text(query.q)
    encode_ms = (perf_counter() - start) * 1000
    return _by_vector(catalogue, query, vector, offset, places, encode_ms=encode_ms)


def _by_vector(
    catalogue: Catalogue,
    query: Query,
    vector: NDArray[np.float32],
    offset: int,
    places: int,
    *,
    without: int | None = None,
    encode_ms: float = 0.0,
) -> Ranking:
    ids, matching = passing_vectors(catalogue, query.filters).ids(), count(catalogue, query.filters)
    ids = ids[ids != without] if without is not None else ids
    found, scores = nearest(catalogue, vector, ids, offset + places)
    ranking = _stretch(found, scores, len(ids), matching, offset, places)
    return replace(ranking, encode_ms=encode_ms)


def _by_words(
    catalogue: Catalogue, query: Query, words: str, offset: int, places: int, without: int | None = None
) -> Ranking:
    return rank_words(catalogue, query, words, offset, places, without)


def _like(catalogue: Catalogue, query: Query, id_: int, offset: int, places: int) -> Ranking:
    row = (
        catalogue.connect().execute("SELECT has_vector, caption FROM samples WHERE id = ?", [id_]).fetchone()
    )
    if row is None:
        raise no_sample(catalogue, id_)
    has_vector, caption = row
    if has_vector:
        vector = np.asarray(catalogue.vectors[id_], dtype=np.float32)
        return _by_vector(catalogue, query, vector, offset, places, without=id_)
    return _by_words(catalogue, query, alike_words(catalogue, caption or ""), offset, places, without=id_)


def _stretch(
    ids: NDArray[np.int64],
    scores: NDArray[np.float64],
    found: int,
    matching: int,
    offset: int,
    places: int,
) -> Ranking:
    end = offset + places
    return Ranking(
        ids=ids[offset:end].tolist(),
        scores=np.round(scores[offset:end], 6).tolist(),
        offset=offset,
        found=found,
        matching=matching,
        next_cursor=str(end) if end < found else None,
    )


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,12}", cursor):
        raise UserError(f"cursor={cursor[:40]!r} does not belong to this search.", "Start at the first page.")
    return int(cursor)
