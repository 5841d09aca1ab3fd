"""Airports."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.demo.scenes.buildings import Building, build, furnish
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.noise import fractal, grain, smoothstep
from indexer.demo.scenes.palette import (
    ASPHALT,
    CONCRETE,
    FLAT_ROOF,
    METAL_ROOF,
    SHADOW,
    WHITE_PAINT,
    YELLOW_PAINT,
    Colour,
    pick,
    tint,
    vary,
)  # fmt: skip
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Numbers, Points
from indexer.demo.scenes.traffic import cars_along, parking, road

Stand = tuple[float, float, float, float]
"""x, y, heading and length of a parked jet."""
_JET = (
    ((0.52, 0.0), (0.46, 0.045), (-0.4, 0.05), (-0.52, 0.01), (-0.52, -0.01), (-0.4, -0.05), (0.46, -0.045)),
    ((0.14, 0.05), (-0.2, 0.5), (-0.28, 0.5), (-0.1, 0.05)),
    ((0.14, -0.05), (-0.2, -0.5), (-0.28, -0.5), (-0.1, -0.05)),
    ((-0.36, 0.0), (-0.47, 0.18), (-0.52, 0.18), (-0.45, 0.0)),
    ((-0.36, 0.0), (-0.47, -0.18), (-0.52, -0.18), (-0.45, 0.0)),
    ((0.06, 0.16), (0.06, 0.22), (-0.06, 0.22), (-0.06, 0.16)),
    ((0.06, -0.16), (0.06, -0.22), (-0.06, -0.22), (-0.06, -0.16)),
)  # fmt: skip


@scene("airport", "temperate", "arid", "tropical", "coast", gsd_m=(1.2, 2.6))
def airport(c: Canvas) -> Facts:
    """A runway with markings and tyre marks, taxiways, an apron, a terminal with jets at its gates."""
    rng, reach = c.rng, c.reach
    cover = fractal(rng, 3, 6)
    mown = np.sin(c.v * np.float32(2 * pi / rng.uniform(14, 24))) * np.float32(0.1)
    c.ground(c.tones.grass_ramp, cover * np.float32(0.7) + mown + np.float32(0.15))
    y, width = rng.uniform(-66, -34), rng.uniform(17, 23)
    taxiway = y + width / 2 + rng.uniform(17, 22)
    apron = taxiway + rng.uniform(13, 20)
    crossing = bool(rng.random() < 0.3)
    if crossing:
        _runway(
            c, np.array((rng.uniform(-90, 90), y)), rng.uniform(0.5, 1.1) * rng.choice((-1, 1)), width * 0.85
        )
    paved = vary(rng, tint(CONCRETE, 0.86), 8)
    c.rect(0, taxiway, 2.2 * reach, 8, paved)
    for x in np.arange(-reach, reach, rng.uniform(56, 84)).tolist():
        slant = rng.uniform(-18, 18)
        c.line(((x, y), (x + slant, taxiway)), 8, paved)
        c.line(((x, y), (x + slant, taxiway)), 0.5, YELLOW_PAINT)
    middle, half = rng.uniform(-25, 25), rng.uniform(88, 130)
    _apron(c, middle, half, apron, taxiway, paved)
    c.line(((-reach, taxiway), (reach, taxiway)), 0.6, YELLOW_PAINT)
    _runway(c, np.array((0.0, y)), 0.0, width)
    parked = _terminal(c, middle, half, apron)
    beyond = smoothstep(y - 58, y - 66, c.v) * smoothstep(0.4, 0.6, cover)
    plant(c, crowns(c, beyond * np.float32(0.8), rng.uniform(6, 9)))
    c.light(1 + grain(rng, 1) * np.float32(0.02))
    return {"planes": parked, "runways": 1 + crossing, "parts": "runway, taxiway and terminal"}


def _runway(c: Canvas, at: Numbers, angle: float, width: float) -> None:
    rng, reach = c.rng, c.reach * 1.3
    along, across = np.array((cos(angle), sin(angle))), np.array((-sin(angle), cos(angle)))

    def line(start: float, stop: float, side: float = 0.0) -> Points:
        return np.array((at + along * start + across * side, at + along * stop + across * side))

    surface = vary(rng, pick(rng, (ASPHALT, tint(ASPHALT, 0.85), tint(CONCRETE, 0.82))), 7)
    c.line(line(-reach, reach), width + 13, tint(c.tones.grass, 1.07))
    c.line(line(-reach, reach), width + 3, tint(surface, 1.12))
    c.line(line(-reach, reach), width, surface)
    threshold = rng.uniform(-105, 60)
    for side in (-0.12, 0.12):
        c.line(line(threshold + 30, threshold + 118, side * width), width * 0.13, tint(surface, 0.78))
    for edge in (-0.45, 0.45):
        c.line(line(-reach, reach, edge * width), 0.8, WHITE_PAINT)
    c.dashes(line(-reach, reach), 0.9, WHITE_PAINT, 10, 8)
    for bar in np.linspace(-0.36, 0.36, 8) * width:
        c.line(line(threshold, threshold + 14, bar), 1.1, WHITE_PAINT)
    for mark in (44, 66, 88):
        for side in (-0.2, 0.2):
            c.line(line(threshold + mark, threshold + mark + 10, side * width), 2.0, WHITE_PAINT)


def _apron(c: Canvas, middle: float, half: float, apron: float, taxiway: float, paved: Colour) -> None:
    concrete = vary(c.rng, CONCRETE, 7)
    for x in (-half * 0.8, 0, half * 0.8):
        c.line(((middle + x, taxiway), (middle + x, apron + 4)), 9, paved)
    c.rect(middle, apron + 40, 2 * half, 80, concrete)
    joints = [((x, apron), (x, apron + 80)) for x in np.arange(middle - half, middle + half, 8).tolist()]
    joints += [((middle - half, y), (middle + half, y)) for y in np.arange(apron, apron + 80, 8).tolist()]
    c.segments(np.array(joints), 0.3, tint(concrete, 0.95))
    c.line(((middle - half, apron + 8), (middle + half, apron + 8)), 0.5, YELLOW_PAINT)


def _terminal(c: Canvas, middle: float, half: float, apron: float) -> int:
    """Terminal, hangars, car park and jets; returns the number of jets in the picture."""
    rng = c.rng
    roof = pick(rng, FLAT_ROOF)
    y, reach = apron + rng.uniform(52, 60), half * rng.uniform(0.6, 0.8)
    hall = [Building(middle, y, 2 * reach, 15, 7, 0, roof)]
    stands: list[Stand] = []
    size = rng.uniform(17, 23)
    piers = int(rng.integers(0, 4))
    round_heads = rng.random() < 0.35
    for x in middle + np.linspace(-0.75, 0.75, piers) * reach if piers > 1 else [middle] * piers:
        hall.append(Building(x, y - 20, 8, 28, 5, 0, roof))
        if round_heads:
            hall.append(Building(x, y - 33, 17, 17, 6, 0, tint(roof, 1.05), "round"))
        gap = 9 if round_heads else 5
        rows = ((y - 33, gap), (y - 14, 5)) if size < 20 else ((y - 24, gap),)
        stands += [
            (x + s * (gap_at + size * 0.52), row, pi if s > 0 else 0.0, size)
            for row, gap_at in rows
            for s in (-1, 1)
        ]
    if not piers:
        stands += [
            (x, y - 9 - size * 0.55, pi / 2, size)
            for x in np.arange(middle - reach + 12, middle + reach, size * 1.12).tolist()
        ]
    stands = [s for s in stands if rng.random() < 0.8]
    stands += [
        (x, apron + 15, rng.choice((pi / 2, -pi / 2)), size * 0.8)
        for x in np.arange(middle - half + 14, middle + half - 10, 26).tolist()
        if rng.random() < 0.2
    ]
    hangars = np.arange(middle + half + 22, c.reach, 40).tolist()
    hall += [Building(x, apron + 26, 32, 34, 9, 0, pick(rng, METAL_ROOF), "gable") for x in hangars]
    build(c, hall)
    furnish(c, hall)
    _jets(c, stands)
    street = np.linspace((-c.reach * 1.1, y + 15), (c.reach * 1.1, y + 15), 9)
    road(c, street, 7)
    parking(c, middle, y + 44, 2 * reach, 44, 0, rng.uniform(0.4, 0.85), 0.8)
    cars_along(c, [street], 7, 22, 0.7)
    return c.count([(x, y) for x, y, _, _ in stands])


def _jets(c: Canvas, stands: list[Stand]) -> None:
    fall = np.array(c.placement.to_scene(c.shadow))
    liveries: tuple[Colour, ...] = ((238, 240, 242), (230, 232, 236), (206, 212, 220), (236, 232, 224))
    mask = c.mask()
    shapes = []
    for x, y, heading, size in stands:
        turn = np.array(((cos(heading), sin(heading)), (-sin(heading), cos(heading)))) * size
        shapes.append([np.array(part) @ turn + np.array((x, y)) for part in _JET])
        for part in shapes[-1]:
            mask.polygon(part + fall * size * 0.1, 255)
    c.stamp(mask, SHADOW, 0.5)
    for jet in shapes:
        paint = vary(c.rng, pick(c.rng, liveries), 4)
        for part in jet[1:]:
            c.polygon(part, tint(paint, 0.93))
        c.polygon(jet[0], paint)
