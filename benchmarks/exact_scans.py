"""Exact search by comparing every row, in the ways there are: the yardstick of `benchmarks.search`."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.query.passing import Passing

_BLOCK = 1 << 15


class Scan(Protocol):
    """A way to scan all vectors."""

    def search(self, query: NDArray[np.float32], k: int, within: Passing) -> NDArray[np.int64]:
        """Rows of the `k` largest inner products among those within, best first."""
        ...


class NumpyScan:
    """NumPy, a block of half-precision rows turned into float32 at a time; nothing is held in memory."""

    def __init__(self, vectors: NDArray[np.float16]) -> None:
        self._vectors = vectors

    def search(self, query: NDArray[np.float32], k: int, within: Passing) -> NDArray[np.int64]:
        """As `Scan`."""
        scores = np.empty(len(self._vectors), np.float32)
        for first in range(0, len(scores), _BLOCK):
            scores[first : first + _BLOCK] = self._vectors[first : first + _BLOCK].astype(np.float32) @ query
        if within.count < within.samples:
            scores[~_mask(within)] = -np.inf
        places = min(k, within.count)
        best = np.argpartition(scores, len(scores) - places)[len(scores) - places :]
        return best[np.argsort(-scores[best])].astype(np.int64)


class TorchScan:
    """torch, matrix times vector at half precision, on every core."""

    def __init__(self, vectors: NDArray[np.float16], dtype: str) -> None:
        import torch

        torch.set_num_threads(os.cpu_count() or 1)
        self._torch = torch
        self._dtype = getattr(torch, dtype)
        self._matrix = torch.empty(vectors.shape, dtype=self._dtype)
        for first in range(0, len(vectors), _BLOCK):
            block = torch.from_numpy(np.array(vectors[first : first + _BLOCK]))
            self._matrix[first : first + _BLOCK] = block.to(self._dtype)

    def search(self, query: NDArray[np.float32], k: int, within: Passing) -> NDArray[np.int64]:
        """As `Scan`."""
        torch = self._torch
        with torch.inference_mode():
            scores = (self._matrix @ torch.from_numpy(query).to(self._dtype)).float()
            if within.count < within.samples:
                scores.masked_fill_(torch.from_numpy(~_mask(within)), -torch.inf)
            found: NDArray[np.int64] = scores.topk(min(k, within.count)).indices.numpy()
        return found


class FaissScan:
    """FAISS, flat half-precision codes; one query runs on one core."""

    def __init__(self, vectors: NDArray[np.float16]) -> None:
        import faiss

        self._faiss: Any = faiss
        self._index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        for first in range(0, len(vectors), _BLOCK):
            self._index.add(np.asarray(vectors[first : first + _BLOCK], np.float32))

    def search(self, query: NDArray[np.float32], k: int, within: Passing) -> NDArray[np.int64]:
        """As `Scan`."""
        selected = self._faiss.IDSelectorBitmap(within.bitmap)
        only = self._faiss.SearchParameters(sel=selected) if within.count < within.samples else None
        found: NDArray[np.int64] = self._index.search(query[None], min(k, within.count), params=only)[1][0]
        return found


def scans() -> dict[str, Callable[[NDArray[np.float16]], Scan]]:
    """What this machine can scan with, by name; torch only where it is installed."""
    ways: dict[str, Callable[[NDArray[np.float16]], Scan]] = {"NumPy, in blocks": NumpyScan}
    with suppress(ImportError):
        import torch  # noqa: F401

        for dtype in ("bfloat16", "float16"):
            ways[f"torch {dtype}"] = partial(TorchScan, dtype=dtype)
    ways["FAISS flat fp16"] = FaissScan
    return ways


def _mask(within: Passing) -> NDArray[np.bool_]:
    bits = np.unpackbits(within.bitmap, count=within.samples, bitorder="little")
    return bits.view(np.bool_)
