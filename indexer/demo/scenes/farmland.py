"""Fields of every shape."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.demo.scenes.buildings import cast
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant, trees
from indexer.demo.scenes.noise import fractal, grain, hillshade, slope, smoothstep
from indexer.demo.scenes.palette import blend, colourise, mix, pick, ramp, tint, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, parcels, ring, shrunk


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
            if c.sees(i * pitch, j * pitch, pitch / 2) and rng.random() < fill:
                _pivot(c, i * pitch, j * pitch, pitch * 0.475 * (1 if rng.random() < 0.85 else 0.5))
                count += 1
    c.roughen(0.05, 1)
    return {"circles": count, "land": "dry"}


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
            if not c.sees(x + (width + skew * block) / 2, y + block / 2, block * 0.6):
                x += width
                continue
            quad = (
                (x, y),
                (x + width, y),
                (x + width + skew * block, y + block),
                (x + skew * block, y + block),
            )
            c.polygon(quad, base)
            rows = np.arange(1.5, width - 1, rng.uniform(2.4, 4))[:, None, None]
            furrow = np.array(((x, y), (x + skew * block, y + block)))
            c.segments(furrow + rows * (1, 0), 0.6, tint(base, rng.uniform(0.9, 0.97)))
            c.line(((x, y), (x + skew * block, y + block)), 0.7, tint(c.tones.grass, 0.8))
            x += width
            parcels += 1
        c.line(((-c.reach, y), (c.reach, y)), 2.0, tint(c.tones.soil, 1.15))
        hedge = rng.uniform(-c.reach, c.reach, (int(rng.integers(4, 22)), 1))
        trees(c, np.concatenate((hedge, np.full_like(hedge, y + 3)), axis=1), 2.6)
        y += block + 2
    c.light(1 + grain(rng, 1) * np.float32(0.035) + (fractal(rng, 4, 5) - np.float32(0.5)) * np.float32(0.16))
    return {"crops": len(c.tones.crops), "shape": "long narrow strips"}


@scene("rice_terraces", "tropical", "mountain", gsd_m=(0.8, 2.2), snow=False)
def rice_terraces(c: Canvas) -> Facts:
    """Narrow flooded or green steps that follow the contours of a hillside."""
    rng = c.rng
    hill = fractal(rng, 2, 4, 0.38)
    steps = hill * np.float32(rng.integers(16, 34))
    number = np.floor(steps).astype(np.intp)
    within = steps - number
    flooded = rng.uniform(0.1, 0.8)
    paddies = fractal(rng, 6, 2)
    wet = (rng.random(64)[number] * 0.6 + paddies * 0.4 < flooded).astype(np.float32)
    hues = rng.uniform(0, 1, 64).astype(np.float32)[number]
    young = ramp((64, 104, 44), (108, 140, 56), (160, 170, 74), (190, 178, 92))
    if c.view.season in ("autumn", "winter"):
        young = ramp((120, 116, 58), (176, 154, 78), (200, 176, 100))
    texture = grain(rng, 1) * np.float32(0.05)
    green = colourise(hues * np.float32(0.7) + paddies * np.float32(0.3) + texture, young)
    sky = colourise(
        hues * np.float32(0.5) + paddies * np.float32(0.5),
        ramp((84, 104, 104), (140, 160, 164), (188, 200, 204)),
    )
    pixels = mix(green, sky, wet * np.float32(0.9))
    dx, dy = slope(hill)
    pace = np.maximum(np.hypot(dx, dy) * np.float32(float(steps.max())), np.float32(0.02))
    edge = within / pace
    pixels = mix(pixels, (72, 88, 48), smoothstep(2.2, 0.5, edge) * np.float32(0.7))
    pixels = mix(pixels, (190, 182, 132), smoothstep(1.5, 0.2, (1 - within) / pace) * np.float32(0.5))
    c.paint(pixels * hillshade(hill * np.float32(60), c.sun, 0.45)[..., None])
    grove = smoothstep(0.68, 0.8, fractal(rng, 4, 4))
    plant(c, crowns(c, grove, rng.uniform(6, 9)))
    return {"water": "flooded" if flooded > 0.5 else "mostly green"}


@scene("orchard", "temperate", "arid", "coast", gsd_m=(0.5, 1.1), snow=False)
def orchard(c: Canvas) -> Facts:
    """Fruit trees in straight rows on grass or bare soil, in blocks parted by tracks."""
    rng = c.rng
    spacing = rng.uniform(9, 14)
    bare = bool(c.view.climate == "arid" or rng.random() < 0.35)
    floor = c.tones.soil_ramp if bare else c.tones.grass_ramp
    stripes = np.abs(((c.v / np.float32(spacing)) % 1) - np.float32(0.5)) * 2
    cover = fractal(rng, 4, 5)
    c.ground(floor, cover * np.float32(0.6) + stripes * np.float32(0.3))
    split, across = rng.uniform(-60, 60), rng.uniform(-60, 60)
    track = vary(rng, (188, 164, 128), 8)
    c.line(((-c.reach, across), (c.reach, across)), 7, track)
    c.line(((split, -c.reach), (split, c.reach)), 7, track)
    free = smoothstep(5, 7, np.abs(c.v - np.float32(across))) * smoothstep(
        5, 7, np.abs(c.u - np.float32(split))
    )
    block = (c.u > split) * np.float32(1) + (c.v > across) * np.float32(2)
    share = rng.uniform(0.86, 1.0, 4).astype(np.float32)
    if rng.random() < 0.35:
        share[int(rng.integers(4))] = 0.0
    stand = crowns(c, free * share[block.astype(np.intp)], spacing, 0.05, (0.3, 0.42), rng.uniform(0.8, 1.0))
    flowering = c.view.season == "spring" and rng.random() < 0.45
    blossom = pick(rng, ((232, 196, 204), (236, 230, 224)))
    fruit = blend(c.tones.tree, (96, 116, 62), 0.5)
    leaf = blossom if flowering else fruit
    plant(c, stand, ramp(tint(leaf, 0.6), leaf, tint(leaf, 1.2)))
    return {"floor": "bare soil" if bare else "grass", "trees": "in blossom" if flowering else "in rows"}


@scene("greenhouses", "temperate", "coast", "arid", gsd_m=(0.9, 2.2), snow=False)
def greenhouses(c: Canvas) -> Facts:
    """Blocks of glass or plastic roofs with fine parallel ridges, lanes and basins between them."""
    rng = c.rng
    c.ground(c.tones.soil_ramp, fractal(rng, 5))
    blocks = shrunk(parcels(rng, c.reach, rng.uniform(34, 52), 0.05), 3.2)
    count = 0
    for a, b, d, e in blocks:
        x, y = ((a + d) / 2).tolist()
        if not c.sees(x, y, float(np.hypot(*(d - a))) / 2 + 4):
            continue
        kind = rng.random()
        if kind < 0.1:
            c.polygon((a, b, d, e), vary(rng, pick(rng, c.tones.crops), 8))
        elif kind < 0.15:
            c.polygon((a, b, d, e), (224, 224, 218))
            c.polygon(
                (a * 0.9 + d * 0.1, b * 0.9 + e * 0.1, d * 0.9 + a * 0.1, e * 0.9 + b * 0.1), (64, 108, 120)
            )
        else:
            _glass(c, np.array((a, b, d, e)))
            count += 1
    c.roughen(0.03)
    return {"greenhouses": count}


def _glass(c: Canvas, quad: Points) -> None:
    rng = c.rng
    cast(c, [(quad, 2.0)])
    sheet = vary(rng, pick(rng, ((216, 222, 222), (196, 208, 214), (228, 228, 220), (184, 200, 196))), 6)
    a, b, d, e = quad
    c.polygon(quad, sheet)
    if rng.random() < 0.5:
        a, b, d, e = b, d, e, a
    bays = max(3, int(np.hypot(*(b - a)) / 4.2))
    t = (np.arange(bays) / bays)[:, None]
    first, last = a + (b - a) * t, e + (d - e) * t
    c.segments(np.stack((first, last), axis=1), 0.9, tint(sheet, 0.84))
    half = 0.5 / bays
    ridge_first, ridge_last = a + (b - a) * (t + half), e + (d - e) * (t + half)
    c.segments(np.stack((ridge_first, ridge_last), axis=1), 1.1, tint(sheet, 1.1))
    for part in rng.uniform(0, 1, int(rng.integers(0, 3))):
        p, q = a + (e - a) * part, b + (d - b) * part
        c.line((p, q), 2.0, (150, 150, 144))
