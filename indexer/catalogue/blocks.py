"""Reading all vectors once, in order, without mapping them: mapped pages count as memory."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

ROWS = 1 << 15


def read_blocks(vectors: NDArray[np.float16], rows: int = ROWS) -> Iterator[tuple[int, NDArray[np.float16]]]:
    """Yield the first row and the rows, float16 (m, d), of each stretch of up to `rows` of `vectors`.

    A memory map is read from its file instead; anything else is sliced.
    """
    path = getattr(vectors, "filename", None)
    if path is None or not len(vectors):
        for start in range(0, len(vectors), rows):
            yield start, vectors[start : start + rows]
        return
    dimension = vectors.shape[1]
    with open(path, "rb") as stream:  # noqa: PTH123 - a memmap's filename may be a string
        stream.seek(vectors.offset)  # type: ignore[attr-defined]
        for start in range(0, len(vectors), rows):
            count = min(rows, len(vectors) - start) * dimension
            yield start, np.fromfile(stream, vectors.dtype, count).reshape(-1, dimension)


def let_go(vectors: np.memmap) -> None:
    """Give back the pages that reading rows of a memory map has mapped; they are read again when needed."""
    mapped: object = vectors.base
    if isinstance(mapped, mmap.mmap):
        mapped.madvise(mmap.MADV_DONTNEED)
