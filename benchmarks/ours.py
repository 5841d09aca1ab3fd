"""The app's own vector search, as benchmarks call it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.query.nearest import nearest
from app.query.passing import Passing
from indexer.catalogue import Catalogue


class Found(NamedTuple):
    """What the app found.

    Attributes:
        ids: best first, int64 (n,).
        how: the way it searched.
        lists: inverted lists it scanned; 0 where it compared every vector that passes.
    """

    ids: NDArray[np.int64]
    how: str
    lists: int


def find(catalogue: Catalogue, query: NDArray[np.float32], within: Passing, k: int) -> Found:
    """The best `k` samples within, by the app's planner."""
    found = nearest(catalogue, query, within, k)
    return Found(found.ids, found.how.way, found.how.lists)
