"""How well two pictures agree once laid over each other: what tells a copy from another scene of its kind.

Vectors of two islands in the same sea can be as close as those of a picture and its copy. A copy, though, is
the same picture resized, saved again, brightened or cut at the edges, so that one of both, or a slightly
smaller window of it, has the other's pattern of light and dark in red, green and blue.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

SIDE = 64
"""Side in pixels of the small pictures that are compared."""

MEASURE = "rgb"
"""Name of the measure. Pairs that another one was taken of are not taken over; see `NearQuery.key`."""

# The pattern is held to be the same or not at this size: small enough to forgive sharpening and compression.
_PATTERN = 16
# Windows: cut by up to a tenth, at every quarter of the play that this leaves.
_WIDTHS = (1.0, 0.975, 0.95, 0.925, 0.9)
_PLAYS = (0.0, 0.25, 0.5, 0.75, 1.0)
_CHANNELS = 3
# As many as the processor's caches hold.
_AT_ONCE = 32


def agreement(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Best normalised cross-correlation of each picture with a window of its counterpart, either way round.

    Args:
        one: RGB pictures, uint8 (n, SIDE, SIDE, 3).
        other: their counterparts, of the same shape.

    Returns:
        float32 (n,), -1 to 1; 0 where a picture is of one shade.
    """
    found = np.empty(len(one), np.float32)
    for start in range(0, len(one), _AT_ONCE):
        end = start + _AT_ONCE
        left, right = (np.moveaxis(side[start:end], 3, 1).astype(np.float32) for side in (one, other))
        found[start:end] = np.maximum(_best_window(left, right), _best_window(right, left))
    return found


def _best_window(cut: NDArray[np.float32], whole: NDArray[np.float32]) -> NDArray[np.float32]:
    """Best correlation of `whole` with a window of `cut`, (n,); both are (n, channels, SIDE, SIDE)."""
    pattern = _windows(whole, 1.0)
    strength = np.linalg.norm(pattern, axis=2)
    best = np.full(len(cut), -1.0, np.float32)
    for width in _WIDTHS:
        windows = _windows(cut, width)
        products = (windows @ pattern.transpose(0, 2, 1))[:, :, 0]
        lengths = np.linalg.norm(windows, axis=2) * strength
        # A picture of one shade has no pattern; a quarter of a grey level is what rounding leaves of one.
        flat = lengths < 0.25**2 * windows.shape[2]
        np.maximum(best, np.where(flat, 0.0, products / np.where(flat, 1.0, lengths)).max(axis=1), out=best)
    return best


def _windows(pictures: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    """Every window of that width as a pattern, each channel around its mean: (n, windows, pattern)."""
    reduce = np.concatenate([_reduction((1 - width) * play, width) for play in _plays(width)])
    places = len(reduce) // _PATTERN
    reduced = reduce @ pictures @ reduce.T
    split = reduced.reshape(len(pictures), _CHANNELS, places, _PATTERN, places, _PATTERN)
    windows = split.transpose(0, 2, 4, 1, 3, 5).reshape(len(pictures), places**2, _CHANNELS, -1)
    windows -= windows.mean(axis=3, keepdims=True)
    patterns: NDArray[np.float32] = windows.reshape(len(pictures), places**2, -1)
    return patterns


def _plays(width: float) -> tuple[float, ...]:
    return _PLAYS if width < 1 else (0.0,)


@cache
def _reduction(begin: float, width: float) -> NDArray[np.float32]:
    """Weights of the pixels of one axis in each cell of a window of it: means by area, (pattern, SIDE)."""
    edges = (begin + width * np.arange(_PATTERN + 1) / _PATTERN) * SIDE
    pixels = np.arange(SIDE)
    covered = np.minimum(edges[1:, np.newaxis], pixels + 1) - np.maximum(edges[:-1, np.newaxis], pixels)
    weights = np.clip(covered, 0, None)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
