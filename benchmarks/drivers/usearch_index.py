"""usearch: an HNSW graph over half-precision vectors. Its Python package has no search inside a filter."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from usearch.index import Index

from benchmarks.drivers.measuring import VECTORS, answered, built
from benchmarks.drivers.protocol import serve

_BLOCK = 1 << 15


class _Driver:
    def __init__(self) -> None:
        self.index: Any = None

    def build(self, given: str, home: str) -> dict[str, Any]:
        """Add all vectors."""
        start = perf_counter()
        rows = np.load(Path(given) / VECTORS, mmap_mode="r")
        self.index = Index(ndim=rows.shape[1], metric="ip", dtype="f16")
        for first in range(0, len(rows), _BLOCK):
            block = np.asarray(rows[first : first + _BLOCK])
            self.index.add(np.arange(first, first + len(block)), block)
        path = Path(home) / "usearch.index"
        self.index.save(str(path))
        return built(start, f"HNSW, connectivity {self.index.connectivity}, fp16", path.stat().st_size)

    def search(
        self, given: str, first: int, last: int, k: int, filtered: bool, expansion: int
    ) -> dict[str, Any]:
        """Search the whole index; `expansion` is the breadth of the search."""
        if filtered:
            raise NotImplementedError("no search inside a filter")
        self.index.expansion_search = expansion
        return answered(given, first, last, lambda query: self.index.search(query, k).keys)


if __name__ == "__main__":
    driver = _Driver()
    serve({"build": driver.build, "search": driver.search})
