"""Where people live, ruled and are buried."""

from __future__ import annotations

from math import atan, cos, pi, sin

import numpy as np

from indexer.demo.scenes.buildings import Building, build, furnish
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.noise import fractal, smoothstep
from indexer.demo.scenes.palette import (
    ASPHALT,
    CONCRETE,
    FLAT_ROOF,
    SHINGLE,
    TERRACOTTA,
    Colour,
    pick,
    tint,
    vary,
)
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Surface, corners, rotated
from indexer.demo.scenes.traffic import cars_along, road


def occupied(c: Canvas, buildings: list[Building], margin: float = 1.5) -> Surface:
    """A mask of footprints grown by `margin`, for planting around them."""
    mask = c.mask()
    if buildings:
        places = np.array([(b.x, b.y) for b in buildings])
        sides = np.array([(b.width + 2 * margin, b.depth + 2 * margin) for b in buildings])
        shapes = corners(0, 0, 1, 1)[None] * sides[:, None]
        turned = np.array([b.angle for b in buildings])
        mask.polygons(rotated(shapes, turned) + places[:, None], [255] * len(buildings))
    return mask


@scene("residential", "temperate", "arid", "coast", "tropical", gsd_m=(0.35, 0.8))
def residential(c: Canvas) -> Facts:
    """Detached houses with gardens, drives and pools along bending streets."""
    rng, reach = c.rng, c.reach
    yard = c.tones.grass_ramp
    c.ground(yard, fractal(rng, 6, 6), 4)
    row = rng.uniform(58, 74)
    amplitude, wave = rng.uniform(0, 16), rng.uniform(60, 110)
    roofs = TERRACOTTA if c.view.climate in ("arid", "coast") or rng.random() < 0.3 else SHINGLE
    houses: list[Building] = []
    paths = c.mask()
    street = vary(rng, tint(ASPHALT, 1.15), 8)
    pools = 0

    def bend(x: float) -> float:
        return float(amplitude * sin(x / wave))

    start = rng.uniform(-row, 0)
    lines = []
    for y in np.arange(-reach + start, reach + row, row):
        line = np.array([(x, y + bend(x)) for x in np.linspace(-reach, reach, 24)])
        lines.append(line)
        c.line(line, 12.5, vary(rng, CONCRETE, 6))
        c.line(line, 9, street)
        paths.line(line, 15, 255)
        for side in (-1, 1):
            x = -reach + rng.uniform(0, 12)
            while x < reach:
                lot = rng.uniform(21, 30)
                if not c.sees(x + lot / 2, y + side * 16, 26):
                    x += lot
                    continue
                pools += _plot(
                    c,
                    paths,
                    houses,
                    x + lot / 2,
                    y + bend(x + lot / 2),
                    side,
                    lot,
                    atan(amplitude / wave * cos(x / wave)),
                    roofs,
                )
                x += lot
    for x in rng.uniform(-reach, reach, int(rng.integers(0, 3))):
        c.line(((x, -reach), (x, reach)), 9, street)
        paths.line(((x, -reach), (x, reach)), 13, 255)
        houses = [h for h in houses if abs(h.x - x) > 14]
    build(c, houses)
    cars_along(c, lines, 8.5, rng.uniform(24, 60))
    taken = np.maximum(paths.field(), occupied(c, houses).field())
    lush = {"arid": 0.12, "temperate": 0.38}.get(c.view.climate, 0.3)
    plant(
        c,
        crowns(
            c,
            (1 - smoothstep(0, 0.5, taken)) * np.float32(rng.uniform(0.6, 1.4) * lush),
            rng.uniform(7.5, 10.5),
        ),
    )
    return {"pools": pools, "roofs": "red tiles" if roofs is TERRACOTTA else "grey shingles"}


