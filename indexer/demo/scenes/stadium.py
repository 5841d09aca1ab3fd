"""Stadiums: a pitch, perhaps a track, stands and their roof."""

from __future__ import annotations

from collections.abc import Callable
from math import pi

import numpy as np

from indexer.demo.scenes.buildings import cast
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.noise import fractal, smoothstep
from indexer.demo.scenes.palette import CONCRETE, SHADOW, Colour, around, pick, tint, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, corners
from indexer.demo.scenes.traffic import parking
from indexer.demo.scenes.turf import TURF, mown


@scene("stadium", "temperate", "arid", "tropical", "coast", gsd_m=(0.7, 1.5))
def stadium(c: Canvas) -> Facts:
    """A pitch within stands, perhaps with a running track and a roof ring, among car parks."""
    rng = c.rng
    cover = fractal(rng, 4, 6)
    c.ground(c.tones.grass_ramp if rng.random() < 0.5 else around(vary(rng, CONCRETE, 8), 0.12), cover)
    track = bool(rng.random() < 0.4)
    oval = track or rng.random() < 0.5
    inner = (70.0, 50.0) if track else (62.0, 42.0)
    depth = rng.uniform(18, 36)
    outer = (inner[0] + depth, inner[1] + depth)
    for side in (-1, 1):
        if rng.random() < 0.7:
            parking(c, 0, side * (outer[1] + 48), 260, 56, 0, rng.uniform(0.2, 0.9), 1.0)
        if rng.random() < 0.5:
            parking(c, side * (outer[0] + 44), 0, 50, 150, 0, rng.uniform(0.2, 0.9), 1.0)

    def bowl(a: float, b: float) -> Points:
        power = 1.0 if oval else 0.42
        t = np.linspace(0, 2 * pi, 97)[:-1]
        x, y = np.cos(t), np.sin(t)
        return np.stack((a * np.sign(x) * np.abs(x) ** power, b * np.sign(y) * np.abs(y) ** power), axis=1)

    plaza = vary(rng, CONCRETE, 8)
    c.polygon(bowl(outer[0] + 16, outer[1] + 16), tint(plaza, 1.04))
    height = rng.uniform(12, 22)
    cast(c, [(bowl(*outer), height)])
    _stands(c, bowl, inner, depth)
    _pitch(c, bowl, inner, track)
    roof = str(rng.choice(("open", "ring", "two stands")))
    _stadium_roof(c, bowl, inner, depth, roof)
    away = np.hypot(c.u / np.float32(outer[0] + 24), c.v / np.float32(outer[1] + 24))
    edge = (np.abs(c.u) > outer[0] + 72).astype(np.float32) * smoothstep(1.0, 1.1, away)
    plant(c, crowns(c, edge * smoothstep(0.35, 0.6, cover), 9))
    c.roughen(0.03)
    return {"track": "yes" if track else "no", "roof": roof, "shape": "oval" if oval else "rectangular"}


Bowl = Callable[[float, float], Points]


def _stands(c: Canvas, bowl: Bowl, inner: tuple[float, float], depth: float) -> None:
    """Rows of seats between the outer wall and the field, divided by stairs."""
    rng = c.rng
    seats = vary(rng, pick(rng, _SEATS), 8)
    second = pick(rng, (seats, seats, *_SEATS))
    c.polygon(bowl(inner[0] + depth, inner[1] + depth), tint(CONCRETE, 1.06))
    rows = int(rng.integers(7, 11))
    for k in range(rows, 0, -1):
        d = (depth - 3) * k / rows
        base = seats if k > rows // 2 else second
        c.polygon(bowl(inner[0] + d, inner[1] + d), tint(base, 1.06 if k % 2 else 0.86))
    out, rim = bowl(inner[0] + depth - 3, inner[1] + depth - 3), bowl(*inner)
    step = int(rng.integers(3, 6))
    c.segments(np.stack((rim[::step], out[::step]), axis=1), 0.8, (206, 204, 198))


def _pitch(c: Canvas, bowl: Bowl, inner: tuple[float, float], track: bool) -> None:
    rng = c.rng
    turf = vary(rng, pick(rng, TURF), 6)
    white = (236, 238, 232)
    c.polygon(bowl(*inner), tint(turf, 0.9) if track else (120, 122, 120))
    if track:
        lane = vary(rng, pick(rng, ((176, 84, 66), (162, 74, 66), (72, 104, 150))), 6)
        c.polygon(bowl(inner[0] - 2, inner[1] - 2), lane)
        for k in range(1, 6):
            c.line(bowl(inner[0] - 2 - k * 1.8, inner[1] - 2 - k * 1.8), 0.4, tint(lane, 1.3))
        c.polygon(bowl(inner[0] - 13, inner[1] - 13), turf)
    long, wide = (78.0, 50.0) if track else (104.0, 68.0)
    mown(c, 0, 0, long + 4, wide + 4, turf, int(rng.integers(8, 17)))
    box = corners(0, 0, long, wide)
    c.line(np.concatenate((box, box[:1])), 0.7, white)
    c.line(((0, -wide / 2), (0, wide / 2)), 0.7, white)
    c.circle(0, 0, 9.0, white, 0.7)
    for side in (-1, 1):
        for reach, breadth in ((16.0, 40.0), (5.5, 18.0)):
            area = corners(side * (long - reach) / 2, 0, reach, breadth * wide / 68)
            c.line(np.concatenate((area, area[:1])), 0.6, white)


def _stadium_roof(c: Canvas, bowl: Bowl, inner: tuple[float, float], depth: float, roof: str) -> None:
    """A light roof over all the stands, or over the two long ones; it shades the seats."""
    rng = c.rng
    if roof == "open":
        return
    sheet = vary(rng, pick(rng, ((232, 234, 236), (206, 210, 214), (178, 190, 202), (224, 216, 204))), 5)
    cover = rng.uniform(0.45, 0.75)
    edge = bowl(inner[0] + depth * (1 - cover), inner[1] + depth * (1 - cover))
    rim = bowl(inner[0] + depth, inner[1] + depth)
    fall = np.array(c.placement.to_scene(c.shadow)) * 7
    n = len(rim)
    panels = [(rim[k], rim[(k + 1) % n], edge[(k + 1) % n], edge[k]) for k in range(n)]
    if roof == "two stands":
        panels = [p for p in panels if abs(p[0][1]) > (inner[1] + depth) * 0.6]
    mask = c.mask()
    for panel in panels:
        mask.polygon(np.array(panel) + fall, 255)
    c.stamp(mask, SHADOW, 0.4)
    for k, panel in enumerate(panels):
        c.polygon(panel, tint(sheet, 1.04 if k % 4 < 2 else 0.94))


_SEATS: tuple[Colour, ...] = (
    (176, 52, 50), (54, 88, 150), (206, 172, 70), (72, 130, 90), (120, 122, 128), (206, 110, 56),
    (164, 160, 156),
)  # fmt: skip
