"""Drawing in scene coordinates onto an image twice the final size, which antialiases by reduction.

Scene coordinates have their origin in the middle of the picture, x to the right and y down before the
scene is rotated, and are pixels of the final picture at the middle of a scene's range of scales.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, pi, sin

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from indexer.demo.scenes.noise import SIZE, Field

SUPERSAMPLING = 2
CANVAS = SIZE * SUPERSAMPLING

Points = NDArray[np.float64]
"""(n, 2) scene coordinates."""
Numbers = NDArray[np.float64]
_RIBBON = 8
"""A thick line of more points than this bends gently: one polygon along it is faster than rounded joints."""
Ink = int | tuple[int, int, int]


class Placement:
    """Scene coordinates -> canvas pixels: rotate by `angle` (radians), scale, centre the origin."""

    def __init__(self, scale: float, angle: float) -> None:
        self.scale = scale
        self.angle = angle
        k = scale * SUPERSAMPLING
        self._matrix = np.array(((cos(angle) * k, sin(angle) * k), (-sin(angle) * k, cos(angle) * k)))

    def to_canvas(self, points: ArrayLike) -> Points:
        """Scene points (..., 2) as canvas pixels (..., 2)."""
        placed: Points = np.asarray(points, dtype=np.float64) @ self._matrix + CANVAS / 2
        return placed

    def to_scene(self, direction: tuple[float, float]) -> tuple[float, float]:
        """A direction of the picture (x right, y down) in scene axes; its length stays."""
        c, s = cos(self.angle), sin(self.angle)
        return direction[0] * c + direction[1] * s, -direction[0] * s + direction[1] * c

    def grid(self) -> tuple[Field, Field]:
        """Scene coordinates (u, v) of every pixel centre of the picture."""
        c, s = np.float32(cos(self.angle) / self.scale), np.float32(sin(self.angle) / self.scale)
        axis = np.arange(SIZE, dtype=np.float32) + np.float32(0.5)
        x, y = axis[None, :] - np.float32(SIZE / 2), axis[:, None] - np.float32(SIZE / 2)
        return x * c + y * s, y * c - x * s


def corners(x: float, y: float, width: float, height: float, angle: float = 0.0) -> Points:
    """The four corners of a rectangle around (x, y) turned by `angle` radians."""
    c, s, a, b = cos(angle), sin(angle), width / 2, height / 2
    return np.array(
        [
            (x - a * c + b * s, y - a * s - b * c),
            (x + a * c + b * s, y + a * s - b * c),
            (x + a * c - b * s, y + a * s + b * c),
            (x - a * c - b * s, y - a * s + b * c),
        ]
    )


def rotated(shapes: Points, angles: Numbers) -> Points:
    """Shapes (n, corners, 2), each turned around the origin by its angle (n,) in radians."""
    c, s = np.cos(angles)[:, None], np.sin(angles)[:, None]
    x, y = shapes[..., 0], shapes[..., 1]
    return np.stack((x * c - y * s, x * s + y * c), axis=-1)


def ring(
    x: float,
    y: float,
    rx: float,
    ry: float | None = None,
    start: float = 0,
    stop: float = 2 * pi,
    n: int = 48,
) -> Points:
    """Points of an ellipse or an arc of it (radians, towards +y)."""
    t = np.linspace(start, stop, n)
    return np.stack((x + rx * np.cos(t), y + (rx if ry is None else ry) * np.sin(t)), axis=1)


def spline(knots: ArrayLike, n: int = 60) -> Points:
    """A smooth (Catmull-Rom) line through the knots, (n, 2)."""
    p = np.asarray(knots, dtype=np.float64)
    padded = np.concatenate((2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]))
    at = np.linspace(0, len(p) - 1 - 1e-9, n)
    i, t = at.astype(int), (at % 1)[:, None]
    a, b, c, d = padded[i], padded[i + 1], padded[i + 2], padded[i + 3]
    result: Points = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return result


def offset(line: Points, distance: float) -> Points:
    """The line moved sideways by `distance` (positive: to the right when walking along it, y down)."""
    tangent = np.gradient(line, axis=0)
    length = np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-9)
    normal = np.stack((-tangent[:, 1], tangent[:, 0]), axis=1) / length[:, None]
    moved: Points = line + normal * distance
    return moved


class Surface:
    """An image of the canvas size with a pencil that takes scene coordinates."""

    def __init__(self, mode: str, placement: Placement, ink: Ink = 0) -> None:
        self.image = Image.new(mode, (CANVAS, CANVAS), ink)
        self.placement = placement
        self.pencil = ImageDraw.Draw(self.image)

    def use(self, image: Image.Image) -> None:
        """Go on drawing on `image`."""
        self.image = image
        self.pencil = ImageDraw.Draw(image)

    def polygon(self, points: ArrayLike, ink: Ink) -> None:
        """Fill a polygon (n, 2)."""
        self.pencil.polygon(self.placement.to_canvas(points).ravel().tolist(), fill=ink)

    def place(self, shapes: Points) -> list[list[float]]:
        """Shapes (n, corners, 2) as what the pencil takes, for drawing them one by one in some order."""
        return _flat(self.placement.to_canvas(shapes))

    def polygons(self, shapes: ArrayLike, inks: Iterable[Ink]) -> None:
        """Fill many polygons of as many corners each, (n, corners, 2)."""
        placed = self.placement.to_canvas(shapes)
        for flat, ink, shown in zip(_flat(placed), inks, _in_sight(placed), strict=True):
            if shown:
                self.pencil.polygon(flat, fill=ink)

    def rect(self, x: float, y: float, width: float, height: float, ink: Ink, angle: float = 0.0) -> None:
        """Fill a rectangle around (x, y)."""
        self.polygon(corners(x, y, width, height, angle), ink)

    def disc(self, x: float, y: float, radius: float, ink: Ink) -> None:
        """Fill a circle."""
        (a, b), r = self.placement.to_canvas((x, y)), radius * self.placement.scale * SUPERSAMPLING
        self.pencil.ellipse((a - r, b - r, a + r, b + r), fill=ink)

    def discs(self, centres: ArrayLike, radii: ArrayLike, inks: Iterable[Ink]) -> None:
        """Fill many circles: centres (n, 2), radii (n,) or one."""
        placed = self.placement.to_canvas(centres)
        r = np.broadcast_to(np.asarray(radii) * self.placement.scale * SUPERSAMPLING, placed.shape[:1])
        boxes = np.stack((placed - r[:, None], placed + r[:, None]), axis=1)
        for box, ink, shown in zip(_flat(boxes), inks, _in_sight(boxes), strict=True):
            if shown:
                self.pencil.ellipse(box, fill=ink)

    def circle(self, x: float, y: float, radius: float, ink: Ink, width: float = 1.0) -> None:
        """Draw a circle's outline."""
        k = self.placement.scale * SUPERSAMPLING
        (a, b), r = self.placement.to_canvas((x, y)), radius * k
        self.pencil.ellipse((a - r, b - r, a + r, b + r), outline=ink, width=max(1, round(width * k)))

    def line(self, points: ArrayLike, width: float, ink: Ink) -> None:
        """Draw a line; never thinner than half a pixel of the picture."""
        thickness = max(1, round(width * self.placement.scale * SUPERSAMPLING))
        placed = self.placement.to_canvas(points)
        if thickness > 3 and len(placed) > _RIBBON:
            sides = (offset(placed, thickness / 2), offset(placed, -thickness / 2)[::-1])
            self.pencil.polygon(np.concatenate(sides).ravel().tolist(), fill=ink)
            return
        joint = "curve" if thickness > 3 and len(placed) > 2 else None
        self.pencil.line(placed.ravel().tolist(), fill=ink, width=thickness, joint=joint)

    def segments(self, pairs: ArrayLike, width: float, ink: Ink) -> None:
        """Draw many straight lines, (n, 2, 2)."""
        thickness = max(1, round(width * self.placement.scale * SUPERSAMPLING))
        placed = self.placement.to_canvas(pairs)
        for flat in _flat(placed[_in_sight(placed)]):
            self.pencil.line(flat, fill=ink, width=thickness)

    def dashes(self, points: ArrayLike, width: float, ink: Ink, dash: float = 3.0, gap: float = 4.0) -> None:
        """Draw a dashed line along the points."""
        p = np.asarray(points, dtype=np.float64)
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(p, axis=0).T))))
        starts = np.arange(0, along[-1], dash + gap)
        ends = np.minimum(starts + dash, along[-1])

        def at(s: Points) -> Points:
            return np.stack((np.interp(s, along, p[:, 0]), np.interp(s, along, p[:, 1])), axis=1)

        if len(starts):
            self.segments(np.stack((at(starts), at(ends)), axis=1), width, ink)

    def field(self) -> Field:
        """A mask reduced to the picture's size, 0..1."""
        reduced = self.image.reduce(SUPERSAMPLING)
        return np.asarray(reduced, dtype=np.float32) * np.float32(1 / 255)


