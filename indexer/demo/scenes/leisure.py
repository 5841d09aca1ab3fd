"""Grounds for sport and play.

Kinds: tennis_courts, baseball_diamond, stadium, golf_course.
"""

from __future__ import annotations

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.noise import fractal, smoothstep
from indexer.demo.scenes.palette import SHADOW, Colour, tint, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.traffic import parking

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
    c.rect(0, 0, 2 * half_x + 12, 2 * half_y + 12, tint(c.tones.soil, 1.1))
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
