"""Where traffic crosses and waits: interchanges, roundabouts, car parks."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.demo.scenes.buildings import Building, build, furnish
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant, trees
from indexer.demo.scenes.noise import fractal, smoothstep
from indexer.demo.scenes.palette import (
    ASPHALT,
    CONCRETE,
    FLAT_ROOF,
    SHINGLE,
    TERRACOTTA,
    WHITE_PAINT,
    Colour,
    blend,
    pick,
    tint,
    vary,
)  # fmt: skip
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Numbers, Points, corners, offset, ring, spline
from indexer.demo.scenes.traffic import cars, cars_along, road


@scene("highway_interchange", "temperate", "arid", "tropical", gsd_m=(0.8, 1.8))
def highway_interchange(c: Canvas) -> Facts:
    """Two motorways at different levels, joined by loops and curved ramps."""
    rng, reach = c.rng, c.reach
    cover = fractal(rng, 4, 6)
    c.ground(c.tones.grass_ramp, cover)
    wide, ramp_width = rng.uniform(19, 26), 7.0
    asphalt = vary(rng, ASPHALT, 9)
    verge = blend(c.tones.soil, c.tones.grass, 0.4)
    tilt = rng.uniform(-0.3, 0.3)
    low = np.linspace((-reach * 1.2, 0), (reach * 1.2, 0), 12)
    high = np.linspace((-sin(tilt) * reach * 1.2, -reach * 1.2), (sin(tilt) * reach * 1.2, reach * 1.2), 12)
    loops = int(rng.integers(1, 5))
    r = rng.uniform(26, 36)
    ramps: list[Points] = []
    for k, (sx, sy) in enumerate(((1, 1), (-1, -1), (1, -1), (-1, 1))):
        if k < loops:
            ramps.append(ring(sx * (r + wide * 0.4), sy * (r + wide * 0.4), r, n=40))
        far, out = rng.uniform(92, 124), rng.uniform(0.46, 0.6)
        ramps.append(
            spline(
                (
                    (sx * reach * 1.1, sy * wide * 0.4),
                    (sx * far, sy * wide * 0.6),
                    (sx * far * out, sy * far * out),
                    (sx * wide * 0.6, sy * far),
                    (sx * wide * 0.4, sy * reach * 1.1),
                ),
                40,
            )
        )
    for line in ramps:
        c.line(line, ramp_width + 3, verge)
    for line in ramps:
        c.line(line, ramp_width, tint(asphalt, 1.06))
        c.line(offset(line, ramp_width * 0.42), 0.4, tint(WHITE_PAINT, 0.9))
        c.line(offset(line, -ramp_width * 0.42), 0.4, tint(WHITE_PAINT, 0.9))
    _motorway(c, low, wide, asphalt, verge)
    shade, fall = c.mask(), c.placement.to_scene(c.shadow)
    deck = high[(np.abs(high[:, 1]) < wide * 2.2) | (np.abs(high[:, 1]) < reach * 0.2)]
    shade.line(np.array(((deck[0]), (deck[-1]))) + np.array(fall) * 5, wide + 3, 255)
    c.stamp(shade, opacity=0.5)
    _motorway(c, high, wide, tint(asphalt, 1.05), verge)
    near = np.array((high[0] * 0.16, high[-1] * 0.16))
    for side in (-1, 1):
        c.line(offset(near, side * (wide / 2 + 0.8)), 1.2, (206, 204, 198))
    cars_along(c, [low, high], wide * 1.1, rng.uniform(9, 22), 0.8)
    cars_along(c, ramps, 2.0, rng.uniform(40, 80), 0.8)
    paved = c.mask()
    for line in (*ramps, low, high):
        paved.line(line, ramp_width + 6, 255)
    free = (1 - smoothstep(0, 0.3, paved.field())) * smoothstep(wide * 0.9, wide, np.abs(c.v))
    free *= smoothstep(wide * 0.9, wide, np.abs(c.u - c.v * np.float32(sin(tilt))))
    plant(c, crowns(c, free * smoothstep(0.42, 0.7, cover) * np.float32(0.85), rng.uniform(6, 9)))
    return {"loops": loops, "levels": 2}


def _motorway(c: Canvas, line: Points, width: float, asphalt: Colour, verge: Colour) -> None:
    c.line(line, width + 5, verge)
    for side in (-1, 1):
        road(c, offset(line, side * width * 0.27), width * 0.46, asphalt, 3)
    c.line(line, width * 0.07, tint(verge, 0.95))
    c.line(line, 0.7, (196, 196, 192))


@scene("parking_lot", "temperate", "arid", "tropical", "coast", gsd_m=(0.3, 0.65))
def parking_lot(c: Canvas) -> Facts:
    """A large car park: rows of bays, islands with trees, the store that it belongs to."""
    rng, reach = c.rng, c.reach
    c.ground(c.tones.grass_ramp, fractal(rng, 4))
    store = -rng.uniform(60, 96)
    c.rect(0, 20, 2 * reach, 2 * reach, vary(rng, tint(ASPHALT, 1.12), 8))
    c.light(1 + (fractal(rng, 5, 5) - np.float32(0.5)) * np.float32(0.12))
    full = rng.uniform(0.35, 0.95)
    count = 0
    lane = rng.uniform(36, 42)
    islands: list[tuple[float, float]] = []
    gap = rng.uniform(70, 120)
    for y in np.arange(store + 34, reach, lane).tolist():
        for x in np.arange(-reach, reach, gap).tolist():
            if c.sees(x + gap / 2, y, gap * 0.6):
                count += _bays(c, x + 4, y, gap - 8, full)
            c.rect(x, y, 6, 21, tint(CONCRETE, 1.05))
            c.rect(x, y, 4.6, 19.5, c.tones.grass)
            islands += [(x, y - 6), (x, y + 5)]
    roof = pick(rng, FLAT_ROOF)
    shop = Building(rng.uniform(-20, 20), store - 42, rng.uniform(170, 280), 96, 9, 0, roof)
    build(c, [shop])
    furnish(c, [shop], 14)
    trees(c, [p for p in islands if rng.random() < 0.8], 4.2)
    return {"cars": count, "full": "nearly full" if full > 0.7 else "half empty"}


def _bays(c: Canvas, x: float, y: float, length: float, full: float) -> int:
    """A double row of bays, cars nose to nose; returns the number of cars in the picture."""
    rng = c.rng
    bay = 4.0
    at = np.arange(x + bay / 2, x + length, bay)
    marks = np.array([((a - bay / 2, y - 9.5), (a - bay / 2, y + 9.5)) for a in at.tolist()])
    c.segments(marks, 0.4, (206, 206, 200))
    c.line(((x, y), (x + length, y)), 0.4, (206, 206, 200))
    places = np.array([(a, y + side * 4.8) for a in at.tolist() for side in (-1, 1)])
    places = places[rng.random(len(places)) < full]
    cars(c, places, np.where(rng.random(len(places)) < 0.5, pi / 2, -pi / 2), 1.35)
    return c.count(places)


@scene("roundabout", "temperate", "arid", "tropical", gsd_m=(0.3, 0.7))
def roundabout(c: Canvas) -> Facts:
    """A traffic circle with a planted island and three to five roads."""
    rng, reach = c.rng, c.reach
    cover = fractal(rng, 4, 6)
    c.ground(c.tones.grass_ramp, cover)
    radius, lane = rng.uniform(30, 46), rng.uniform(13, 18)
    arms = int(rng.integers(3, 6))
    colour = vary(rng, ASPHALT, 9)
    verge = vary(rng, CONCRETE, 8)
    bearings = 2 * pi * (np.arange(arms) + rng.uniform(-0.16, 0.16, arms)) / arms
    lines = [
        np.linspace((radius * 0.8 * cos(b), radius * 0.8 * sin(b)), (reach * cos(b), reach * sin(b)), 12)
        for b in bearings
    ]
    for line in lines:
        c.line(line, lane + 4, verge)
    c.disc(0, 0, radius + lane / 2 + 2, verge)
    for line in lines:
        road(c, line, lane, colour, 2)
    c.disc(0, 0, radius + lane / 2, colour)
    c.circle(0, 0, radius, tint(WHITE_PAINT, 0.9), 0.4)
    for b in bearings:
        tip = radius + lane / 2
        c.polygon(
            [(cos(b + d) * r, sin(b + d) * r) for d, r in ((-0.06, tip + 2), (0.06, tip + 2), (0, tip + 24))],
            verge,
        )
        yield_line = corners(cos(b) * (tip + 1), sin(b) * (tip + 1), 1.0, lane, b)
        c.polygon(yield_line, WHITE_PAINT)
    island = radius - lane / 2
    c.disc(0, 0, island + 1.5, verge)
    c.disc(0, 0, island, c.tones.grass)
    centre = _island(c, island)
    cars_along(c, [*lines, ring(0, 0, radius)], lane, rng.uniform(30, 70))
    away = np.hypot(c.u, c.v)
    free = smoothstep(radius + lane + 6, radius + lane + 14, away)
    for b in bearings:
        along, across = c.u * cos(b) + c.v * sin(b), np.abs(c.v * cos(b) - c.u * sin(b))
        near_arm = np.where(along > 0, smoothstep(lane * 0.5 + 5, lane * 0.5 + 9, across), np.float32(1))
        free = free * near_arm
    houses = _town(c, bearings, radius, lane) if rng.random() < 0.65 else []
    build(c, houses)
    taken = c.mask()
    for house in houses:
        taken.rect(house.x, house.y, house.width + 6, house.depth + 6, 255, house.angle)
    free = free * (1 - taken.field())
    plant(c, crowns(c, free * smoothstep(0.4, 0.75, cover), rng.uniform(9, 14)))
    return {"exits": arms, "island": centre}


def _town(c: Canvas, bearings: Numbers, radius: float, lane: float) -> list[Building]:
    """Houses along the arms, none of them on a road."""
    rng = c.rng
    roofs: tuple[Colour, ...] = TERRACOTTA if rng.random() < 0.5 else SHINGLE
    houses: list[Building] = []
    for b in bearings.tolist():
        for along in np.arange(radius + 44, c.reach * 1.2, rng.uniform(28, 40)).tolist():
            for side in (-1, 1):
                width, depth = rng.uniform(18, 27), rng.uniform(13, 18)
                off = side * (lane / 2 + depth / 2 + rng.uniform(9, 13))
                x, y = along * cos(b) - off * sin(b), along * sin(b) + off * cos(b)
                ahead = x * np.cos(bearings) + y * np.sin(bearings) > 0
                gaps = np.abs(y * np.cos(bearings) - x * np.sin(bearings))[ahead]
                clash = any(np.hypot(x - h.x, y - h.y) < 27 for h in houses)
                if gaps.min() > lane / 2 + 14 and not clash and rng.random() < 0.8:
                    shape = "hip" if rng.random() < 0.5 else "gable"
                    houses.append(
                        Building(x, y, width, depth, rng.uniform(5, 9), b, vary(rng, pick(rng, roofs)), shape)
                    )
    return houses


def _island(c: Canvas, radius: float) -> str:
    rng = c.rng
    style = str(rng.choice(("trees", "fountain", "flower beds")))
    if style == "fountain":
        c.disc(0, 0, radius * 0.62, vary(rng, CONCRETE, 6))
        c.disc(0, 0, radius * 0.42, (72, 128, 142))
        c.disc(0, 0, radius * 0.12, (226, 234, 236))
    elif style == "flower beds":
        for r, ink in (
            (0.75, (176, 72, 84)),
            (0.55, c.tones.grass),
            (0.38, (214, 182, 84)),
            (0.2, c.tones.grass),
        ):
            c.disc(0, 0, radius * r, vary(rng, ink, 8))
    else:
        inside = (np.hypot(c.u, c.v) < radius * 0.8).astype(np.float32)
        plant(c, crowns(c, inside * np.float32(0.8), 9))
    return style
