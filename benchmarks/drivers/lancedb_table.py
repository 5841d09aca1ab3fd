"""LanceDB: a table on disk, its default vector index, and a bitmap index over the filter's column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import Bitmap, IvfPq

from benchmarks.drivers.measuring import PASSING, VECTORS, answered, built
from benchmarks.drivers.protocol import serve

_BLOCK = 1 << 14


class _Driver:
    def __init__(self) -> None:
        self.table: Any = None

    def build(self, given: str, home: str) -> dict[str, Any]:
        """Write the table and its indexes; what passes is a column of it."""
        start = perf_counter()
        rows = np.load(Path(given) / VECTORS, mmap_mode="r")
        passes = np.zeros(len(rows), np.bool_)
        passes[np.load(Path(given) / PASSING)] = True
        vector = pa.list_(pa.float32(), rows.shape[1])
        schema = pa.schema([("id", pa.int64()), ("passes", pa.bool_()), ("vector", vector)])

        def batches() -> Iterator[pa.RecordBatch]:
            for first in range(0, len(rows), _BLOCK):
                block = np.asarray(rows[first : first + _BLOCK], np.float32)
                ids = np.arange(first, first + len(block))
                of_block = pa.FixedSizeListArray.from_arrays(pa.array(block.reshape(-1)), rows.shape[1])
                yield pa.record_batch([pa.array(ids), pa.array(passes[ids]), of_block], schema=schema)

        self.table = lancedb.connect(home).create_table("samples", batches(), schema=schema)
        self.table.create_index("vector", config=IvfPq(distance_type="dot"))
        self.table.create_index("passes", config=Bitmap())
        disk = sum(file.stat().st_size for file in Path(home).rglob("*") if file.is_file())
        return built(start, "IVF_PQ, its default, float32", disk)

    def search(
        self, given: str, first: int, last: int, k: int, filtered: bool, nprobes: int, refine: int
    ) -> dict[str, Any]:
        """Search; `refine` times `k` are rescored with the stored vectors (0: the codes decide)."""

        def search(query: Any) -> Any:
            asked = self.table.search(query).distance_type("dot").select(["id", "_distance"]).limit(k)
            asked = asked.nprobes(nprobes)
            if refine:
                asked = asked.refine_factor(refine)
            if filtered:
                asked = asked.where("passes", prefilter=True)
            return asked.to_arrow()["id"].to_numpy()

        return answered(given, first, last, search)


if __name__ == "__main__":
    driver = _Driver()
    serve({"build": driver.build, "search": driver.search})
