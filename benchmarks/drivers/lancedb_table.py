"""LanceDB: a table on disk with a vector index and a bitmap index over the filter's column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import Bitmap, IvfPq, IvfRq

from benchmarks.drivers.measuring import answered, built
from benchmarks.drivers.protocol import serve

_BLOCK = 1 << 14
# Setting -> index, and how many times k are rescored with the stored vectors (None: the codes decide).
_SETTINGS = {"default": (IvfPq, None), "rescored": (IvfRq, 10)}


class _Driver:
    def __init__(self) -> None:
        self.table: Any = None
        self.rescored: int | None = None

    def build(self, vectors: str, folder: str, passing: str, setting: str) -> dict[str, Any]:
        """Write the table and its indexes."""
        start = perf_counter()
        rows = np.load(vectors, mmap_mode="r")
        passes = np.zeros(len(rows), np.bool_)
        passes[np.load(passing)] = True
        schema = pa.schema(
            [("id", pa.int64()), ("passes", pa.bool_()), ("vector", pa.list_(pa.float32(), rows.shape[1]))]
        )

        def batches() -> Iterator[pa.RecordBatch]:
            for first in range(0, len(rows), _BLOCK):
                block = np.asarray(rows[first : first + _BLOCK], np.float32)
                columns = [
                    np.arange(first, first + len(block)),
                    passes[first : first + len(block)],
                    pa.FixedSizeListArray.from_arrays(block.reshape(-1), rows.shape[1]),
                ]
                yield pa.record_batch([pa.array(columns[0]), pa.array(columns[1]), columns[2]], schema=schema)

        index, self.rescored = _SETTINGS[setting]
        self.table = lancedb.connect(folder).create_table("samples", batches(), schema=schema)
        self.table.create_index("vector", config=index(distance_type="dot"))
        self.table.create_index("passes", config=Bitmap())
        disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        what = index.__name__ + (f", {self.rescored} k rescored" if self.rescored else ", its default")
        return built(start, what, disk)

    def search(self, queries: str, first: int, last: int, k: int, filtered: bool) -> dict[str, Any]:
        """Search, inside the filter if asked."""

        def search(query: np.ndarray) -> Any:
            asked = self.table.search(query).distance_type("dot").select(["id", "_distance"]).limit(k)
            if self.rescored:
                asked = asked.refine_factor(self.rescored)
            if filtered:
                asked = asked.where("passes", prefilter=True)
            return asked.to_arrow()["id"].to_numpy()

        return answered(queries, first, last, search)


if __name__ == "__main__":
    driver = _Driver()
    serve({"build": driver.build, "search": driver.search})
