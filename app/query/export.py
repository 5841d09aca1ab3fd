"""A view as CSV: the same rows and bytes for the browser and for `rs5m export`.

How a value is written, `app/query/csv_text.py` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.query.answer import Ranking
from app.query.csv_text import Texts, as_text, csv_bytes
from app.query.listing import blocks
from app.query.passing import count, passing
from app.query.query import Query
from app.query.ranking import rank
from app.query.vectors import QueryVectors
from indexer.catalogue import SAMPLE_COLUMNS, Catalogue
from indexer.catalogue.orders import DEFAULT_SORT
from indexer.catalogue.schema import Column

EXPORT_K = 1_000
CSV = "text/csv; charset=utf-8"
COLUMNS: tuple[Column, ...] = tuple(column for column in SAMPLE_COLUMNS if column.exported)
_RANKED = ("rank", "score")
# At 5,070,186 samples 95,000 rows a second are read so many at a time, 45,000 when 2,000.
_ROWS_AT_ONCE = 10_000
_SLUG_CHARS = 60


@dataclass(frozen=True, slots=True)
class Export:
    """A file about to be written.

    Attributes:
        rows: number of rows in it, its header aside.
        filename: names the query and the catalogue.
        chunks: the file, in pieces; read once.
        media_type: what it is, for HTTP.
    """

    rows: int
    filename: str
    chunks: Iterator[bytes]
    media_type: str = CSV


def export(catalogue: Catalogue, query: Query, vectors: QueryVectors | None = None) -> Export:
    """The samples of `query`, all pages of it.

    A list holds every matching sample, by id unless a sort is asked for, or the first `k`. A query that ranks
    holds the best `k` (`EXPORT_K` if not given) with `rank` and `score` in front.

    Raises:
        UserError: as `search`.
    """
    whole = query.after(None)
    filename = f"rs5m-{_slug(query)}-{catalogue.manifest.catalogue_id}.csv"
    if whole.ranks:
        ranking = rank(catalogue, whole, vectors, query.k or EXPORT_K)
        return Export(
            len(ranking.ids), filename, csv_bytes((*_RANKED, *_names()), _ranked(catalogue, ranking))
        )
    matching = count(catalogue, whole.filters)
    number = min(matching, query.k or matching)
    return Export(number, filename, csv_bytes(_names(), _listed(catalogue, whole, number)))


def exported(query: Query, found: int) -> int:
    """Rows that the export of `query` has, when its answer found `found` samples."""
    most = query.k or (EXPORT_K if query.ranks else found)
    return min(found, most)


def _names() -> tuple[str, ...]:
    return tuple(column.name for column in COLUMNS)


def _listed(catalogue: Catalogue, query: Query, number: int) -> Iterator[list[Texts]]:
    order = catalogue.order("id" if query.sort == DEFAULT_SORT else query.sort)
    waiting = np.empty(0, np.int32)
    for block in blocks(order, passing(catalogue, query.filters)):
        waiting = np.append(waiting, block)[:number]
        last = len(waiting) == number
        ready = len(waiting) if last else len(waiting) // _ROWS_AT_ONCE * _ROWS_AT_ONCE
        for ids in _slices(waiting[:ready]):
            yield _texts(catalogue, ids)
        if last:
            return
        waiting, number = waiting[ready:], number - ready


def _ranked(catalogue: Catalogue, ranking: Ranking) -> Iterator[list[Texts]]:
    # Captions found by words but put in the order of a sort have no scores.
    scores: list[str | None] = [*map(str, ranking.scores)] or [None] * len(ranking.ids)
    first = 1
    for ids in _slices(np.array(ranking.ids, np.int64)):
        rows = _texts(catalogue, ids)
        yield [(str(first + n), scores[first - 1 + n], *texts) for n, texts in enumerate(rows)]
        first += len(rows)


def _slices(ids: NDArray[np.integer[Any]]) -> Iterator[NDArray[np.integer[Any]]]:
    return (ids[start : start + _ROWS_AT_ONCE] for start in range(0, len(ids), _ROWS_AT_ONCE))


def _texts(catalogue: Catalogue, ids: NDArray[np.integer[Any]]) -> list[Texts]:
    """Every exported column of `ids` as text, in their order."""
    rows = catalogue.connect().execute(
        f"""
        SELECT {_select()} FROM samples JOIN (
            SELECT unnest(CAST($ids AS BIGINT[])) AS id, unnest(range(len($ids))) AS place
        ) AS asked USING (id) ORDER BY place
        """,  # noqa: S608
        {"ids": ids.tolist()},
    )
    return rows.fetchall()


def _select() -> str:
    return ", ".join(as_text(column, "samples") for column in COLUMNS)


def _slug(query: Query) -> str:
    words = [query.q or "", *(f"{name}-{value}" for name, value in query.filters.to_params())]
    if query.like:
        words.insert(0, "like-" + "-".join(map(str, query.like)))
    if query.image is not None:
        words.insert(0, f"image-{query.image}")
    return slug(words)


def slug(words: Iterable[str]) -> str:
    """`words` as a part of a file's name; `all` for none."""
    text = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    return text[:_SLUG_CHARS].strip("-") or "all"
