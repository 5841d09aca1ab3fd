"""The line under the search box: what was asked of how many, in which order, how exactly and how fast."""

from __future__ import annotations

import math

from app.query import Answer, Query
from app.query.filters import ANY_STAGE
from app.views.text import counted, milliseconds, sentence
from indexer.catalogue.orders import DEFAULT_SORT
from indexer.catalogue.schema import KEPT
from indexer.catalogue.search_settings import SearchSettings

_SORTS = {
    "spread": "a spread of them first",
    "id": "in order of id",
    "longest": "longest caption first",
    "shortest": "shortest caption first",
    "newest": "newest first",
    "oldest": "oldest first",
}


def truth(answer: Answer, query: Query, tuned: SearchSettings) -> str:
    """`1,204 of 6,000 samples match the filters - 50 best by meaning - exact - 12 ms`.

    Args:
        answer: what was found.
        query: what was asked.
        tuned: what the catalogue's index was measured to find.
    """
    time = milliseconds(answer.milliseconds)
    if answer.encode_ms >= 1:
        time = f"{time} + {milliseconds(answer.encode_ms)} to read the query"
    return sentence([_passing(answer, query), *_order(answer, query, tuned), time])


def _passing(answer: Answer, query: Query) -> str:
    kind = {KEPT: "", ANY_STAGE: " (removed ones included)"}.get(
        query.filters.stage, f" removed as {query.filters.stage}"
    )
    if answer.matching == answer.total:
        return f"{counted(answer.total, 'sample')}{kind}"
    verb = "matches" if answer.matching == 1 else "match"
    return f"{answer.matching:,} of {counted(answer.total, 'sample')}{kind} {verb} the filters"


def _order(answer: Answer, query: Query, tuned: SearchSettings) -> list[str | None]:
    if answer.kind == "list":
        return [_SORTS[query.sort] if answer.matching > 1 else None]
    if answer.kind == "words":
        holds = "holds" if answer.found == 1 else "hold"
        order = "best first" if query.sort == DEFAULT_SORT else _SORTS[query.sort]
        return [f"{answer.found:,} {holds} the words, {order}", answer.method]
    compared = None
    # What results are to be like is no result itself.
    if answer.found + len(query.like) < answer.matching and query.min_score is None and not query.group:
        compared = f"{answer.found:,} of them have a picture to compare"
    return [compared, *_best(answer, query), _found(answer, tuned)]


def _best(answer: Answer, query: Query) -> list[str | None]:
    """How many are shown, by what, and of how many that are good enough."""
    if not answer.hits:
        return []
    best = f"{len(answer.hits):,} best by {'meaning' if answer.kind == 'meaning' else 'likeness'}"
    if query.min_score is not None:
        more = " or more" if answer.at_least else ""
        best = f"{best} of {answer.found:,}{more} with a cosine of at least {query.min_score:g}"
    return [best, "near-duplicates gathered" if query.group else None]


def _found(answer: Answer, tuned: SearchSettings) -> str:
    """How exact the ranking is; where it is not, what it rests on and how good that was measured to be."""
    how = answer.how
    if how is None or how.exact:
        return answer.method
    chosen = tuned.chosen
    # Recall is measured without filters; under one, rounds go on as long as they do without.
    measured = chosen is not None and answer.matching == answer.total
    # Never rounded up: 0.997 is not 1.
    recall = f" (recall {math.floor(100 * chosen.recall_10) / 100:.2f})" if chosen and measured else ""
    lists = f"best {how.lists:,} of {how.of_lists:,} lists scanned"
    return f"approximate{recall}: {lists}, {how.rescored:,} pictures compared exactly"
