"""The line under the search box: what was asked of how many, in which order, how exactly and how fast."""

from __future__ import annotations

from app.query import Answer, Query
from app.query.filters import ANY_STAGE
from app.views.text import counted, milliseconds, sentence
from indexer.catalogue.orders import DEFAULT_SORT
from indexer.catalogue.schema import KEPT

_SORTS = {
    "spread": "a spread of them first",
    "id": "in order of id",
    "longest": "longest caption first",
    "shortest": "shortest caption first",
    "newest": "newest first",
    "oldest": "oldest first",
}


def truth(answer: Answer, query: Query) -> str:
    """`1,204 of 6,000 samples match the filters - 50 best by meaning - exact - 12 ms`."""
    time = milliseconds(answer.milliseconds)
    if answer.encode_ms >= 1:
        time = f"{time} + {milliseconds(answer.encode_ms)} to read the query"
    return sentence([_passing(answer, query), *_order(answer, query), time])


def _passing(answer: Answer, query: Query) -> str:
    kind = {KEPT: "", ANY_STAGE: " (removed ones included)"}.get(
        query.filters.stage, f" removed as {query.filters.stage}"
    )
    if answer.matching == answer.total:
        return f"{counted(answer.total, 'sample')}{kind}"
    verb = "matches" if answer.matching == 1 else "match"
    return f"{answer.matching:,} of {counted(answer.total, 'sample')}{kind} {verb} the filters"


def _order(answer: Answer, query: Query) -> list[str | None]:
    if answer.kind == "list":
        return [_SORTS[query.sort] if answer.matching > 1 else None]
    if answer.kind == "words":
        holds = "holds" if answer.found == 1 else "hold"
        order = "best first" if query.sort == DEFAULT_SORT else _SORTS[query.sort]
        return [f"{answer.found:,} {holds} the words, {order}", answer.method]
    compared = None
    if answer.found < answer.matching:
        compared = f"{answer.found:,} of them have a picture to compare"
    by = "meaning" if answer.kind == "meaning" else "likeness"
    shown = f"{len(answer.hits):,} best by {by}" if answer.hits else None
    if answer.at_least and answer.found > len(answer.hits):
        shown = f"{shown} of {answer.found:,} or more"
    return [compared, shown, _found(answer)]


def _found(answer: Answer) -> str:
    """How exact the ranking is, and what it rests on where it is not."""
    how = answer.how
    if how is None or how.exact:
        return answer.method
    return f"approximate: {how.lists:,} of {how.of_lists:,} lists scanned, {how.rescored:,} compared exactly"
