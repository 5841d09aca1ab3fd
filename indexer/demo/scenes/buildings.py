"""Buildings: cast shadows, walls seen obliquely, and roofs shaded by the sun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.palette import SHADOW, Colour, blend, tint
from indexer.demo.scenes.surface import Numbers, Points, Surface, corners, ring

_SNOW_ROOF: Colour = (222, 226, 232)
_FACES = 6


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
    """Draw buildings in the order given; their shadows fall only on the ground and are drawn first."""
    seen = _visible(canvas, buildings)
    if not seen:
        return
    boxes = _Boxes(seen)
    mask = canvas.mask()
    cast_to = canvas.placement.to_scene(canvas.shadow)
    for building, hull in zip(seen, mask.place(boxes.swept(cast_to)), strict=True):
        if building.roof == "round":
            dx, dy = cast_to[0] * building.height, cast_to[1] * building.height
            mask.polygon(swept(building.footprint(), dx, dy), 255)
        else:
            mask.pencil.polygon(hull, fill=255)
    canvas.stamp(mask, SHADOW, shadow)
    lean, sun = canvas.placement.to_scene(canvas.lean), canvas.placement.to_scene(canvas.sun)
    walls = canvas.place(boxes.swept(lean))
    faces = boxes.faces(lean)
    flat_faces, sides = canvas.place(faces.reshape(-1, 4, 2)), boxes.brightness(sun).tolist()
    fill = canvas.pencil.polygon
    for k, building in enumerate(seen):
        colour = blend(building.colour, _SNOW_ROOF, 0.72) if canvas.tones.snow else building.colour
        wall = blend(tint(building.colour, 0.5), (96, 94, 92), 0.5)
        if building.roof == "round":
            _cylinder(canvas, building, lean, colour, wall)
            continue
        fill(walls[k], fill=wall)
        here = flat_faces[k * _FACES : (k + 1) * _FACES]
        if building.roof == "flat":
            fill(here[4], fill=tint(colour, 0.82))
            fill(here[5], fill=colour)
        else:
            for face in range(2 if building.roof == "gable" else 4):
                fill(here[face], fill=tint(colour, sides[k][face]))


def _visible(canvas: Canvas, buildings: Sequence[Building]) -> list[Building]:
    """The buildings of which something, shadow included, can fall into the picture."""
    if not buildings:
        return []
    at = canvas.placement.to_canvas(np.array([(b.x, b.y) for b in buildings]))
    reach = np.array([b.width + b.depth + 2 * b.height for b in buildings]) * canvas.placement.scale
    inside = np.all((at > -reach[:, None]) & (at < canvas.image.size[0] + reach[:, None]), axis=1)
    return [b for b, kept in zip(buildings, inside.tolist(), strict=True) if kept]


class _Boxes:
    """The geometry of many rectangular buildings at once."""

    def __init__(self, buildings: Sequence[Building]) -> None:
        rows = np.array([(b.x, b.y, b.width / 2, b.depth / 2, b.height, b.angle) for b in buildings])
        self.centre, self.half, self.height = rows[:, 0:2], rows[:, 2:4], rows[:, 4]
        self.hipped = np.array([b.roof == "hip" for b in buildings])
        self.along = np.stack((np.cos(rows[:, 5]), np.sin(rows[:, 5])), axis=1)
        self.across = np.stack((-self.along[:, 1], self.along[:, 0]), axis=1)

    def at(self, a: Numbers | float, b: Numbers | float) -> Points:
        """Points (n, 2) at (a, b) times the half-sides from the centres."""
        x, y = (self.half[:, 0] * a)[:, None], (self.half[:, 1] * b)[:, None]
        point: Points = self.centre + self.along * x + self.across * y
        return point

    def swept(self, towards: tuple[float, float]) -> Points:
        """Hexagons (n, 6, 2) between the footprints and the same moved by `towards` times the heights."""
        step = np.array(towards)
        a = np.where(self.along @ step >= 0, 1.0, -1.0)
        b = np.where(self.across @ step >= 0, 1.0, -1.0)
        move = self.height[:, None] * step
        near, far, one, two = self.at(-a, -b), self.at(a, b), self.at(a, -b), self.at(-a, b)
        return np.stack((near, one, one + move, far + move, two + move, two), axis=1)

    def faces(self, lean: tuple[float, float]) -> Points:
        """Roof faces (n, 6, 4, 2): two long sides, two hips, a flat roof's parapet and its inside."""
        rise = self.height[:, None] * np.array(lean)
        a, b, c, d = (self.at(s, t) + rise for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
        run = np.where(self.hipped, np.minimum(0.9, self.half[:, 1] / self.half[:, 0]), 0.0)
        left, right = self.at(run - 1, 0) + rise, self.at(1 - run, 0) + rise
        k = np.maximum(0.6, 1 - 1.1 / self.half.max(axis=1))
        inner = [self.at(s * k, t * k) + rise for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        quads = (
            (a, b, right, left),
            (c, d, left, right),
            (b, c, right, right),
            (d, a, left, left),
            (a, b, c, d),
            inner,
        )
        return np.stack([np.stack(quad, axis=1) for quad in quads], axis=1)

    def brightness(self, sun: tuple[float, float]) -> Numbers:
        """Brightness (n, 4) of the long sides and hips: Lambert for a fixed pitch, linearised."""
        long, short = self.across @ np.array(sun), self.along @ np.array(sun)
        lit: Numbers = 0.95 + 0.25 * np.stack((-long, long, short, -short), axis=1)
        return lit


def _cylinder(
    canvas: Canvas, building: Building, lean: tuple[float, float], colour: Colour, wall: Colour
) -> None:
    dx, dy = lean[0] * building.height, lean[1] * building.height
    canvas.polygon(swept(building.footprint(), dx, dy), wall)
    canvas.disc(building.x + dx, building.y + dy, building.width / 2, tint(colour, 0.82))
    canvas.disc(building.x + dx, building.y + dy, max(building.width / 2 - 1.1, building.width * 0.3), colour)


def furnish(canvas: Canvas, buildings: Sequence[Building], per_roof: int = 3) -> None:
    """Put plant rooms, vents and skylights on the flat roofs."""
    rng, lean = canvas.rng, canvas.placement.to_scene(canvas.lean)
    roofs = [b for b in _visible(canvas, buildings) if b.roof == "flat" and min(b.width, b.depth) >= 6]
    roofs = [b for b in roofs for _ in range(int(rng.integers(1, per_roof + 1)))]
    if not roofs:
        return
    spots, sizes = rng.uniform(-0.66, 0.66, (len(roofs), 2)), rng.uniform(0.1, 0.24, (len(roofs), 2))
    boxes = _Boxes(roofs)
    middle = boxes.at(spots[:, 0], spots[:, 1]) + boxes.height[:, None] * np.array(lean)
    signs = np.array(((-1, -1), (1, -1), (1, 1), (-1, 1)))
    arms = signs[None] * (sizes * boxes.half)[:, None]
    shapes = middle[:, None] + arms[..., :1] * boxes.along[:, None] + arms[..., 1:] * boxes.across[:, None]
    shade = 1.6 * np.array(canvas.placement.to_scene(canvas.shadow))
    bright = rng.uniform(0.86, 1.18, len(roofs)).tolist()
    canvas.polygons(shapes + shade, [tint(b.colour, 0.6) for b in roofs])
    canvas.polygons(shapes, [tint(b.colour, f) for b, f in zip(roofs, bright, strict=True)])
