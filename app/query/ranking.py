"""The planner: by what a query is answered, and the stretch of the ranking it asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from time import perf_counter

from app.query.answer import Kind, Ranking
from app.query.by_vector import rank_by_vector
from app.query.listing import list_ids
from app.query.query import Mode, Query
from app.query.query_vector import query_vector
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
        return rank_words(catalogue, query, query.q, offset, places)
    captions = [_caption(catalogue, id_) for id_ in query.like]
    start = perf_counter()
    vector = query_vector(catalogue, query, vectors)
    encode_ms = 0.0 if query.like or query.around else (perf_counter() - start) * 1000
    if vector is None:
        words = alike_words(catalogue, captions[0])
        return rank_words(catalogue, query, words, offset, places, query.like[0])
    ranking = rank_by_vector(catalogue, query, vector, offset, places, query.like)
    return replace(ranking, encode_ms=encode_ms)


def _caption(catalogue: Catalogue, id_: int) -> str:
    row = catalogue.connect().execute("SELECT caption FROM samples WHERE id = ?", [id_]).fetchone()
    if row is None:
        raise no_sample(catalogue, id_)
    return str(row[0] or "")


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,12}", cursor):
        raise UserError(f"cursor={cursor[:40]!r} does not belong to this search.", "Start at the first page.")
    return int(cursor)
