"""Grounds for sport and play.

Kinds: tennis_courts, baseball_diamond. `stadium` and `golf` hold the larger ones.
"""

from __future__ import annotations

from math import cos, pi, sin, sqrt

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.noise import fractal, smoothstep
from indexer.demo.scenes.palette import CONCRETE, SHADOW, Colour, pick, tint, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, ring
from indexer.demo.scenes.traffic import parking
from indexer.demo.scenes.turf import TURF

_COURTS: tuple[tuple[Colour, Colour, str], ...] = (
    ((58, 94, 148), (72, 126, 96), "blue"),
    ((70, 122, 92), (84, 144, 104), "green"),
    ((188, 104, 72), (196, 116, 84), "clay"),
    ((96, 86, 150), (72, 126, 96), "purple"),
    ((72, 128, 96), (170, 84, 70), "green and red"),
    ((86, 140, 176), (58, 94, 148), "light blue"),
)


@scene("tennis_courts", "temperate", "arid", "tropical", "coast", gsd_m=(0.2, 0.45), snow=False)
def tennis_courts(c: Canvas) -> Facts:
    """A block of courts with their lines and nets inside a fence, a club house and trees around."""
    rng = c.rng
    cover = fractal(rng, 4, 6)
    c.ground(c.tones.grass_ramp, cover)
    inner, outer, name = _COURTS[int(rng.integers(len(_COURTS)))]
    inner, outer = vary(rng, inner, 7), vary(rng, outer, 7)
    columns, rows = int(rng.integers(2, 6)), int(rng.integers(1, 3))
    wide, long = 52.0, 110.0
    half_x, half_y = columns * wide / 2 + 4, rows * long / 2 + 4
    path = pick(rng, (CONCRETE, c.tones.soil, tint(c.tones.grass, 0.85)))
    c.rect(0, 0, 2 * half_x + 12, 2 * half_y + 12, vary(rng, path, 6))
    c.rect(0, 0, 2 * half_x, 2 * half_y, outer)
    for i in range(columns):
        for j in range(rows):
            _court(c, (i - (columns - 1) / 2) * wide, (j - (rows - 1) / 2) * long, inner)
    away = np.maximum(np.abs(c.u) - np.float32(half_x), np.abs(c.v) - np.float32(half_y))
    plant(c, crowns(c, smoothstep(14, 24, away) * smoothstep(0.35, 0.7, cover), rng.uniform(13, 20)))
    parking(c, half_x + 60, 0, 60, 2 * half_y, 0, rng.uniform(0.3, 0.8), 2.4)
    c.roughen(0.03)
    return {"courts": columns * rows, "surface": name}


def _court(c: Canvas, x: float, y: float, colour: Colour) -> None:
    """One court, 23.77 m by 10.97 m, at 3.33 scene units a metre."""
    white = (236, 236, 230)
    long, wide, singles, service = 79.2, 36.6, 27.4, 42.7
    c.rect(x, y, wide, long, colour)
    marks = [((s * w / 2, -long / 2), (s * w / 2, long / 2)) for s in (-1, 1) for w in (wide, singles)]
    marks += [((-wide / 2, s * long / 2), (wide / 2, s * long / 2)) for s in (-1, 1)]
    marks += [((-singles / 2, s * service / 2), (singles / 2, s * service / 2)) for s in (-1, 1)]
    marks.append(((0, -service / 2), (0, service / 2)))
    c.segments(np.array(marks) + np.array((x, y)), 0.6, white)
    fall = c.placement.to_scene(c.shadow)
    net = np.array(((-wide / 2 - 3, 0), (wide / 2 + 3, 0))) + np.array((x, y))
    c.line(net + np.array(fall) * 2, 1.2, tint(SHADOW, 1.4))
    c.line(net, 0.7, (214, 214, 210))


