"""Power from sun and wind.

Kinds: solar_farm, wind_farm.
"""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.demo.scenes.buildings import Building, build
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.noise import fractal, grain, smoothstep, voronoi
from indexer.demo.scenes.palette import (
    SHADOW,
    blend,
    mix,
    pick,
    tint,
    vary,
)
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, corners, spline, wander


@scene("solar_farm", "arid", "temperate", "tropical", gsd_m=(0.6, 1.8), snow=False)
def solar_farm(c: Canvas) -> Facts:
    """Blocks of parallel panel rows with gravel tracks, inverter huts and open land around."""
    rng = c.rng
    cover = fractal(rng, 3, 6)
    c.ground(c.tones.grass_ramp if c.view.climate != "arid" else c.tones.soil_ramp, cover)
    soil = blend(c.tones.grass, c.tones.soil, rng.uniform(0.2, 0.9))
    panel = vary(rng, pick(rng, ((42, 54, 92), (34, 42, 66), (58, 74, 116), (38, 44, 54))), 5)
    row = rng.uniform(8, 12.5)
    depth = row * rng.uniform(0.45, 0.66)
    block_x, block_y = rng.uniform(70, 150), row * round(rng.uniform(60, 110) / row)
    gravel = vary(rng, (186, 174, 152), 7)
    ragged = rng.uniform(0, 0.3)
    fall = np.array(c.placement.to_scene(c.shadow)) * 1.4
    huts: list[Building] = []
    tables: list[Points] = []
    nx, ny = int(c.reach / block_x) + 1, int(c.reach / block_y) + 1
    for i in range(-nx, nx + 1):
        for j in range(-ny, ny + 1):
            x, y = i * block_x, j * block_y
            if rng.random() < ragged:
                continue
            c.rect(x, y, block_x, block_y, gravel)
            c.rect(x, y, block_x - 5, block_y - 5, vary(rng, soil, 4))
            inset = rng.uniform(0, 0.18) * block_x
            rows = np.arange(-block_y / 2 + row * 0.7, block_y / 2 - row * 0.4, row).tolist()
            tables += [corners(x + inset / 2, y + k, block_x - 11 - inset, depth) for k in rows]
            if rng.random() < 0.6:
                huts.append(Building(x - block_x / 2 + 4, y, 5, 8, 3, 0, (226, 226, 222)))
    shapes = np.array(tables).reshape(-1, 4, 2)
    mask = c.mask()
    mask.polygons(shapes + fall, [255] * len(shapes))
    c.stamp(mask, SHADOW, 0.55)
    c.polygons(shapes, [vary(rng, panel, 3) for _ in shapes])
    seams = np.stack(((shapes[:, 0] + shapes[:, 3]) / 2, (shapes[:, 1] + shapes[:, 2]) / 2), axis=1)
    c.segments(seams, 0.35, tint(panel, 1.5))
    c.segments(shapes[:, :2], 0.4, tint(panel, 1.7))
    build(c, huts)
    c.light(1 + grain(rng, 1) * np.float32(0.03) + (cover - np.float32(0.5)) * np.float32(0.1))
    return {"panels": "dark blue" if panel[2] > panel[0] + 25 else "black", "blocks": len(huts)}


@scene("wind_farm", "temperate", "arid", "coast", "mountain", gsd_m=(1.0, 2.2))
def wind_farm(c: Canvas) -> Facts:
    """Three-bladed turbines on pads along gravel tracks, with long slender shadows over open land."""
    rng = c.rng
    cover = fractal(rng, 3, 6)
    land = str(rng.choice(("fields", "grass", "heath")))
    if land == "fields":
        border, cell = voronoi(rng, int(rng.integers(5, 14)), 1.0)
        crops = np.array([vary(rng, pick(rng, c.tones.crops), 8) for _ in range(16)], dtype=np.float32)
        pixels = crops[cell % 16] * (1 + grain(rng, 1) * np.float32(0.03))[..., None]
        furrows = np.sin((c.u + cell * np.float32(0.35) * c.v) * np.float32(1.1)) * np.float32(0.03)
        hedges = smoothstep(1.4, 0.4, border)
        c.paint(mix(pixels * (1 + furrows)[..., None], tint(c.tones.grass, 0.8), hedges))
    else:
        c.ground(c.tones.grass_ramp if land == "grass" else c.tones.soil_ramp, cover)
        plant(c, crowns(c, smoothstep(0.55, 0.85, cover) * np.float32(0.6), rng.uniform(5, 8)))
    spacing = rng.uniform(66, 110)
    rotor = rng.uniform(22, 32)
    wind = rng.uniform(0, pi)
    track = vary(rng, (198, 184, 158), 6)
    places: list[tuple[float, float]] = []
    rows = int(c.reach / spacing) + 1
    for j in range(-rows, rows + 1):
        columns = np.arange(-rows, rows + 1)
        xs = columns * spacing + rng.uniform(-9, 9, len(columns))
        ys = j * spacing * 1.15 + rng.uniform(-12, 12, len(columns))
        c.line(spline(np.stack((xs, ys), axis=1), 50), 2.6, track)
        places += [(float(x), float(y)) for x, y in zip(xs, ys, strict=True) if rng.random() < 0.85]
    c.line(spline(wander(rng, c.reach, 14), 40)[:, ::-1], 3.2, track)
    for x, y in places:
        c.rect(x + 5, y + 3, 15, 10, tint(track, 1.03), wind)
    _turbines(c, places, rotor, wind)
    c.roughen(0.02)
    return {"turbines": sum(max(abs(x), abs(y)) * c.placement.scale < 120 for x, y in places), "land": land}


def _turbines(c: Canvas, places: list[tuple[float, float]], rotor: float, wind: float) -> None:
    """Towers, nacelles and blades seen obliquely, and their shadows; `wind` is the direction of the axes."""
    rng = c.rng
    height = rotor * rng.uniform(1.5, 1.9)
    fall = np.array(c.placement.to_scene(c.shadow))
    away = rng.uniform(0, 2 * pi)
    lean = np.array((cos(away), sin(away))) * rng.uniform(0.24, 0.5)
    side = np.array((-sin(wind), cos(wind)))
    mask = c.mask()
    standing: list[tuple[Points, Points, list[Points]]] = []
    for place in places:
        foot, turn = np.array(place), rng.uniform(0, 2 * pi)
        turns = turn + np.arange(3) * 2 * pi / 3
        tips = np.stack((height + rotor * np.sin(turns), rotor * np.cos(turns)), axis=1)
        top = foot + fall * height
        mask.line((foot, top), 2.0, 255)
        for up, across in tips:
            mask.line((top, foot + fall * up + side * across), 1.4, 255)
        standing.append(
            (foot, foot + lean * height, [foot + lean * up + side * across for up, across in tips])
        )
    c.stamp(mask, SHADOW, 0.55)
    breadth = np.array((lean[1], -lean[0])) / np.hypot(*lean)
    for foot, hub, ends in standing:
        c.disc(float(foot[0]), float(foot[1]), 2.6, (206, 204, 198))
        tower = (foot - breadth * 1.5, foot + breadth * 1.5, hub + breadth * 0.8, hub - breadth * 0.8)
        c.polygon(tower, (226, 228, 230))
        for end in ends:
            along = (end - hub) / max(float(np.hypot(*(end - hub))), 1e-6)
            normal, middle = np.array((-along[1], along[0])), hub + (end - hub) * 0.25
            c.polygon((hub, middle + normal * 1.3, end, middle - normal * 0.7), (248, 249, 250))
        c.rect(float(hub[0]), float(hub[1]), 6, 2.2, (240, 241, 242), wind)
