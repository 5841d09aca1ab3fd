"""Listing without a query: keyset pages, as quick at the end of the list as at its start."""

from __future__ import annotations

import re

from app.query.answer import Ranking
from app.query.filters import Where
from app.query.passing import count
from app.query.query import SORTS, Query
from indexer.catalogue import Catalogue
from indexer.errors import UserError


def list_ids(catalogue: Catalogue, query: Query, places: int) -> Ranking:
    """The `places` samples after the query's cursor, in its sort order.

    Raises:
        UserError: the cursor does not belong to a list.
    """
    key = SORTS[query.sort]
    place = _place(query.cursor)
    where = query.filters.where()
    if place is not None:
        where = where.both(Where(f"({key}, id) > (?, ?)", place[1:]))
    rows = (
        catalogue.connect()
        .execute(
            f"SELECT {key} AS place, id FROM samples WHERE {where.sql} ORDER BY place, id LIMIT ?",  # noqa: S608
            [*where.params, places + 1],
        )
        .fetchall()
    )
    offset = place[0] if place else 0
    more = len(rows) > places
    rows = rows[:places]
    matching = count(catalogue, query.filters)
    return Ranking(
        ids=[id_ for _, id_ in rows],
        scores=[],
        offset=offset,
        found=matching,
        matching=matching,
        next_cursor=f"{offset + places}.{rows[-1][0]}.{rows[-1][1]}" if more else None,
    )


def _place(cursor: str | None) -> tuple[int, int, int] | None:
    """Read `offset.key.id`; the offset only numbers the results."""
    if cursor is None:
        return None
    match = re.fullmatch(r"([0-9]{1,12})\.(-?[0-9]{1,19})\.([0-9]{1,12})", cursor)
    if match is None:
        raise UserError(f"cursor={cursor[:40]!r} does not belong to this list.", "Start at the first page.")
    offset, key, id_ = (int(part) for part in match.groups())
    if abs(key) >= 2**63:
        raise UserError(f"cursor={cursor[:40]!r} does not belong to this list.", "Start at the first page.")
    return offset, key, id_
