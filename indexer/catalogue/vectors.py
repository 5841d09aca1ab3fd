"""Image vectors: one float16 row per sample, and the FAISS index over them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from indexer.catalogue.blocks import read_blocks
from indexer.catalogue.index_choice import choose_index
from indexer.catalogue.inverted import write_lists
from indexer.errors import UserError


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


def write_index(vectors: np.ndarray, path: Path, reached: Callable[[int], None] = lambda rows: None) -> None:
    """Write the index that `choose_index` says over `vectors`, float16 (n, d).

    Args:
        vectors: rows of length 1 or all zeros.
        path: the new file.
        reached: told how many rows have been added.
    """
    import faiss

    present = count_vectors(vectors)
    choice = choose_index(present, vectors.shape[1])
    if choice.kind == "lists":
        write_lists(vectors, choice, path, reached)
        return
    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    for start, block in read_blocks(vectors):
        index.add(block.astype(np.float32))
        reached(start + len(block))
    faiss.write_index(index, str(path))


def count_vectors(vectors: np.ndarray) -> int:
    """Rows of `vectors`, (n, d), that are not all zeros."""
    return sum(int(block.any(axis=1).sum()) for _, block in read_blocks(vectors))


def open_index(path: Path) -> Any:
    """Open the FAISS index of a catalogue: a flat one is mapped, the codes of inverted lists are read.

    Raises:
        UserError: it is missing or damaged.
    """
    import faiss

    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise UserError(
            f"{path} cannot be read: {str(error).splitlines()[-1]}",
            "Build the catalogue again with --overwrite.",
        ) from None
