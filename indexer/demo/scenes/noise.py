"""Random fields that terrain, water, canopies and clouds are made of.

A field is float32 (256, 256). Low-resolution noise is enlarged by Pillow, which is several times faster than
evaluating gradient noise per pixel and looks the same at this size.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

SIZE = 256
"""Side of every picture in pixels."""

Field = NDArray[np.float32]
_DRAWN = 48 * 48
"""Up to this many values white noise is drawn anew."""


def resize(field: Field, side: int = SIZE) -> Field:
    """Resample a 2-D field to (side, side): bicubic, or bilinear where that makes no difference."""
    method = Image.Resampling.BICUBIC if min(field.shape) < SIZE // 2 else Image.Resampling.BILINEAR
    image = Image.fromarray(field).resize((side, side), method)
    return np.asarray(image, dtype=np.float32)


def normalise(field: Field) -> Field:
    """Stretch to 0..1."""
    low, high = float(field.min()), float(field.max())
    return (field - np.float32(low)) * np.float32(1.0 / max(high - low, 1e-6))


def fractal(
    rng: np.random.Generator, cells: float = 4, octaves: int = 6, roughness: float = 0.5, stretch: float = 1.0
) -> Field:
    """Fractal (value) noise in 0..1.

    Args:
        rng: source of randomness.
        cells: features across the picture at the coarsest octave.
        octaves: number of doublings; `cells * 2 ** octaves` beyond 256 adds nothing.
        roughness: amplitude of an octave relative to the one before it.
        stretch: how many times longer features are along x than along y.
    """
    rows = max(2, round(cells * stretch**0.5))
    columns = max(2, round(cells / stretch**0.5))
    field = rng.standard_normal((rows, columns), dtype=np.float32)
    amplitude = np.float32(1.0)
    for _ in range(octaves - 1):
        rows, columns = min(SIZE, rows * 2), min(SIZE, columns * 2)
        larger = Image.fromarray(field).resize((columns, rows), Image.Resampling.BICUBIC)
        amplitude = np.float32(amplitude * roughness)
        field = np.asarray(larger, dtype=np.float32)
        field = field + amplitude * _white(rng, rows, columns)
        if min(rows, columns) >= SIZE:
            break
    return normalise(resize(field))


def grain(rng: np.random.Generator, softness: int = 0) -> Field:
    """Pixel noise of mean 0 and unit variance; softness 0 to 3 grows its spots."""
    cut = _cut(rng, _sheet(softness), SIZE, SIZE)
    return cut.T if rng.random() < 0.5 else cut


def _white(rng: np.random.Generator, rows: int, columns: int) -> Field:
    """White noise; large pieces are cut from a fixed sheet, which is much faster than drawing them."""
    if rows * columns > _DRAWN:
        return _cut(rng, _sheet(0), rows, columns)
    return rng.standard_normal((rows, columns), dtype=np.float32)


def _cut(rng: np.random.Generator, sheet: Field, rows: int, columns: int) -> Field:
    top, left = rng.integers(0, (sheet.shape[0] - rows, sheet.shape[1] - columns)).tolist()
    piece: Field = sheet[top : top + rows, left : left + columns]
    return piece


@lru_cache(maxsize=8)
def _sheet(softness: int) -> Field:
    side = 3 * SIZE
    field = np.random.default_rng(softness).standard_normal((side, side), dtype=np.float32)
    if softness:
        image = Image.fromarray(np.clip(field * 40 + 128, 0, 255).astype(np.uint8))
        field = np.asarray(image.filter(ImageFilter.GaussianBlur(0.6 * softness)), dtype=np.float32)
        field = (field - field.mean()) / field.std()
    field.setflags(write=False)
    return field


def smoothstep(low: float, high: float, field: Field) -> Field:
    """0 below `low`, 1 above `high`, smooth between (low > high reverses)."""
    t: Field = np.clip((field - np.float32(low)) * np.float32(1.0 / (high - low)), 0, 1)
    return t * t * (np.float32(3) - np.float32(2) * t)


def level(field: Field, fraction: float) -> float:
    """Value that a `fraction` (0..1) of the pixels lies above."""
    flat = field.ravel()
    rank = min(flat.size - 1, max(0, round((1 - fraction) * (flat.size - 1))))
    return float(np.partition(flat, rank)[rank])


def blur(field: Field | NDArray[np.bool_], radius: float) -> Field:
    """Box blur of a 0..1 field, at 8-bit precision."""
    image = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.BoxBlur(radius)), dtype=np.float32) * np.float32(1 / 255)


def shift(field: Field, dx: float, dy: float) -> Field:
    """Move the content by whole pixels to the right and down; the border value is repeated."""
    x, y = round(dx), round(dy)
    rows = np.clip(np.arange(SIZE) - y, 0, SIZE - 1)
    columns = np.clip(np.arange(SIZE) - x, 0, SIZE - 1)
    moved: Field = field[rows][:, columns]
    return moved


def slope(height: Field) -> tuple[Field, Field]:
    """Central differences (d/dx, d/dy) of a height field per pixel."""
    dx, dy = np.empty_like(height), np.empty_like(height)
    dx[:, 1:-1] = (height[:, 2:] - height[:, :-2]) * np.float32(0.5)
    dx[:, 0], dx[:, -1] = dx[:, 1], dx[:, -2]
    dy[1:-1] = (height[2:] - height[:-2]) * np.float32(0.5)
    dy[0], dy[-1] = dy[1], dy[-2]
    return dx, dy


def hillshade(height: Field, sun: tuple[float, float], strength: float) -> Field:
    """Brightness factor around 1 of a relief lit from direction `sun` (image x, y towards the sun).

    The first-order Lambert term: linear in the slope, compressed so that steep faces keep their detail.
    """
    dx, dy = slope(height)
    lit = (dx * np.float32(-sun[0]) + dy * np.float32(-sun[1])) * np.float32(strength)
    return 1 + np.tanh(lit) * np.float32(0.6)


def ridged(rng: np.random.Generator, cells: float = 4, octaves: int = 6, roughness: float = 0.5) -> Field:
    """Noise in 0..1 with sharp crests at 1, as mountain ridges or, upside down, as channels."""
    return 1 - normalise(np.abs(fractal(rng, cells, octaves, roughness) - np.float32(0.5)))


def voronoi(rng: np.random.Generator, n: int, wobble: float = 0.0) -> tuple[Field, NDArray[np.intp]]:
    """Cells around `n` random points.

    Args:
        rng: source of randomness.
        n: number of points.
        wobble: how far noise displaces the borders, in pixels.

    Returns:
        Distance from the nearest border in pixels, roughly, and the cell number of every pixel.
    """
    half = SIZE // 2
    x, y = rng.uniform(-20, SIZE + 20, (2, n)).astype(np.float32)
    axis = np.arange(0, SIZE, 2, dtype=np.float32) + np.float32(1)
    px, py = axis[None, :], axis[:, None]
    if wobble:
        px = px + (resize(fractal(rng, 8, 4), half) - np.float32(0.5)) * np.float32(2 * wobble)
        py = py + (resize(fractal(rng, 8, 4), half) - np.float32(0.5)) * np.float32(2 * wobble)
    first = np.full((half, half), 1e9, dtype=np.float32)
    second, owner = first.copy(), np.zeros_like(first)
    for i in range(n):
        distance = (px - x[i]) ** 2 + (py - y[i]) ** 2
        second = np.minimum(second, np.maximum(first, distance))
        closer = (distance < first).astype(np.float32)
        owner += (np.float32(i) - owner) * closer
        first = np.minimum(first, distance)
    border = (np.sqrt(second) - np.sqrt(first)) * np.float32(0.5)
    cells = np.asarray(Image.fromarray(owner).resize((SIZE, SIZE), Image.Resampling.NEAREST)).astype(np.intp)
    return np.maximum(resize(border), 0), cells
