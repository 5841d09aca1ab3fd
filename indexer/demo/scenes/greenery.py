"""Trees: single crowns, and canopies of any number at one price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.noise import Field, grain, shift
from indexer.demo.scenes.palette import SHADOW, Colour, Ramp, colourise, tint, vary


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
    rng, n = canvas.rng, 128
    pitch = max(spacing, 2.6 / canvas.placement.scale)
    u = canvas.u * np.float32(1 / pitch) + np.float32(n / 2 + rng.uniform(-4, 4))
    v = canvas.v * np.float32(1 / (pitch * aspect)) + np.float32(n / 2 + rng.uniform(-4, 4))
    table_u = rng.uniform(-jitter, jitter, n * n).astype(np.float32)
    table_v = rng.uniform(-jitter, jitter, n * n).astype(np.float32)
    radius = rng.uniform(*size, n * n).astype(np.float32)
    base_u, base_v = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    reach_u, reach_v = (u - base_u > 0.5).astype(np.int32) * 2 - 1, (v - base_v > 0.5).astype(np.int32) * 2 - 1
    best = np.full(u.shape, 9, dtype=np.float32)
    winner = np.zeros(u.shape, dtype=np.int32)
    off_u, off_v = np.zeros_like(best), np.zeros_like(best)
    for step_u, step_v in ((0, 0), (1, 0), (0, 1), (1, 1)):
        cell_u, cell_v = base_u + reach_u * step_u, base_v + reach_v * step_v
        cell = (cell_v % n) * n + cell_u % n
        du = u - cell_u - np.float32(0.5) - table_u[cell]
        dv = (v - cell_v - np.float32(0.5) - table_v[cell]) * np.float32(aspect)
        scaled = (du * du + dv * dv) / np.square(radius)[cell]
        closer = scaled < best
        best = np.where(closer, scaled, best)
        winner = np.where(closer, cell, winner)
        off_u, off_v = np.where(closer, du, off_u), np.where(closer, dv, off_v)
    size_px = radius[winner] * np.float32(pitch * canvas.placement.scale)
    alpha = np.clip((1 - np.sqrt(best)) * size_px * np.float32(0.9), 0, 1)
    alpha *= _present(rng, density, winner, n)
    sun = canvas.placement.to_scene(canvas.sun)
    lit = (off_u * np.float32(sun[0]) + off_v * np.float32(sun[1])) / radius[winner]
    shade = np.float32(0.52) + np.float32(0.34) * lit - np.float32(0.1) * best
    hue = rng.random(n * n, dtype=np.float32)[winner]
    return Canopy(alpha, shade, hue, float(np.mean(size)) * pitch * canvas.placement.scale * 1.5)


def _present(rng: np.random.Generator, density: Field | float, winner: Field, n: int) -> Field:
    """Whether the tree of each pixel's cell stands: 0 or 1."""
    draw = rng.random(n * n, dtype=np.float32)
    if isinstance(density, np.ndarray):
        flat = winner.ravel()
        total = np.bincount(flat, density.ravel(), n * n)
        count = np.maximum(np.bincount(flat, minlength=n * n), 1)
        return (draw < total / count).astype(np.float32)[winner]
    return (draw < density).astype(np.float32)[winner]


def plant(canvas: Canvas, canopy: Canopy, colours: Ramp | None = None, shadow: float = 0.5) -> None:
    """Draw a canopy and its shadow over whatever is there."""
    fallen = shift(canopy.alpha, canvas.shadow[0] * canopy.height, canvas.shadow[1] * canopy.height)
    canvas.lay(SHADOW, fallen * np.float32(shadow))
    canvas.lay(leaves(canvas, canopy, colours), canopy.alpha)


def leaves(canvas: Canvas, canopy: Canopy, colours: Ramp | None = None) -> Field:
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
    for (x, y), r in zip(points.tolist(), radii.tolist(), strict=True):
        mask.disc(x + fall[0] * r * 1.2, y + fall[1] * r * 1.2, r, 255)
    canvas.stamp(mask, SHADOW, 0.5)
    base = canvas.tones.tree if colour is None else colour
    for (x, y), r in zip(points.tolist(), radii.tolist(), strict=True):
        crown = vary(rng, base, 9)
        canvas.disc(x, y, r, tint(crown, 0.78))
        canvas.disc(x + sun[0] * r * 0.25, y + sun[1] * r * 0.25, r * 0.62, tint(crown, 1.14))
