"""Image vectors: one float16 row per sample, and the FAISS index over all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import UserError

_BLOCK = 1 << 15


def open_vectors(path: Path, rows: int, dimension: int) -> np.memmap:
    """Map the vectors, float16 (rows, dimension), each of length 1 or all zeros.

    Raises:
        UserError: the file is missing or has another shape.
    """
    hint = "Build the catalogue again with --overwrite."
    try:
        vectors = np.load(path, mmap_mode="r" if rows else None, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}.", hint) from None
    if vectors.shape != (rows, dimension) or vectors.dtype != np.float16:
        raise UserError(f"{path} is damaged: {vectors.dtype} {vectors.shape}.", hint)
    return vectors  # type: ignore[no-any-return]


def write_index(vectors: np.ndarray, path: Path) -> None:
    """Write an exact inner-product index over `vectors`, float16 (n, d), stored as float16 too."""
    import faiss

    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    for start in range(0, len(vectors), _BLOCK):
        index.add(np.asarray(vectors[start : start + _BLOCK], dtype=np.float32))
    faiss.write_index(index, str(path))


def open_index(path: Path) -> Any:
    """Open the FAISS index of a catalogue.

    Raises:
        UserError: it is missing or damaged.
    """
    import faiss

    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    except RuntimeError as error:
        raise UserError(
            f"{path} cannot be read: {str(error).splitlines()[-1]}",
            "Build the catalogue again with --overwrite.",
        ) from None
