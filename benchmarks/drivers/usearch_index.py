"""usearch: an HNSW graph over half-precision vectors. Its Python package has no search inside a filter."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from usearch.index import Index

from benchmarks.drivers.measuring import answered, built
from benchmarks.drivers.protocol import serve

_BLOCK = 1 << 15


class _Driver:
    def __init__(self) -> None:
        self.index: Any = None

    def build(self, vectors: str, folder: str, passing: str, setting: str) -> dict[str, Any]:
        """Add all vectors; `setting` is the breadth of a search (`expansion_search`)."""
        start = perf_counter()
        rows = np.load(vectors, mmap_mode="r")
        self.index = Index(ndim=rows.shape[1], metric="ip", dtype="f16", expansion_search=int(setting))
        for first in range(0, len(rows), _BLOCK):
            block = np.asarray(rows[first : first + _BLOCK])
            self.index.add(np.arange(first, first + len(block)), block)
        path = Path(folder) / "usearch.index"
        self.index.save(str(path))
        what = f"HNSW, connectivity {self.index.connectivity}, expansion {setting}"
        return built(start, what, path.stat().st_size)

    def search(self, queries: str, first: int, last: int, k: int, filtered: bool) -> dict[str, Any]:
        """Search the whole index."""
        if filtered:
            raise NotImplementedError("not offered")
        return answered(queries, first, last, lambda query: self.index.search(query, k).keys)


if __name__ == "__main__":
    driver = _Driver()
    serve({"build": driver.build, "search": driver.search})
