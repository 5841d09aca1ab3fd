"""Buildings: cast shadows, walls seen obliquely, and roofs shaded by the sun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.palette import SHADOW, Colour, blend, tint
from indexer.demo.scenes.surface import Points, Surface, corners, ring

_SNOW_ROOF: Colour = (222, 226, 232)


@dataclass(frozen=True, slots=True)
class Building:
    """One building, in scene coordinates.

    Attributes:
        x, y: middle of the footprint.
        width, depth: sides of the footprint; a pitched roof's ridge runs along `width`.
        height: in the same units.
        angle: rotation in radians.
        colour: of the roof.
        roof: `flat`, `gable` or `hip`; `round` makes a cylinder of diameter `width`.
    """

    x: float
    y: float
    width: float
    depth: float
    height: float
    angle: float
    colour: Colour
    roof: str = "flat"

    def footprint(self) -> Points:
        """Corners (n, 2)."""
        if self.roof == "round":
            return ring(self.x, self.y, self.width / 2, n=25)[:-1]
        return corners(self.x, self.y, self.width, self.depth, self.angle)


def swept(outline: Points, dx: float, dy: float) -> Points:
    """What a convex outline (n, 2) covers when it is moved by (dx, dy): a convex hull, (m, 2)."""
    edges = np.roll(outline, -1, axis=0) - outline
    turning = edges[0, 0] * edges[1, 1] - edges[0, 1] * edges[1, 0]
    ahead = (edges[:, 1] * dx - edges[:, 0] * dy) * turning > 0
    behind = np.roll(ahead, 1)
    hull: list[tuple[float, float]] = []
    for (x, y), moves, moved in zip(outline.tolist(), ahead.tolist(), behind.tolist(), strict=True):
        near, far = (x, y), (x + dx, y + dy)
        hull += ((far,) if moved else (near, far)) if moves else ((far, near) if moved else (near,))
    return np.array(hull)


def cast(canvas: Canvas, outlines: Sequence[tuple[Points, float]], opacity: float = 0.52) -> None:
    """Darken the ground where convex outlines of some height cast their shadows."""
    mask = canvas.mask()
    cast_into(mask, canvas, outlines)
    canvas.stamp(mask, SHADOW, opacity)


def cast_into(mask: Surface, canvas: Canvas, outlines: Sequence[tuple[Points, float]]) -> None:
    """Draw the shadows into a mask instead, so that several kinds of things share one shadow."""
    dx, dy = canvas.placement.to_scene(canvas.shadow)
    for outline, height in outlines:
        mask.polygon(swept(outline, dx * height, dy * height), 255)


def build(canvas: Canvas, buildings: Sequence[Building], shadow: float = 0.52) -> None:
    """Draw buildings, far ones first by the order given; shadows fall only on the ground and are drawn first."""
    prints = [building.footprint() for building in buildings]
    cast(canvas, [(p, b.height) for p, b in zip(prints, buildings, strict=True)], shadow)
    lean = canvas.placement.to_scene(canvas.lean)
    sun = canvas.placement.to_scene(canvas.sun)
    for building, outline in zip(buildings, prints, strict=True):
        _walls(canvas, building, outline, lean)
        _roof(canvas, building, outline, lean, sun)


def _walls(canvas: Canvas, building: Building, outline: Points, lean: tuple[float, float]) -> None:
    dx, dy = lean[0] * building.height, lean[1] * building.height
    if hypot(dx, dy) > 0.6:
        canvas.polygon(swept(outline, dx, dy), blend(tint(building.colour, 0.5), (96, 94, 92), 0.5))


def _roof(
    canvas: Canvas, building: Building, outline: Points, lean: tuple[float, float], sun: tuple[float, float]
) -> None:
    top = outline + np.array(lean) * building.height
    colour = building.colour
    if canvas.tones.snow:
        colour = blend(colour, _SNOW_ROOF, 0.72)
    if building.roof in ("flat", "round"):
        canvas.polygon(top, tint(colour, 0.82))
        centre = top.mean(axis=0)
        inset = max(0.6, 1 - 2.2 / max(building.width, building.depth))
        canvas.polygon(centre + (top - centre) * inset, colour)
        return
    a, b, c, d = top
    left, right = (a + d) / 2, (b + c) / 2
    if building.roof == "hip":
        run = (right - left) * min(0.45, 0.5 * building.depth / max(building.width, 1e-6))
        left, right = left + run, right - run
        canvas.polygon((b, c, right), tint(colour, _lit(c, b, sun)))
        canvas.polygon((d, a, left), tint(colour, _lit(a, d, sun)))
    canvas.polygon((a, b, right, left), tint(colour, _lit(b, a, sun)))
    canvas.polygon((c, d, left, right), tint(colour, _lit(d, c, sun)))


def _lit(start: Points, end: Points, sun: tuple[float, float]) -> float:
    """Brightness of a roof face whose eaves run from `end` to `start`: bright where it faces the sun."""
    ex, ey = float(end[0] - start[0]), float(end[1] - start[1])
    length = max(hypot(ex, ey), 1e-6)
    return 0.95 + 0.25 * (-ey * sun[0] + ex * sun[1]) / length


def furnish(canvas: Canvas, buildings: Sequence[Building], per_roof: int = 3) -> None:
    """Put plant rooms, vents and skylights on the flat roofs."""
    rng, lean = canvas.rng, canvas.placement.to_scene(canvas.lean)
    shadow = canvas.placement.to_scene(canvas.shadow)
    for b in buildings:
        if b.roof != "flat" or min(b.width, b.depth) < 6:
            continue
        axes = np.array(((np.cos(b.angle), np.sin(b.angle)), (-np.sin(b.angle), np.cos(b.angle))))
        for _ in range(int(rng.integers(1, per_roof + 1))):
            along, across = rng.uniform(-0.33, 0.33, 2) * (b.width, b.depth)
            x, y = np.array((b.x, b.y)) + along * axes[0] + across * axes[1] + np.array(lean) * b.height
            w, d = rng.uniform(0.1, 0.24) * b.width, rng.uniform(0.1, 0.24) * b.depth
            canvas.rect(x + shadow[0] * 1.6, y + shadow[1] * 1.6, w, d, tint(b.colour, 0.6), b.angle)
            canvas.rect(x, y, w, d, tint(b.colour, rng.uniform(0.86, 1.18)), b.angle)
