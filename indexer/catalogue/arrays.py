"""Files of one number a sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from indexer.errors import UserError


def open_integers(path: Path, samples: int) -> np.ndarray:
    """Map the numbers in `path`, int32 (samples,).

    Raises:
        UserError: the file is missing or has another shape.
    """
    return _open(path, samples, np.int32)


def open_scores(path: Path, samples: int) -> np.ndarray | None:
    """Map the scores in `path`, float32 (samples,), NaN where a sample has none; None if there is no file.

    Raises:
        UserError: the file has another shape.
    """
    return _open(path, samples, np.float32) if path.exists() else None


def _open(path: Path, samples: int, kind: DTypeLike) -> np.ndarray:
    hint = "Build the catalogue again with --overwrite."
    try:
        numbers = np.load(path, mmap_mode="r" if samples else None, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}.", hint) from None
    if numbers.shape != (samples,) or numbers.dtype != kind:
        raise UserError(f"{path} is damaged: {numbers.dtype} {numbers.shape}.", hint)
    return numbers  # type: ignore[no-any-return]
