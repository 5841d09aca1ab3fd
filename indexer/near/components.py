"""Samples that are linked to each other, however many links away, as one cluster."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def components(first: NDArray[np.integer[Any]], second: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Find the connected components of the links `first[i]` - `second[i]`, ids (links,) each.

    Returns:
        int64 (m, 2), ascending: every id that has a link, and the smallest id of its component.
    """
    # SciPy takes a fifth of a second to import, which only an indexing run should pay.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ids, places = np.unique(np.concatenate([first, second]), return_inverse=True)
    rows, columns = places[: len(first)], places[len(first) :]
    links = coo_array((np.ones(len(first), np.bool_), (rows, columns)), shape=(len(ids), len(ids)))
    number, labels = connected_components(links, directed=False)
    smallest = np.full(number, np.iinfo(np.int64).max)
    np.minimum.at(smallest, labels, ids)
    return np.column_stack([ids.astype(np.int64), smallest[labels]])
