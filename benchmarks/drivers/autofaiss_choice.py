"""autofaiss, asked as clip-retrieval asks it: `clip-retrieval index` builds with these two memory limits."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from autofaiss import build_index

from benchmarks.drivers.measuring import PASSING, VECTORS, answered, built
from benchmarks.drivers.protocol import serve

# FAISS's stubs lack what its releases have, and the version here is autofaiss's own.
faiss: Any = import_module("faiss")

# Defaults of clip_index() in clip_retrieval/clip_index.py.
_INDEX_MEMORY = "4G"
_MEMORY = "16G"


class _Driver:
    def __init__(self) -> None:
        self.index: Any = None
        self.passing: Any = None

    def build(self, given: str, home: str) -> dict[str, Any]:
        """Build from the folder of the vectors, which holds nothing else."""
        start = perf_counter()
        path, facts = Path(home) / "image.index", Path(home) / "image.json"
        build_index(
            str((Path(given) / VECTORS).parent),
            index_path=str(path),
            index_infos_path=str(facts),
            max_index_memory_usage=_INDEX_MEMORY,
            current_memory_available=_MEMORY,
            metric_type="ip",
        )
        chosen = json.loads(facts.read_text())
        self.index = faiss.read_index(str(path))
        # HNSW and IVF take the selector in parameters of their own, which then replace what autofaiss tuned.
        selector = faiss.IDSelectorBatch(np.load(Path(given) / PASSING))
        self.passing = _parameters(self.index, selector)
        return built(start, f"{chosen['index_key']} {chosen['index_param']}", path.stat().st_size)

    def search(self, given: str, first: int, last: int, k: int, filtered: bool) -> dict[str, Any]:
        """Search with the parameters that autofaiss tuned."""
        within = self.passing if filtered else None
        return answered(
            given, first, last, lambda query: self.index.search(query[None], k, params=within)[1][0]
        )


def _parameters(index: Any, selector: Any) -> Any:
    """Search parameters that add `selector` to what autofaiss tuned."""
    inner = faiss.downcast_index(index)
    if isinstance(inner, faiss.IndexPreTransform):
        parameters = faiss.SearchParametersPreTransform()
        parameters.index_params = _parameters(inner.index, selector)
    elif isinstance(inner, faiss.IndexIVF):
        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = inner.nprobe
        parameters.quantizer_params = _parameters(inner.quantizer, None)
        parameters.sel = selector
    elif isinstance(inner, faiss.IndexHNSW):
        parameters = faiss.SearchParametersHNSW()
        parameters.efSearch = inner.hnsw.efSearch
        parameters.sel = selector
    else:
        parameters = faiss.SearchParameters()
        parameters.sel = selector
    return parameters


if __name__ == "__main__":
    driver = _Driver()
    serve({"build": driver.build, "search": driver.search})