def _flat(placed: Points) -> list[list[float]]:
    """Shapes (n, corners, 2) as flat coordinate lists."""
    flat: list[list[float]] = placed.reshape(len(placed), placed.shape[1] * 2).tolist()
    return flat


def _in_sight(placed: Points) -> NDArray[np.bool_]:
    """Which canvas shapes (n, corners, 2) have a bounding box that meets the canvas."""
    if not len(placed):
        return np.zeros(0, dtype=bool)
    seen: NDArray[np.bool_] = np.all((placed.max(axis=1) > 0) & (placed.min(axis=1) < CANVAS), axis=1)
    return seen


def scatter(rng: np.random.Generator, n: int, reach: float) -> Points:
    """`n` points uniform in the square of half-side `reach`."""
    return rng.uniform(-reach, reach, (n, 2))


def wander(
    rng: np.random.Generator, reach: float, bend: float, knots: int = 6, across: float = 0.0
) -> Sequence[tuple[float, float]]:
    """Knots of a line crossing the picture along x at height `across`, bending by about `bend`."""
    xs = np.linspace(-reach, reach, knots)
    ys = across + rng.normal(0, bend, knots)
    return [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]


def parcels(rng: np.random.Generator, reach: float, smallest: float, slant: float = 0.18) -> Points:
    """Split the square of half-side `reach` into quadrilaterals (n, 4, 2) by repeated slanted cuts.

    Args:
        rng: source of randomness.
        reach: half-side of the square.
        smallest: a piece with a side of about this length is not cut across that side any more.
        slant: how far a cut may deviate from a right angle, as a fraction of the side.
    """
    waiting = [corners(0, 0, 2 * reach, 2 * reach)]
    done: list[Points] = []
    while waiting:
        a, b, c, d = waiting.pop()
        width = (np.hypot(*(b - a)) + np.hypot(*(c - d))) / 2
        depth = (np.hypot(*(d - a)) + np.hypot(*(c - b))) / 2
        if max(width, depth) < smallest * rng.uniform(1.6, 3.4):
            done.append(np.array((a, b, c, d)))
            continue
        at = rng.uniform(0.36, 0.64)
        first, second = at + rng.uniform(-slant, slant) * 0.5, at + rng.uniform(-slant, slant) * 0.5
        if width > depth:
            p, q = a + (b - a) * first, d + (c - d) * second
            waiting += [np.array((a, p, q, d)), np.array((p, b, c, q))]
        else:
            p, q = a + (d - a) * first, b + (c - b) * second
            waiting += [np.array((a, b, q, p)), np.array((p, q, c, d))]
    return np.array(done)


def shrunk(quads: Points, margin: float) -> Points:
    """Quadrilaterals (n, 4, 2) drawn in by about `margin` on every side."""
    centre = quads.mean(axis=1, keepdims=True)
    arm = quads - centre
    length = np.maximum(np.hypot(arm[..., 0], arm[..., 1]), 1e-6)[..., None]
    inside: Points = centre + arm * np.maximum(1 - 1.35 * margin / length, 0.05)
    return inside
