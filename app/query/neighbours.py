"""Samples most like one sample."""

from __future__ import annotations

from collections.abc import Sequence

from app.query.answer import Answer
from app.query.query import Query
from app.query.samples import COLUMNS
from app.query.search import search
from indexer.catalogue import Catalogue


def neighbours(catalogue: Catalogue, id_: int, k: int = 12, columns: Sequence[str] = COLUMNS) -> Answer:
    """The `k` kept samples most like sample `id_`: by picture, or by caption where it has none.

    Raises:
        NotFoundError: there is no such sample.
    """
    return search(catalogue, Query(like=(id_,)), limit=k, columns=columns)