@scene("baseball_diamond", "temperate", "arid", "tropical", "coast", gsd_m=(0.4, 0.9), snow=False)
def baseball_diamond(c: Canvas) -> Facts:
    """One to four fans of turf with a dirt infield, bases, foul lines and dugouts."""
    rng = c.rng
    cover = fractal(rng, 4, 6)
    c.ground(c.tones.grass_ramp, cover)
    fields = int(rng.choice((1, 2, 4), p=(0.55, 0.2, 0.25)))
    size = rng.uniform(120, 150) if fields == 1 else rng.uniform(82, 98)
    dirt = vary(rng, pick(rng, ((186, 134, 92), (172, 112, 78), (204, 160, 116), (158, 104, 78))), 6)
    turf = vary(rng, pick(rng, TURF), 6)
    style = "grass" if rng.random() < 0.6 else "dirt"
    clear = np.zeros_like(cover)
    for k in range(fields):
        facing = 2 * pi * k / fields + pi / 4
        home = (0.0, size * 0.5) if fields == 1 else (16 * cos(facing), 16 * sin(facing))
        axis = -pi / 2 if fields == 1 else facing
        _diamond(c, home, axis, size, dirt, turf, style)
        middle = (home[0] + cos(axis) * size * 0.5, home[1] + sin(axis) * size * 0.5)
        near = np.hypot(c.u - np.float32(middle[0]), c.v - np.float32(middle[1]))
        clear = np.maximum(clear, smoothstep(size * 0.86, size * 0.76, near))
    if rng.random() < 0.7:
        parking(c, 0, size + 44, 190, 40, 0, rng.uniform(0.2, 0.8), 1.2)
        clear = np.maximum(clear, (np.abs(c.v - np.float32(size + 44)) < 28).astype(np.float32))
    plant(c, crowns(c, (1 - clear) * smoothstep(0.4, 0.7, cover), rng.uniform(9, 14)))
    c.roughen(0.03)
    return {"fields": fields, "infield": style}


def _diamond(
    c: Canvas, home: tuple[float, float], axis: float, size: float, dirt: Colour, turf: Colour, style: str
) -> None:
    """One field: `axis` points from home plate to centre field, `size` is the depth of the outfield."""
    rng = c.rng
    hx, hy = home

    def at(along: float, across: float) -> tuple[float, float]:
        return (hx + along * cos(axis) - across * sin(axis), hy + along * sin(axis) + across * cos(axis))

    def fan(radius: float, half: float = pi / 4) -> Points:
        return np.concatenate(((at(0, 0),), ring(hx, hy, radius, None, axis - half, axis + half, 40)))

    back = at(-size * 0.06, 0)
    backstop = ring(*back, size * 0.17, None, axis + pi * 0.6, axis + pi * 1.4, 16)
    c.polygon(np.concatenate((backstop, fan(size + 5)[1:])), dirt)
    c.polygon(fan(size, pi / 4 + 0.02), turf)
    bands = int(rng.integers(5, 11))
    for k in range(bands, 1, -1):
        c.polygon(fan(size * 0.94 * k / bands), tint(turf, 1.05 if k % 2 else 0.95))
    base = size * rng.uniform(0.27, 0.33)
    mound = base / sqrt(2)
    x, y = at(mound, 0)
    infield = ring(x, y, base * 1.06, None, axis - 1.75, axis + 1.75, 40)
    c.polygon(np.concatenate(((at(0, 0),), infield)), dirt)
    if style == "grass":
        a, b = base * 0.255, mound - base * 0.17
        c.polygon((at(a, 0), at(mound, b), at(2 * mound - a, 0), at(mound, -b)), tint(turf, 1.03))
    c.disc(*at(mound * 0.95, 0), base * 0.1, dirt)
    c.disc(*at(size * 0.01, 0), base * 0.2, tint(dirt, 1.03))
    white = (240, 238, 230)
    for side in (-1, 1):
        c.line((at(0, 0), at(size * 0.7, side * size * 0.7)), 0.7, white)
        dugout = at(base * 0.28, side * base * 0.72)
        c.rect(*dugout, base * 0.6, base * 0.13, (126, 132, 140), axis + side * pi / 4)
    for spot in ((0, 0), (mound, mound), (2 * mound, 0), (mound, -mound), (mound, 0)):
        c.rect(*at(*spot), 1.7, 1.7, white, axis + pi / 4)
    c.line(ring(*back, size * 0.17, None, axis + pi * 0.7, axis + pi * 1.3, 16), 1.2, (116, 118, 120))
