"""Roads with their markings, and what moves or stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

import numpy as np
from numpy.typing import ArrayLike

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.palette import ASPHALT, CARS, SHADOW, WHITE_PAINT, Colour, tint, varied, vary
from indexer.demo.scenes.surface import Points, corners, offset, rotated


def road(
    canvas: Canvas,
    line: Points,
    width: float,
    colour: Colour = ASPHALT,
    lanes: int = 2,
    verge: Colour | None = None,
) -> None:
    """Draw a road along (n, 2): verge, carriageway, edge lines and dashes between its lanes."""
    if verge is not None:
        canvas.line(line, width + 2.4, verge)
    canvas.line(line, width, colour)
    if width * canvas.placement.scale < 4.5 or lanes < 2:
        return
    faint = tint(WHITE_PAINT, 0.88)
    for side in (-0.45, 0.45):
        canvas.line(offset(line, width * side), 0.4, faint)
    for lane in range(1, lanes):
        canvas.dashes(offset(line, width * 0.9 * (lane / lanes - 0.5)), 0.4, faint)


def cars_along(canvas: Canvas, lines: Sequence[Points], width: float, gap: float, size: float = 1.0) -> None:
    """Put cars on both lanes of roads of one width, `gap` scene units apart on average."""
    rng = canvas.rng
    places, headings = [], []
    for line in lines:
        steps = np.diff(line, axis=0)
        along = np.concatenate(([0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))))
        s = np.sort(rng.uniform(0, along[-1], int(along[-1] / gap)))
        piece = np.clip(np.searchsorted(along, s) - 1, 0, len(steps) - 1)
        heading = np.arctan2(steps[piece, 1], steps[piece, 0])
        side = np.where(rng.random(len(s)) < 0.5, -0.25, 0.25) * width
        x, y = np.interp(s, along, line[:, 0]), np.interp(s, along, line[:, 1])
        places.append(np.stack((x - np.sin(heading) * side, y + np.cos(heading) * side), axis=1))
        headings.append(heading)
    cars(canvas, np.concatenate(places), np.concatenate(headings), size)


def cars(canvas: Canvas, places: ArrayLike, headings: ArrayLike, size: float = 1.0) -> None:
    """Draw cars at (n, 2) pointing along `headings` (n,) radians, with their shadows."""
    points = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    near = np.hypot(points[:, 0], points[:, 1]) < canvas.reach * 1.42
    points, angles = points[near], np.asarray(headings, dtype=np.float64)[near]
    if not len(points):
        return
    fall = np.array(canvas.placement.to_scene(canvas.shadow)) * 1.1 * size
    boxes = oblongs(points, angles, 4.6 * size, 2.2 * size)
    mask = canvas.mask()
    mask.polygons(boxes + fall, [255] * len(boxes))
    canvas.stamp(mask, SHADOW, 0.55)
    inks = varied(canvas.rng, CARS, len(points), 6)
    canvas.polygons(boxes, inks)
    windows = oblongs(points, angles, 2.3 * size, 1.7 * size)
    canvas.polygons(windows, [tint(ink, 0.72) for ink in inks])


def oblongs(points: Points, angles: Points, length: float, width: float) -> Points:
    """Rectangles (n, 4, 2) at `points`, their `length` along `angles`."""
    unit = corners(0, 0, length, width)
    shapes: Points = rotated(unit[None], angles) + points[:, None]
    return shapes


def parking(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    depth: float,
    angle: float,
    full: float = 0.7,
    size: float = 1.0,
) -> None:
    """Draw a car park: asphalt, bays, parked cars."""
    rng = canvas.rng
    canvas.rect(x, y, width, depth, vary(rng, (112, 112, 114), 5), angle)
    bay, stall, aisle = 3.1 * size, 5.6 * size, 7.0 * size
    c, s = cos(angle), sin(angle)
    places, headings, marks = [], [], []
    for row in np.arange(-depth / 2 + stall / 2, depth / 2 - stall / 2 + 0.1, stall + aisle / 2):
        for column in np.arange(-width / 2 + bay, width / 2 - bay, bay):
            px, py = x + column * c - row * s, y + column * s + row * c
            a, b = (column - bay / 2, row - stall / 2), (column - bay / 2, row + stall / 2)
            marks.append([(x + p * c - q * s, y + p * s + q * c) for p, q in (a, b)])
            if rng.random() < full:
                places.append((px, py))
                headings.append(angle + pi / 2)
    if marks and canvas.placement.scale * size > 0.6:
        canvas.segments(marks, 0.35, (176, 176, 172))
    cars(canvas, places, headings, size)
