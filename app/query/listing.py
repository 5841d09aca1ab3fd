"""Listing without a query: an order worked out at build time, met with the bitmap of what passes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.query.answer import Ranking
from app.query.passing import Passing, count, passing
from app.query.query import Query
from indexer.catalogue import Catalogue
from indexer.errors import UserError

_BLOCK = 1 << 16


def list_ids(catalogue: Catalogue, query: Query, places: int) -> Ranking:
    """The `places` samples from the query's cursor on, in its sort order.

    Raises:
        UserError: the cursor does not belong to a list.
    """
    offset = _offset(query.cursor)
    found = count(catalogue, query.filters)
    ids = _stretch(catalogue, query, offset, min(places, found - offset))
    end = offset + places
    return Ranking(
        ids=ids,
        scores=[],
        offset=offset,
        found=found,
        matching=found,
        next_cursor=str(end) if end < found else None,
    )


def blocks(order: NDArray[np.int32], within: Passing) -> Iterator[NDArray[np.int32]]:
    """The samples of `order` that pass, block after block, until all are given."""
    left = within.count
    for start in range(0, len(order), _BLOCK):
        if not left:
            return
        block = np.asarray(order[start : start + _BLOCK])
        if within.count < within.samples:
            block = block[within.contains(block)]
        left -= len(block)
        yield block


def _stretch(catalogue: Catalogue, query: Query, offset: int, places: int) -> list[int]:
    if places <= 0:
        return []
    within = passing(catalogue, query.filters)
    taken: list[int] = []
    for block in blocks(catalogue.order(query.sort), within):
        taken += block[offset : offset + places - len(taken)].tolist()
        offset = max(0, offset - len(block))
        if len(taken) == places:
            break
    return taken


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,12}", cursor):
        raise UserError(f"cursor={cursor[:40]!r} does not belong to this list.", "Start at the first page.")
    return int(cursor)
