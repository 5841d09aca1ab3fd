"""Files of one whole number a sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer.errors import UserError


def open_integers(path: Path, samples: int) -> np.ndarray:
    """Map the numbers in `path`, int32 (samples,).

    Raises:
        UserError: the file is missing or has another shape.
    """
    hint = "Build the catalogue again with --overwrite."
    try:
        numbers = np.load(path, mmap_mode="r" if samples else None, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}.", hint) from None
    if numbers.shape != (samples,) or numbers.dtype != np.int32:
        raise UserError(f"{path} is damaged: {numbers.dtype} {numbers.shape}.", hint)
    return numbers  # type: ignore[no-any-return]
