"""A view as a file: the same rows and bytes for the browser and for `rs5m export`.

How a value is written, `app/query/csv_text.py` and `app/query/geojson.py` say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.query.answer import Ranking
from app.query.batches import Batch
from app.query.geojson import geojson
from app.query.listing import blocks
from app.query.passing import count, passing
from app.query.query import Query
from app.query.ranking import rank
from app.query.sample_csv import sample_csv
from app.query.vectors import QueryVectors
from indexer.catalogue import Catalogue
from indexer.catalogue.orders import DEFAULT_SORT

Form = Literal["csv", "geojson"]
EXPORT_K = 1_000
CSV = "text/csv; charset=utf-8"
_FORMS: dict[Form, tuple[Callable[[Catalogue, Iterator[Batch], bool], Iterator[bytes]], str]] = {
    "csv": (sample_csv, CSV),
    "geojson": (geojson, "application/geo+json"),
}
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


def export(
    catalogue: Catalogue, query: Query, vectors: QueryVectors | None = None, form: Form = "csv"
) -> Export:
    """The samples of `query`, all pages of it.

    A list holds every matching sample, by id unless a sort is asked for, or the first `k`. A query that ranks
    holds the best `k` (`EXPORT_K` if not given) with `rank` and `score`. GeoJSON is of samples with a point.

    Raises:
        UserError: as `search`.
    """
    whole = query.after(None)
    if form == "geojson":
        whole = whole.with_(coordinates="yes")
    if whole.ranks:
        ranking = rank(catalogue, whole, vectors, query.k or EXPORT_K)
        number, batches = len(ranking.ids), _ranked(ranking)
    else:
        matching = count(catalogue, whole.filters)
        number = min(matching, query.k or matching)
        batches = _listed(catalogue, whole, number)
    write, media_type = _FORMS[form]
    filename = f"rs5m-{_slug(query)}-{catalogue.manifest.catalogue_id}.{form}"
    return Export(number, filename, write(catalogue, batches, whole.ranks), media_type)


def exported(query: Query, found: int) -> int:
    """Rows that the export of `query` has, when its answer found `found` samples."""
    most = query.k or (EXPORT_K if query.ranks else found)
    return min(found, most)


def _listed(catalogue: Catalogue, query: Query, number: int) -> Iterator[Batch]:
    order = catalogue.order("id" if query.sort == DEFAULT_SORT else query.sort)
    waiting = np.empty(0, np.int32)
    for block in blocks(order, passing(catalogue, query.filters)):
        waiting = np.append(waiting, block)[:number]
        last = len(waiting) == number
        ready = len(waiting) if last else len(waiting) // _ROWS_AT_ONCE * _ROWS_AT_ONCE
        for start in range(0, ready, _ROWS_AT_ONCE):
            yield Batch(waiting[start : min(start + _ROWS_AT_ONCE, ready)])
        if last:
            return
        waiting, number = waiting[ready:], number - ready


def _ranked(ranking: Ranking) -> Iterator[Batch]:
    ids = np.array(ranking.ids, np.int64)
    # Captions found by words but put in the order of a sort have no scores.
    scores: Sequence[float | None] = ranking.scores or [None] * len(ids)
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        end = start + _ROWS_AT_ONCE
        yield Batch(ids[start:end], start + 1, scores[start:end])


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