def _plot(
    c: Canvas,
    paths: Surface,
    houses: list[Building],
    x: float,
    y: float,
    side: int,
    lot: float,
    angle: float,
    roofs: tuple[Colour, ...],
) -> int:
    """One house with drive, perhaps a wing and a pool; returns the number of pools in the picture."""
    rng = c.rng
    width, depth = lot * rng.uniform(0.56, 0.74), rng.uniform(10.5, 14)
    set_back = rng.uniform(15, 18)
    hx, hy = x + rng.uniform(-1.5, 1.5), y + side * set_back
    colour = vary(rng, pick(rng, roofs), 7)
    drive = x + lot * rng.choice((-0.3, 0.3))
    strip = corners(drive, y + side * (set_back - 5) * 0.72, 4.2, set_back - 3, angle)
    c.polygon(strip, vary(rng, (172, 168, 160), 6))
    paths.polygon(strip, 255)
    houses.append(Building(hx, hy, width, depth, 4, angle, colour, "hip" if rng.random() < 0.5 else "gable"))
    if rng.random() < 0.45:
        wing = Building(
            hx + width * 0.28 * rng.choice((-1, 1)),
            hy + side * depth * 0.42,
            depth * 0.75,
            width * 0.36,
            3.6,
            angle + pi / 2,
            colour,
            "gable",
        )
        houses.append(wing)
    if c.tones.snow or rng.random() > {"arid": 0.4, "coast": 0.4, "tropical": 0.2}.get(c.view.climate, 0.12):
        return 0
    px, py = hx + rng.uniform(-4, 4), hy + side * (depth / 2 + 7)
    c.rect(px, py, 9, 6.5, (208, 200, 186), angle)
    c.rect(px, py, 6.6, 4.2, (84, 176, 190), angle)
    paths.rect(px, py, 10, 8, 255, angle)
    return c.count((px, py))


@scene("dense_urban", "temperate", "arid", "tropical", "coast", gsd_m=(0.6, 1.4), snow=False)
def dense_urban(c: Canvas) -> Facts:
    """City blocks: towers leaning away from the camera, long shadows, avenues full of cars."""
    rng, reach = c.rng, c.reach
    c.ground(vary(rng, (136, 134, 132), 6), fractal(rng, 5))
    across, along = rng.uniform(52, 76), rng.uniform(58, 100)
    avenue = rng.uniform(12, 17)
    xs = np.arange(-reach - rng.uniform(0, across), reach + across, across)
    ys = np.arange(-reach - rng.uniform(0, along), reach + along, along)
    dark = vary(rng, ASPHALT, 8)
    streets = [np.array(((x, -reach), (x, reach))) for x in xs] + [
        np.array(((-reach, y), (reach, y))) for y in ys
    ]
    for line in streets:
        road(c, line, avenue, dark, 2)
    towers: list[Building] = []
    parks = c.mask()
    tall = rng.uniform(12, 30)
    for x in xs:
        for y in ys:
            cx, cy, w, h = x + across / 2, y + along / 2, across - avenue - 4, along - avenue - 4
            if not c.sees(cx, cy, (w + h) / 2):
                continue
            c.rect(cx, cy, w + 2, h + 2, vary(rng, (164, 160, 154), 6))
            if rng.random() < 0.07:
                c.rect(cx, cy, w, h, c.tones.grass)
                parks.rect(cx, cy, w - 2, h - 2, 255)
                continue
            _block(c, towers, cx, cy, w, h, tall)
    cars_along(c, streets, avenue * 0.8, rng.uniform(14, 30), 0.9)
    towers.sort(key=lambda b: b.height)
    build(c, towers, 0.58)
    furnish(c, towers, 2)
    plant(c, crowns(c, smoothstep(0.3, 0.8, parks.field()) * np.float32(0.7), 8))
    return {"buildings": "high-rise" if tall > 20 else "mid-rise", "streets": "grid"}


def _block(
    c: Canvas, towers: list[Building], x: float, y: float, width: float, depth: float, tall: float
) -> None:
    rng = c.rng
    columns, rows = int(rng.integers(1, 4)), int(rng.integers(2, 5))
    roofs: tuple[Colour, ...] = (*FLAT_ROOF, (152, 128, 112), (116, 122, 130), (134, 152, 160))
    for i in range(columns):
        for j in range(rows):
            w, d = width / columns, depth / rows
            bx, by = x + (i + 0.5) * w - width / 2, y + (j + 0.5) * d - depth / 2
            high = tall * float(rng.gamma(2.2, 0.4)) + 4
            colour = vary(rng, pick(rng, roofs), 8)
            towers.append(Building(bx, by, w - 1.2, d - 1.2, min(high * 0.45, 12), 0, colour))
            if high > 14:
                towers.append(Building(bx, by, (w - 1) * 0.68, (d - 1) * 0.68, high, 0, vary(rng, colour, 6)))
