"""The app's own planner over a finished catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from app.query.passing import Passing
from benchmarks.drivers.measuring import CATALOGUE, PASSING, VECTORS, answered
from benchmarks.drivers.protocol import serve
from benchmarks.filters import no_filter
from benchmarks.ours import find
from benchmarks.timing import disk_bytes
from indexer.catalogue import Catalogue, layout


class _Driver:
    def build(self, given: str, home: str) -> dict[str, Any]:
        """Open what `rs5m` built, and tell what that took."""
        self.catalogue = Catalogue.open(Path(given) / CATALOGUE)
        samples, path = self.catalogue.manifest.samples, self.catalogue.path
        rows = len(np.load(Path(given) / VECTORS, mmap_mode="r"))
        ids = no_filter(self.catalogue).passing.ids()
        self.everything = Passing.of_ids(samples, ids[ids < rows])
        self.narrowed = Passing.of_ids(samples, np.load(Path(given) / PASSING))
        steps = {step["step"]: step for step in json.loads((path / layout.BUILD).read_text())["steps"]}
        index = steps["vector index"]
        # The vectors are on disk for the rivals' sake too, but the planner reads them at every search.
        disk = disk_bytes(path / layout.INDEX) + disk_bytes(path / layout.VECTORS)
        what = "its own choice" if rows == samples else f"inside a filter on the first {rows:,}"
        return {"seconds": index["seconds"], "peak": index["peak_mb"] * 10**6, "disk": disk, "what": what}

    def search(self, given: str, first: int, last: int, k: int, filtered: bool) -> dict[str, Any]:
        """Search as a page does."""
        within = self.narrowed if filtered else self.everything
        return answered(given, first, last, lambda query: find(self.catalogue, query, within, k).ids)


if __name__ == "__main__":
    driver = _Driver()
    serve({"build": driver.build, "search": driver.search})
