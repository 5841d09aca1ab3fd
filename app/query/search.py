"""One search, from a query to an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from time import perf_counter

from app.query.answer import Answer, Hit
from app.query.passing import count, total
from app.query.query import Chip, Query
from app.query.ranking import kind_of, rank
from app.query.samples import COLUMNS, fetch_rows
from app.query.vectors import QueryVectors
from app.query.words import count_words
from indexer.catalogue import Catalogue


def search(
    catalogue: Catalogue,
    query: Query,
    vectors: QueryVectors | None = None,
    limit: int | None = None,
    columns: Sequence[str] = COLUMNS,
) -> Answer:
    """Answer `query`: `limit` results (the query's own page size if None) after its cursor.

    Rows hold `columns`; the fewer, the quicker, as DuckDB reads each column of each row by itself.

    Raises:
        UserError: the query asks for what is not there (sample, query image, encoder), or too large a page.
    """
    start = perf_counter()
    kind = kind_of(catalogue, query)
    ranking = rank(catalogue, query, vectors, limit or query.page_size)
    rows = fetch_rows(catalogue, ranking.ids, columns)
    hits = [
        Hit(id=row["id"], rank=ranking.offset + place, score=score, row=row, alike=alike or ())
        for place, (row, score, alike) in enumerate(zip_longest(rows, ranking.scores, ranking.alike), start=1)
    ]
    everything = total(catalogue, query.filters)
    return Answer(
        hits=hits,
        kind=kind,
        method="exact" if ranking.how is None or ranking.how.exact else "approximate",
        matching=ranking.matching,
        total=everything,
        found=ranking.found,
        milliseconds=(perf_counter() - start) * 1000 - ranking.encode_ms,
        encode_ms=ranking.encode_ms,
        next_cursor=ranking.next_cursor,
        how=ranking.how,
        at_least=ranking.at_least,
    )


@dataclass(frozen=True, slots=True)
class Loosened:
    """What removing one condition would give.

    Attributes:
        chip: the condition; `chip.without` is the query without it.
        count: results there would be then.
    """

    chip: Chip
    count: int


def loosen(catalogue: Catalogue, query: Query) -> list[Loosened]:
    """For an answer without results: each condition, and how many results removing it would give."""
    words = kind_of(catalogue, query) == "words"
    outcomes = []
    for chip in query.chips():
        still_words = words and chip.without.q
        found = (
            count_words(catalogue, chip.without.filters, chip.without.q)
            if still_words
            else count(catalogue, chip.without.filters)
        )
        outcomes.append(Loosened(chip, found))
    return sorted(outcomes, key=lambda outcome: -outcome.count)
