"""Fields of every shape."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import trees
from indexer.demo.scenes.noise import fractal, grain
from indexer.demo.scenes.palette import blend, pick, tint, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import ring


@scene("centre_pivot_fields", "arid", "temperate", gsd_m=(6.0, 14.0), snow=False)
def centre_pivot_fields(c: Canvas) -> Facts:
    """Irrigated circles on a square grid, sectors in different states, in dry land."""
    rng = c.rng
    soil = blend(c.tones.soil, (196, 170, 132), 0.5)
    c.ground(soil, fractal(rng, 3, 7, 0.6), 4)
    pitch = rng.uniform(54, 100)
    count = 0
    reach = int(c.reach / pitch) + 1
    for i in range(-reach, reach + 1):
        c.line(((-c.reach, (i + 0.5) * pitch), (c.reach, (i + 0.5) * pitch)), 0.9, tint(soil, 1.16))
        c.line((((i + 0.5) * pitch, -c.reach), ((i + 0.5) * pitch, c.reach)), 0.9, tint(soil, 1.16))
    fill = rng.uniform(0.75, 1.0)
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            if rng.random() < fill:
                _pivot(c, i * pitch, j * pitch, pitch * 0.475 * (1 if rng.random() < 0.85 else 0.5))
                count += 1
    c.roughen(0.05, 1)
    return {"circles": min(count, round((256 / c.placement.scale / pitch) ** 2)), "land": "dry"}


def _pivot(c: Canvas, x: float, y: float, radius: float) -> None:
    rng = c.rng
    colour = vary(rng, pick(rng, c.tones.crops), 10)
    c.disc(x, y, radius, colour)
    sectors = int(rng.integers(1, 4))
    start = rng.uniform(0, 2 * pi)
    for k in range(sectors):
        stop = start + rng.uniform(0.5, 2.6)
        ink = vary(rng, pick(rng, c.tones.crops), 10) if k else tint(colour, 0.85)
        c.polygon(np.concatenate((((x, y),), ring(x, y, radius, None, start, stop, 24))), ink)
        start = stop
    for r in np.arange(0.2, 1.0, 0.2):
        c.circle(x, y, radius * r, tint(colour, 0.93), 0.5)
    arm = rng.uniform(0, 2 * pi)
    c.line(((x, y), (x + radius * cos(arm), y + radius * sin(arm))), 0.5, (214, 212, 204))


@scene("strip_fields", "temperate", "mountain", "tropical", gsd_m=(2.5, 6.0))
def strip_fields(c: Canvas) -> Facts:
    """Blocks of long narrow parcels in many crops, separated by tracks and hedges."""
    rng = c.rng
    c.ground(c.tones.grass_ramp, fractal(rng, 3))
    block = rng.uniform(80, 150)
    parcels = 0
    y = -c.reach
    while y < c.reach:
        x = -c.reach + rng.uniform(-10, 0)
        skew = rng.uniform(-0.35, 0.35)
        while x < c.reach:
            width = float(rng.gamma(5, 2.4)) + 4
            base = vary(rng, pick(rng, c.tones.crops), 9)
            quad = ((x, y), (x + width, y), (x + width + skew * block, y + block), (x + skew * block, y + block))
            c.polygon(quad, base)
            for row in np.arange(1.5, width - 1, rng.uniform(2.4, 4)):
                c.line(((x + row, y), (x + row + skew * block, y + block)), 0.6, tint(base, rng.uniform(0.9, 0.97)))
            c.line(((x, y), (x + skew * block, y + block)), 0.7, tint(c.tones.grass, 0.8))
            x += width
            parcels += 1
        c.line(((-c.reach, y), (c.reach, y)), 2.0, tint(c.tones.soil, 1.15))
        hedge = rng.uniform(-c.reach, c.reach, (int(rng.integers(4, 22)), 1))
        trees(c, np.concatenate((hedge, np.full_like(hedge, y + 3)), axis=1), 2.6)
        y += block + 2
    c.light(1 + grain(rng, 1) * np.float32(0.035) + (fractal(rng, 4, 5) - np.float32(0.5)) * np.float32(0.16))
    return {"crops": len(c.tones.crops), "shape": "long narrow strips"}
