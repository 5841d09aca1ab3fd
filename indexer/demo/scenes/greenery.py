"""Trees: single crowns, and canopies of any number at one price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.noise import SIZE, Field, blur, fractal, grain, shift
from indexer.demo.scenes.palette import SHADOW, Colour, Pixels, Ramp, colourise, mix, tint, varied

_CELLS = 128
"""Trees are numbered on a torus of this many cells a side (a power of two)."""
_TREES = _CELLS * _CELLS


@dataclass(frozen=True, slots=True)
class Canopy:
    """Crowns of a stand of trees, each a field (256, 256).

    Attributes:
        alpha: opacity 0..1.
        shade: brightness 0..1 of the crown's surface.
        hue: random number 0..1 that is constant within a crown.
        height: of the crown above ground in pixels of the picture.
    """

    alpha: Field
    shade: Field
    hue: Field
    height: float


def crowns(
    canvas: Canvas,
    density: Field | float,
    spacing: float,
    jitter: float = 0.42,
    size: tuple[float, float] = (0.3, 0.52),
    aspect: float = 1.0,
) -> Canopy:
    """Grow one crown per cell of a jittered grid in scene coordinates.

    Args:
        canvas: decides rotation, scale and light.
        density: probability that a tree stands, as a field or one number.
        spacing: of the grid, in scene units.
        jitter: displacement in cells; 0 plants rows.
        size: range of crown radii in cells; up to 0.55.
        aspect: spacing along v divided by spacing along u.
    """
    rng = canvas.rng
    pitch = max(spacing, 2.6 / canvas.placement.scale)
    u = canvas.u * np.float32(1 / pitch) + np.float32(_CELLS / 2 + rng.uniform(-4, 4))
    v = canvas.v * np.float32(1 / (pitch * aspect)) + np.float32(_CELLS / 2 + rng.uniform(-4, 4))
    if jitter:
        u = u + fractal(rng, 5, 2) * np.float32(1.1)
        v = v + fractal(rng, 5, 2) * np.float32(1.1)
    shift_u, shift_v = rng.uniform(-jitter, jitter, (2, _TREES)).astype(np.float32) + np.float32(0.5)
    radius = rng.uniform(*size, _TREES).astype(np.float32)
    chance = np.asarray(density, dtype=np.float32) + np.zeros_like(u)
    # Nothing is computed where no crown can reach.
    wooded = np.flatnonzero(blur(chance > 0.01, pitch * max(1, aspect) * canvas.placement.scale + 1) > 0)
    u, v, chance = u.ravel()[wooded], v.ravel()[wooded], chance.ravel()[wooded]
    near_u, near_v = np.floor(u - np.float32(0.5)), np.floor(v - np.float32(0.5))
    best = np.full(u.shape, 9, dtype=np.float32)
    winner, off_u, off_v = np.zeros_like(best), np.zeros_like(best), np.zeros_like(best)
    for step_u, step_v in ((0, 0), (1, 0), (0, 1), (1, 1)):
        cell_u, cell_v = near_u + np.float32(step_u), near_v + np.float32(step_v)
        cell = (cell_v.astype(np.intp) & (_CELLS - 1)) * _CELLS + (cell_u.astype(np.intp) & (_CELLS - 1))
        du = u - cell_u - np.take(shift_u, cell)
        dv = (v - cell_v - np.take(shift_v, cell)) * np.float32(aspect)
        scaled = (du * du + dv * dv) / np.take(radius * radius, cell)
        # Arithmetic selection: np.where on so irregular a mask costs ten times as much.
        closer = (scaled < best).astype(np.float32)
        best += (scaled - best) * closer
        winner += (cell.astype(np.float32) - winner) * closer
        off_u += (du - off_u) * closer
        off_v += (dv - off_v) * closer
    tree = winner.astype(np.intp)
    radii = np.take(radius, tree)
    alpha = np.clip((1 - np.sqrt(best)) * radii * np.float32(pitch * canvas.placement.scale * 0.9), 0, 1)
    stands = rng.random(_TREES, dtype=np.float32) < _mean_by(tree, chance)
    sun = canvas.placement.to_scene(canvas.sun)
    lit = (off_u * np.float32(sun[0]) + off_v * np.float32(sun[1])) / radii
    shade = np.float32(0.52) + np.float32(0.34) * lit - np.float32(0.1) * best
    hue = np.take(rng.random(_TREES, dtype=np.float32), tree)
    height = float(np.mean(size)) * pitch * canvas.placement.scale * 1.5
    alpha *= np.take(stands.astype(np.float32), tree)
    return Canopy(_spread(wooded, alpha), _spread(wooded, shade), _spread(wooded, hue), height)


def _mean_by(tree: NDArray[np.intp], values: Field) -> NDArray[np.float64]:
    """Mean of the pixels' values for every tree."""
    count = np.maximum(np.bincount(tree, minlength=_TREES), 1)
    mean: NDArray[np.float64] = np.bincount(tree, values, _TREES) / count
    return mean


def _spread(pixels: NDArray[np.intp], values: Field) -> Field:
    """The values at their pixels of the picture, 0 elsewhere."""
    field = np.zeros(SIZE * SIZE, dtype=np.float32)
    field[pixels] = values
    return field.reshape(SIZE, SIZE)


def plant(canvas: Canvas, canopy: Canopy, colours: Ramp | None = None, shadow: float = 0.5) -> None:
    """Draw a canopy and its shadow over whatever is there."""
    fallen = shift(canopy.alpha, canvas.shadow[0] * canopy.height, canvas.shadow[1] * canopy.height)
    shaded = mix(canvas.pixels(), SHADOW, fallen * np.float32(shadow))
    canvas.paint(mix(shaded, leaves(canvas, canopy, colours), canopy.alpha))


def leaves(canvas: Canvas, canopy: Canopy, colours: Ramp | None = None) -> Pixels:
    """Colours (256, 256, 3) of a canopy."""
    texture = grain(canvas.rng, 1) * np.float32(0.06)
    ramp = canvas.tones.tree_ramp if colours is None else colours
    return colourise(canopy.shade + texture + (canopy.hue - np.float32(0.5)) * np.float32(0.3), ramp)


def trees(canvas: Canvas, places: ArrayLike, radius: float, colour: Colour | None = None) -> None:
    """Draw single trees at (n, 2) scene positions: shadow, crown, sunlit side."""
    points = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    if not len(points):
        return
    rng = canvas.rng
    sun, fall = canvas.placement.to_scene(canvas.sun), canvas.placement.to_scene(canvas.shadow)
    radii = rng.uniform(0.75, 1.25, len(points)) * radius
    mask = canvas.mask()
    mask.discs(points + radii[:, None] * np.array(fall) * 1.2, radii, [255] * len(points))
    canvas.stamp(mask, SHADOW, 0.5)
    inks = varied(rng, (canvas.tones.tree if colour is None else colour,), len(points), 9)
    canvas.discs(points, radii, [tint(ink, 0.78) for ink in inks])
    bright = points + radii[:, None] * np.array(sun) * 0.25
    canvas.discs(bright, radii * 0.62, [tint(ink, 1.14) for ink in inks])
