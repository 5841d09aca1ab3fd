"""The planner: by what a query is answered, and the stretch of the ranking it asks for."""

from __future__ import annotations

import re
from dataclasses import replace
from time import perf_counter

import numpy as np

from app.errors import UnavailableError
from app.query.answer import Kind, Ranking
from app.query.by_vector import rank_by_vector
from app.query.filters import Filters
from app.query.geo import BBox
from app.query.listing import list_ids
from app.query.passing import passing_vectors
from app.query.query import Mode, Query
from app.query.samples import no_sample
from app.query.vectors import QueryVectors
from app.query.words import alike_words, rank_words
from indexer.catalogue import Catalogue
from indexer.errors import UserError

AROUND = 10_000


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
    if query.like:
        return _like(catalogue, query, query.like, offset, places)
    if not catalogue.manifest.vectors:
        raise UnavailableError(
            "this catalogue has no image vectors.", "Search its captions with mode=caption."
        )
    if query.around:
        return _around(catalogue, query, query.around, offset, places)
    if vectors is None:
        raise UnavailableError(
            "there is no encoder to read this query.", "Search captions with mode=caption."
        )
    start = perf_counter()
    vector = vectors.of_image(query.image) if query.image else vectors.of_text(query.q)
    encode_ms = (perf_counter() - start) * 1000
    ranking = rank_by_vector(catalogue, query, vector, offset, places)
    return replace(ranking, encode_ms=encode_ms)


def _like(catalogue: Catalogue, query: Query, ids: tuple[int, ...], offset: int, places: int) -> Ranking:
    """Rank by the mean of the vectors of `ids`; by the words of a caption where a lone one has no vector."""
    captions = [_caption(catalogue, id_) for id_ in ids]
    mean = np.asarray(catalogue.vectors[list(ids)], dtype=np.float32).sum(axis=0)
    length = float(np.linalg.norm(mean))
    if length == 0:
        if len(ids) > 1:
            raise UserError("none of these samples has an image vector.", "Give one of them alone.")
        return rank_words(catalogue, query, alike_words(catalogue, captions[0]), offset, places, ids[0])
    return rank_by_vector(catalogue, query, mean / np.float32(length), offset, places, ids)


def _around(catalogue: Catalogue, query: Query, box: BBox, offset: int, places: int) -> Ranking:
    """Rank by the mean of the vectors of what lies in `box`, of at most `AROUND` samples, evenly drawn."""
    there = passing_vectors(catalogue, Filters(stage=query.filters.stage, bbox=box)).ids()
    if not len(there):
        raise UserError("no sample with an image vector lies in that box.", "Give a larger one.")
    drawn = there[np.linspace(0, len(there) - 1, min(len(there), AROUND)).astype(np.int64)]
    mean = np.asarray(catalogue.vectors[drawn], dtype=np.float32).mean(axis=0)
    length = float(np.linalg.norm(mean))
    if length == 0:
        raise UserError("the samples in that box are like nothing together.", "Give a smaller one.")
    return rank_by_vector(catalogue, query, mean / np.float32(length), offset, places)


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
