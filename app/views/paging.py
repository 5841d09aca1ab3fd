"""Where in its whole an answer stands, and how much an export of it holds."""

from __future__ import annotations

from dataclasses import dataclass

from app.query import Answer, Query
from app.query.export import EXPORT_K, exported
from app.views.text import counted


@dataclass(frozen=True, slots=True)
class Pages:
    """A list's first and last page.

    Attributes:
        number: the page that is shown, from 1.
        count: number of pages.
        first_url: address of the first; None on it.
        last_url: address of the last; None on it.
    """

    number: int
    count: int
    first_url: str | None
    last_url: str | None


def pages_of(query: Query, answer: Answer, path: str) -> Pages | None:
    """The pages of a list; None where there is one, and for a ranking, which nobody reads from its end."""
    size = query.page_size
    count = -(-answer.found // size)
    if answer.kind != "list" or count < 2 or not answer.hits:
        return None
    number = (answer.hits[0].rank - 1) // size + 1
    return Pages(
        number,
        count,
        query.after(None).url(path) if number > 1 else None,
        query.after(str((count - 1) * size)).url(path) if number < count else None,
    )


def export_rows(query: Query, answer: Answer) -> str:
    """`1,204 rows`, or `up to 1,000 rows` where it is not known how many are good enough."""
    whole = query.with_(k=None)
    if answer.at_least:
        return f"up to {EXPORT_K:,} rows"
    return counted(exported(whole, answer.found), "row")
