"""Golf courses."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.noise import fractal, grain, smoothstep
from indexer.demo.scenes.palette import Colour, blend, pick, tint, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, offset, spline


@scene("golf_course", "temperate", "tropical", "coast", "arid", gsd_m=(0.8, 1.8), snow=False)
def golf_course(c: Canvas) -> Facts:
    """Winding fairways between trees, each with a tee, bunkers and a smooth green; ponds and cart paths."""
    rng = c.rng
    cover = fractal(rng, 4, 6)
    rough = c.tones.grass_ramp
    c.ground(rough, cover)
    turf = vary(rng, pick(rng, ((110, 150, 74), (122, 158, 84), (98, 142, 72))), 6)
    sand = vary(rng, pick(rng, ((232, 218, 182), (240, 232, 210), (220, 196, 150))), 5)
    holes = int(rng.integers(2, 5))
    clear = c.mask()
    pitch = 2 * c.reach * 0.72 / holes
    hazards: list[tuple[float, float, float]] = []
    greens: list[tuple[float, float]] = []
    for k in range(holes):
        y = (k - (holes - 1) / 2) * pitch + rng.uniform(-8, 8)
        ends = np.array((-1.0, 1.0)) * rng.uniform(80, 128)
        ends = ends if rng.random() < 0.5 else ends[::-1]
        knots = [(x, y + rng.normal(0, pitch * 0.22)) for x in np.linspace(ends[0], ends[1], 4)]
        line = spline(knots, 40)
        width = rng.uniform(20, 30)
        clear.line(line, width + 12, 255)
        _fairway(c, line, width, turf)
        greens.append((float(line[-1, 0]), float(line[-1, 1])))
        hazards += _bunkers(rng, line, width)
        path = offset(line, width * 0.9)
        c.line(path, 1.6, (196, 188, 174))
        clear.line(path, 8, 255)
    for x, y in greens:
        radius = rng.uniform(10, 14)
        c.polygon(_blob(rng, x, y, radius * 1.25), tint(turf, 0.97))
        c.polygon(_blob(rng, x, y, radius), blend(turf, (146, 190, 104), 0.6))
        c.disc(x + rng.uniform(-4, 4), y + rng.uniform(-4, 4), 0.8, (250, 250, 250))
    for x, y, radius in hazards:
        outline = _blob(rng, x, y, radius)
        c.polygon((outline - (x, y)) * 1.16 + (x, y), tint(turf, 0.84))
        c.polygon(outline, sand)
        clear.disc(x, y, radius + 5, 255)
    ponds = int(rng.integers(0, 3))
    for x, y in rng.uniform(-90, 90, (ponds, 2)).tolist():
        radius = rng.uniform(16, 28)
        outline = _blob(rng, x, y, radius, 0.2)
        c.polygon((outline - (x, y)) * 1.08 + (x, y), tint(c.tones.grass, 0.8))
        c.polygon(outline, vary(rng, pick(rng, ((52, 84, 92), (64, 92, 84), c.tones.water)), 6))
        clear.disc(x, y, radius + 5, 255)
    free = 1 - clear.field()
    plant(c, crowns(c, free * smoothstep(0.3, 0.5, cover), rng.uniform(8, 12)))
    c.light(1 + grain(rng, 1) * np.float32(0.025) + (fractal(rng, 5, 4) - np.float32(0.5)) * np.float32(0.12))
    return {"holes": holes, "bunkers": len(hazards), "ponds": ponds}


def _fairway(c: Canvas, line: Points, width: float, turf: Colour) -> None:
    """Mown grass along a line with stripes, and a tee at its start."""
    taper = np.clip(np.minimum(np.arange(len(line)), len(line) - 1 - np.arange(len(line))) / 7, 0.45, 1)
    half = width / 2 * taper * (1 + 0.12 * np.sin(np.linspace(0, c.rng.uniform(6, 14), len(line))))
    normal = offset(line, 1) - line
    left, right = line - normal * half[:, None], line + normal * half[:, None]
    hem = normal * half[:, None] * 1.35
    c.polygon(np.concatenate((line - hem, (line + hem)[::-1])), tint(turf, 0.86))
    c.polygon(np.concatenate((left, right[::-1])), turf)
    for k in range(3, len(line) - 4, 4):
        c.polygon((left[k], left[k + 2], right[k + 2], right[k]), tint(turf, 1.06))
    heading = float(np.arctan2(*(line[1] - line[0])[::-1]))
    tee = line[0] - (line[1] - line[0]) * 3
    c.rect(float(tee[0]), float(tee[1]), 9, 5, tint(turf, 1.1), heading)


def _bunkers(rng: np.random.Generator, line: Points, width: float) -> list[tuple[float, float, float]]:
    """Sand traps (x, y, radius) around the green and along the fairway."""
    x, y = line[-1]
    found = [
        (float(x + 19 * cos(a)), float(y + 19 * sin(a)), float(rng.uniform(4, 7.5)))
        for a in rng.uniform(0, 2 * pi, int(rng.integers(2, 5)))
    ]
    for k in rng.integers(12, len(line) - 10, int(rng.integers(0, 3))).tolist():
        px, py = offset(line, width * 0.55 * rng.choice((-1, 1)))[k]
        found.append((float(px), float(py), float(rng.uniform(4, 7))))
    return found


def _blob(rng: np.random.Generator, x: float, y: float, radius: float, ragged: float = 0.16) -> Points:
    """A smooth irregular closed outline."""
    t = np.linspace(0, 2 * pi, 40)
    r = 1 + sum(rng.normal(0, ragged / k) * np.cos(k * t + rng.uniform(0, 2 * pi)) for k in range(2, 5))
    stretch, turn = rng.uniform(0.65, 1), rng.uniform(0, pi)
    px, py = radius * r * np.cos(t), radius * r * np.sin(t) * stretch
    return np.stack((x + px * cos(turn) - py * sin(turn), y + px * sin(turn) + py * cos(turn)), axis=1)
