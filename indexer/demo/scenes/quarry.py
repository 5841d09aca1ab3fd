"""Quarries and open pits."""

from __future__ import annotations

from math import pi

import numpy as np

from indexer.demo.scenes.buildings import Building, build
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.liquid import water
from indexer.demo.scenes.noise import fractal, grain, hillshade, level, smoothstep
from indexer.demo.scenes.palette import (
    Colour,
    colourise,
    mix,
    pick,
    ramp,
    tint,
)
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, spline
from indexer.demo.scenes.traffic import cars


@scene("quarry", "temperate", "arid", "mountain", "tropical", gsd_m=(2.0, 5.0), snow=False)
def quarry(c: Canvas) -> Facts:
    """A pit of stepped benches in bare rock, with a haul road, spoil heaps, a pool and lorries."""
    rng = c.rng
    wooded = c.view.climate != "arid"
    cover = fractal(rng, 4, 6)
    shape = fractal(rng, 3, 4)
    middle = rng.uniform(-24, 24, 2)
    du, dv = c.u - np.float32(middle[0]), (c.v - np.float32(middle[1])) * np.float32(rng.uniform(0.9, 1.5))
    size = rng.uniform(90, 125)
    r = np.hypot(du, dv) / np.float32(size) + (shape - np.float32(0.5)) * np.float32(0.75)
    depth = np.clip(1 - r, 0, 1)
    benches = int(rng.integers(5, 11))
    level_of = depth * np.float32(benches) * np.float32(1.15)
    level_of = np.clip(level_of, 0, benches * rng.uniform(0.6, 0.95))
    step = np.floor(level_of)
    wall = smoothstep(0.66, 0.9, level_of - step)
    terrace = step + wall
    stone, name = _STONES[int(rng.integers(len(_STONES)))]
    strata = fractal(rng, 6, 6, 0.6)
    rock = strata * np.float32(0.7) + terrace / np.float32(benches) * np.float32(0.3)
    pixels = colourise(rock, ramp(tint(stone, 0.78), stone, tint(stone, 1.22)))
    pixels = mix(pixels, tint(stone, 0.62), wall * (1 - wall) * np.float32(2.4))
    tracks = smoothstep(0.34, 0.42, level_of - step) * smoothstep(0.58, 0.5, level_of - step)
    pixels = mix(pixels, tint(stone, 1.22), tracks * np.float32(0.6))
    relief = -terrace * np.float32(rng.uniform(9, 14)) + strata * np.float32(4)
    pixels = pixels * hillshade(relief, c.sun, 0.32)[..., None]
    outside = smoothstep(0.05, -0.03, depth + (cover - np.float32(0.5)) * np.float32(0.1))
    land = colourise(cover, c.tones.grass_ramp if wooded else c.tones.soil_ramp)
    spoil = smoothstep(0.14, 0.04, r - 1) * smoothstep(0.35, 0.6, strata)
    land = mix(land, tint(stone, 1.08), spoil * np.float32(0.8))
    c.paint(mix(pixels, land, outside) + (grain(rng, 1) * np.float32(4))[..., None])
    pool = bool(rng.random() < 0.5)
    if pool:
        deep = smoothstep(0.0, 0.5, level_of - level(level_of, 0.07))
        colour = pick(rng, ((64, 148, 150), (48, 104, 112), (92, 126, 96)))
        c.lay(water(c, deep, colour, tint(colour, 1.25)), smoothstep(0.0, 0.06, deep))
    if wooded:
        plant(c, crowns(c, smoothstep(0.1, 0.3, r - 1) * smoothstep(0.3, 0.55, cover), rng.uniform(4.5, 7)))
    _haul_road(c, middle, size, stone)
    return {"stone": name, "pool": "yes" if pool else "no", "benches": benches}


def _haul_road(c: Canvas, middle: Points, size: float, stone: Colour) -> None:
    """The way out of the pit to a crusher with its heaps, and lorries on it."""
    rng = c.rng
    turn = rng.uniform(0, 2 * pi)
    radii = np.linspace(0.35, 2.4, 9) * size
    bearings = turn + np.concatenate((np.linspace(1.6, 0, 5), np.zeros(4)))
    knots = np.stack((middle[0] + radii * np.cos(bearings), middle[1] + radii * np.sin(bearings)), axis=1)
    line = spline(knots, 50)
    c.line(line, 5.0, tint(stone, 0.92))
    c.line(line, 3.4, tint(stone, 1.24))
    at = rng.integers(2, 26, int(rng.integers(2, 6)))
    steps = line[at + 1] - line[at]
    cars(c, line[at], np.arctan2(steps[:, 1], steps[:, 0]), 0.8)
    x, y = (line[int(rng.integers(24, 30))] + rng.uniform(-10, 10, 2)).tolist()
    crusher = Building(x, y, 14, 8, 6, turn, (176, 178, 176))
    build(c, [crusher, Building(x + 13, y + 6, 7, 7, 8, turn, (150, 104, 84))])
    fall = c.placement.to_scene(c.shadow)
    for k in range(3):
        hx, hy, r = x - 12 + 11 * k, y - 15, rng.uniform(4, 6)
        c.disc(hx + fall[0] * 2, hy + fall[1] * 2, r, tint(stone, 0.55))
        c.disc(hx, hy, r, tint(stone, 1.0))
        c.disc(hx - fall[0] * 1.4, hy - fall[1] * 1.4, r * 0.55, tint(stone, 1.25))


_STONES: tuple[tuple[Colour, str], ...] = (
    ((206, 196, 178), "limestone"),
    ((178, 172, 166), "granite"),
    ((186, 128, 92), "red ore"),
    ((112, 110, 112), "basalt"),
    ((210, 178, 132), "sandstone"),
)
