"""What a driver of a vector index is given and measures; NumPy is all that it needs."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Inside the folder `given`, which all drivers read.
CATALOGUE = "catalogue"
VECTORS = "vectors/image_vectors.npy"
QUERIES = "queries.npy"
PASSING = "passing.npy"

# One query, float32 (d,), to the rows of its best places, best first.
Search = Callable[[NDArray[np.float32]], NDArray[np.int64]]


def built(start: float, what: str, disk: int) -> dict[str, Any]:
    """The answer to `build`: seconds since `start`; this process's peak memory and disk used, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": perf_counter() - start, "peak": peak, "disk": disk, "what": what}


def answered(given: str, first: int, last: int, search: Search) -> dict[str, Any]:
    """The answer to `search`: milliseconds (timed in here) and rows of each of the queries [first, last)."""
    milliseconds, found = [], []
    for query in np.load(Path(given) / QUERIES)[first:last]:
        start = perf_counter()
        rows = search(query)
        milliseconds.append((perf_counter() - start) * 1000)
        found.append([int(row) for row in rows])
    return {"milliseconds": milliseconds, "found": found}
