"""A view as CSV: the same rows and bytes for the browser and for `rs5m export`.

UTF-8, CRLF, quoting as RFC 4180 says, one header line. A text that a spreadsheet would run as a formula (it
begins with `=`, `+`, `-`, `@`, tab, CR or LF) gets an apostrophe in front; numbers stay numbers.
Lists are JSON.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from app.query.answer import Ranking
from app.query.listing import blocks
from app.query.passing import count, passing
from app.query.query import Query
from app.query.ranking import rank
from app.query.vectors import QueryVectors
from indexer.catalogue import SAMPLE_COLUMNS, Catalogue
from indexer.catalogue.orders import DEFAULT_SORT
from indexer.catalogue.schema import Column

EXPORT_K = 1_000
COLUMNS: tuple[Column, ...] = tuple(column for column in SAMPLE_COLUMNS if column.exported)
_RANKED = ("rank", "score")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# At 5,070,186 samples 95,000 rows a second are read so many at a time, 45,000 when 2,000.
_ROWS_AT_ONCE = 10_000
_SLUG_CHARS = 60
_Texts = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """A CSV about to be written.

    Attributes:
        rows: number of rows below the header.
        filename: names the query and the catalogue.
        chunks: the file, in pieces; read once.
    """

    rows: int
    filename: str
    chunks: Iterator[bytes]


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
            len(ranking.ids), filename, csv_pieces((*_RANKED, *_names()), _ranked(catalogue, ranking))
        )
    matching = count(catalogue, whole.filters)
    number = min(matching, query.k or matching)
    return Export(number, filename, csv_pieces(_names(), _listed(catalogue, whole, number)))


def exported(query: Query, found: int) -> int:
    """Rows that the export of `query` has, when its answer found `found` samples."""
    most = query.k or (EXPORT_K if query.ranks else found)
    return min(found, most)


def _names() -> tuple[str, ...]:
    return tuple(column.name for column in COLUMNS)


def _listed(catalogue: Catalogue, query: Query, number: int) -> Iterator[list[_Texts]]:
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


def _ranked(catalogue: Catalogue, ranking: Ranking) -> Iterator[list[_Texts]]:
    # Captions found by words but put in the order of a sort have no scores.
    scores: list[str | None] = [*map(str, ranking.scores)] or [None] * len(ranking.ids)
    first = 1
    for ids in _slices(np.array(ranking.ids, np.int64)):
        rows = _texts(catalogue, ids)
        yield [(str(first + n), scores[first - 1 + n], *texts) for n, texts in enumerate(rows)]
        first += len(rows)


def _slices(ids: NDArray[np.integer[Any]]) -> Iterator[NDArray[np.integer[Any]]]:
    return (ids[start : start + _ROWS_AT_ONCE] for start in range(0, len(ids), _ROWS_AT_ONCE))


def _texts(catalogue: Catalogue, ids: NDArray[np.integer[Any]]) -> list[_Texts]:
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
    return ", ".join(_as_text(column) for column in COLUMNS)


def _as_text(column: Column) -> str:
    """SQL that writes a column as text; floats get the fewest digits that read back the same."""
    name = f'samples."{column.name}"'
    if pa.types.is_string(column.type):
        marks = ", ".join(f"chr({ord(mark)})" for mark in _FORMULA)
        return f"CASE WHEN left({name}, 1) IN ({marks}) THEN '''' || {name} ELSE {name} END"
    if pa.types.is_list(column.type):
        return f"CAST(to_json({name}) AS VARCHAR)"
    if pa.types.is_timestamp(column.type):
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S')"
    return f"CAST({name} AS VARCHAR)"


def guarded(text: str | None) -> str | None:
    """`text` as it stands in a CSV: with an apostrophe in front where a spreadsheet would run it."""
    return f"'{text}" if text is not None and text.startswith(_FORMULA) else text


def csv_pieces(names: Sequence[str], batches: Iterable[list[_Texts]]) -> Iterator[bytes]:
    """A CSV, in pieces: the header `names`, then the rows of each of `batches`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(names)
    for batch in batches:
        writer.writerows(batch)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _slug(query: Query) -> str:
    words = [query.q or "", *(f"{name}-{value}" for name, value in query.filters.to_params())]
    if query.like:
        words.insert(0, "like-" + "-".join(map(str, query.like)))
    if query.image is not None:
        words.insert(0, f"image-{query.image}")
    slug = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    return slug[:_SLUG_CHARS].strip("-") or "all"
