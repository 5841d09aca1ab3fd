"""A view as CSV: the same rows and bytes for the browser and for `rs5m export`.

UTF-8, CRLF, quoting as RFC 4180 says, one header line. A text that a spreadsheet would run as a formula (it
begins with `=`, `+`, `-`, `@`, tab, CR or LF) gets an apostrophe in front; numbers stay numbers.
Lists are JSON.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from app.query.passing import count
from app.query.query import DEFAULT_SORT, SORTS, Query
from app.query.ranking import rank
from app.query.vectors import QueryVectors
from indexer.catalogue import SAMPLE_COLUMNS, Catalogue
from indexer.catalogue.schema import Column

EXPORT_K = 1_000
COLUMNS: tuple[Column, ...] = tuple(column for column in SAMPLE_COLUMNS if column.exported)
_RANKED = ("rank", "score")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ROWS_AT_ONCE = 2_000
_SLUG_CHARS = 60


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
        rows = _ranked_rows(catalogue, ranking.ids, ranking.scores)
        return Export(len(ranking.ids), filename, _csv((*_RANKED, *_names()), rows))
    matching = count(catalogue, whole.filters)
    number = min(matching, query.k or matching)
    return Export(number, filename, _csv(_names(), _listed_rows(catalogue, whole, number)))


def exported(query: Query, found: int) -> int:
    """Rows that the export of `query` has, when its answer found `found` samples."""
    most = query.k or (EXPORT_K if query.ranks else found)
    return min(found, most)


def _names() -> tuple[str, ...]:
    return tuple(column.name for column in COLUMNS)


def _listed_rows(catalogue: Catalogue, query: Query, number: int) -> duckdb.DuckDBPyConnection:
    where = query.filters.where()
    key = "id" if query.sort == DEFAULT_SORT else SORTS[query.sort]
    return catalogue.connect().execute(
        f"SELECT {_select()} FROM samples WHERE {where.sql} ORDER BY {key}, id LIMIT ?",  # noqa: S608
        [*where.params, number],
    )


def _ranked_rows(
    catalogue: Catalogue, ids: Sequence[int], scores: Sequence[float]
) -> duckdb.DuckDBPyConnection:
    return catalogue.connect().execute(
        f"""
        SELECT CAST(ranking.place AS VARCHAR), CAST(ranking.score AS VARCHAR), {_select()}
        FROM samples JOIN (
            SELECT unnest(CAST(? AS BIGINT[])) AS id, unnest(CAST(? AS DOUBLE[])) AS score,
                   unnest(range(1, len(CAST(? AS BIGINT[])) + 1)) AS place
        ) AS ranking USING (id) ORDER BY ranking.place
        """,  # noqa: S608
        [list(ids), list(scores), list(ids)],
    )


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


def _csv(names: Sequence[str], rows: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(names)
    while True:
        batch = rows.fetchmany(_ROWS_AT_ONCE)
        writer.writerows(batch)
        yield buffer.getvalue().encode()
        if not batch:
            return
        buffer.seek(0)
        buffer.truncate()


def _slug(query: Query) -> str:
    words = [query.q or "", *(f"{name}-{value}" for name, value in query.filters.to_params())]
    if query.like is not None:
        words.insert(0, f"like-{query.like}")
    if query.image is not None:
        words.insert(0, f"image-{query.image}")
    slug = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    return slug[:_SLUG_CHARS].strip("-") or "all"
