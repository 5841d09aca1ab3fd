"""Where traffic crosses, waits and changes over: interchanges, bridges, car parks, rail yards."""

from __future__ import annotations

from math import pi, sin

import numpy as np

from indexer.demo.scenes.buildings import Building, build, furnish
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant, trees
from indexer.demo.scenes.liquid import water
from indexer.demo.scenes.noise import Field, fractal, grain, smoothstep
from indexer.demo.scenes.palette import (
    ASPHALT, CONCRETE, FLAT_ROOF, METAL_ROOF, WHITE_PAINT, Colour, blend, colourise, mix, pick, ramp, tint, varied, vary,
)  # fmt: skip
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, offset, ring, spline
from indexer.demo.scenes.traffic import cars, cars_along, oblongs, road


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
        ramps.append(spline(((sx * reach * 1.1, sy * wide * 0.4), (sx * far, sy * wide * 0.6), (sx * far * out, sy * far * out), (sx * wide * 0.6, sy * far), (sx * wide * 0.4, sy * reach * 1.1)), 40))
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


@scene("bridge", "temperate", "coast", "tropical", gsd_m=(0.9, 2.2), snow=False)
def bridge(c: Canvas) -> Facts:
    """A long bridge straight across wide water, its piers or towers and shadow on the surface."""
    rng, reach = c.rng, c.reach
    wobble = (fractal(rng, 4, 5) - np.float32(0.5)) * 30
    span = rng.uniform(62, 88)
    bank = np.abs(c.u) + wobble
    depth = smoothstep(span, span * 0.4, bank)
    cover = fractal(rng, 5, 6)
    land = colourise(cover, c.tones.grass_ramp)
    land = mix(land, vary(rng, (150, 140, 122), 8), smoothstep(span + 9, span + 3, bank))
    surface = water(c, depth, None, blend(c.tones.shallow, c.tones.water, 0.45))
    c.paint(mix(land, surface, smoothstep(span + 1, span - 1, bank)))
    deck = rng.uniform(11, 19)
    kind = str(rng.choice(("suspension", "arch", "beam")))
    height = {"suspension": 15, "arch": 9, "beam": 7}[kind]
    fall = c.placement.to_scene(c.shadow)
    line = np.array(((-reach * 1.1, 0.0), (reach * 1.1, 0.0)))
    middle = np.array(((-span - 8, 0.0), (span + 8, 0.0)))
    shade = c.mask()
    shade.line(middle + np.array(fall) * height, deck, 255)
    piers = np.linspace(-span * 0.8, span * 0.8, 3 if kind != "beam" else int(rng.integers(5, 9)))
    for x in piers.tolist():
        shade.line(((x, 0), (x + fall[0] * height, fall[1] * height)), 4, 255)
    c.stamp(shade, opacity=0.45)
    for x in piers.tolist():
        c.rect(x, 0, 5, deck + 7, vary(rng, CONCRETE, 6))
    road(c, line, deck, vary(rng, ASPHALT, 8), 4)
    for side in (-1, 1):
        c.line(offset(line, side * (deck / 2 + 0.6)), 1.3, (204, 202, 196))
    cars_along(c, [np.linspace(line[0], line[1], 9)], deck, rng.uniform(9, 24), 0.8)
    if kind != "beam":
        _truss(c, deck, span, pick(rng, ((168, 66, 48), (120, 132, 140), (206, 206, 200))), kind)
    _banks(c, bank, span, deck)
    return {"bridge": kind, "water": "wide"}


def _truss(c: Canvas, deck: float, span: float, steel: Colour, kind: str) -> None:
    fall = np.array(c.placement.to_scene(c.shadow))
    towers = (-span * 0.52, span * 0.52)
    xs = np.linspace(-span, span, 25)
    for side in (-1, 1):
        c.line(((-span, side * deck * 0.5), (span, side * deck * 0.5)), 1.4, steel)
    if kind == "arch":
        rungs = np.stack((np.stack((xs, 0 * xs - deck / 2), axis=1), np.stack((xs, 0 * xs + deck / 2), axis=1)), axis=1)
        c.segments(rungs, 0.9, steel)
        c.segments(np.stack((rungs[:-1, 0], rungs[1:, 1]), axis=1), 0.7, tint(steel, 0.85))
        return
    for x in towers:
        mask = c.mask()
        mask.line(np.array(((x, -deck * 0.6), (x, deck * 0.6))) + fall * 26, 3.5, 255)
        c.stamp(mask, opacity=0.45)
        c.rect(x, 0, 4.2, deck * 1.35, tint(steel, 0.8))
        for side in (-1, 1):
            c.rect(x, side * deck * 0.6, 5.6, 4.2, tint(steel, 1.15))


def _banks(c: Canvas, bank: Field, span: float, deck: float) -> None:
    rng = c.rng
    roofs = pick(rng, (FLAT_ROOF, METAL_ROOF))
    houses = []
    for side in (-1, 1):
        for row in (-1, 1):
            for x in np.arange(span + 32, c.reach, rng.uniform(18, 30)).tolist():
                if rng.random() < 0.6:
                    y = row * (deck / 2 + rng.uniform(16, 26))
                    houses.append(Building(side * x, y, rng.uniform(9, 15), rng.uniform(10, 18), rng.uniform(4, 8), 0, pick(rng, roofs)))
    build(c, houses)
    free = smoothstep(span + 10, span + 16, bank) * smoothstep(deck / 2 + 34, deck / 2 + 42, np.abs(c.v))
    plant(c, crowns(c, free.astype(np.float32) * np.float32(0.75), rng.uniform(8, 11)))


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
    """A double row of bays, cars nose to nose; returns the number of cars."""
    rng = c.rng
    bay = 4.0
    at = np.arange(x + bay / 2, x + length, bay)
    marks = np.array([((a - bay / 2, y - 9.5), (a - bay / 2, y + 9.5)) for a in at.tolist()])
    c.segments(marks, 0.4, (206, 206, 200))
    c.line(((x, y), (x + length, y)), 0.4, (206, 206, 200))
    places = np.array([(a, y + side * 4.8) for a in at.tolist() for side in (-1, 1)])
    places = places[rng.random(len(places)) < full]
    cars(c, places, np.where(rng.random(len(places)) < 0.5, pi / 2, -pi / 2), 1.35)
    return len(places)


@scene("rail_yard", "temperate", "arid", gsd_m=(0.6, 1.4))
def rail_yard(c: Canvas) -> Facts:
    """Many parallel tracks on ballast with rows of wagons, points, a shed beside them."""
    rng, reach = c.rng, c.reach
    c.ground(c.tones.grass_ramp, fractal(rng, 4, 6))
    tracks = int(rng.integers(8, 17))
    pitch = rng.uniform(7.4, 9.6)
    curve, wave = rng.uniform(-14, 14), rng.uniform(120, 220)
    ballast = vary(rng, (124, 112, 100), 7)
    xs = np.linspace(-reach * 1.1, reach * 1.1, 40)
    axis = np.stack((xs, curve * np.sin(xs / wave)), axis=1)
    half = tracks * pitch / 2
    c.line(axis, 2 * half + 16, ballast)
    soot = colourise(fractal(rng, 6, 6), ramp(tint(ballast, 0.72), ballast, tint(ballast, 1.2)))
    inside = smoothstep(half + 8, half + 3, np.abs(c.v - np.float32(curve) * np.sin(c.u / np.float32(wave))))
    c.lay(soot + (grain(rng, 1) * np.float32(5))[..., None], inside)
    lines = [offset(axis, (k - (tracks - 1) / 2) * pitch) for k in range(tracks)]
    for line in lines:
        c.dashes(line, 3.6, tint(ballast, 0.78), 1.0, 1.4)
        for side in (-0.9, 0.9):
            c.line(offset(line, side), 0.45, (176, 170, 166))
    for k in range(0, tracks - 1):
        x = rng.uniform(-reach, reach * 0.7)
        ends = [np.array([np.interp(at, line[:, 0], line[:, 1]) for at in (x, x + 34)]) for line in (lines[k], lines[k + 1])]
        c.line(((x, ends[0][0]), (x + 34, ends[1][1])), 0.5, (176, 170, 166))
    wagons = _wagons(c, lines)
    c.rect(0, half + 26, 2 * reach, 9, vary(rng, ASPHALT, 8))
    sheds = [Building(float(x), half + 54, rng.uniform(50, 90), rng.uniform(22, 34), 8, 0, pick(rng, METAL_ROOF), "gable") for x in np.arange(-reach, reach, 110)]
    build(c, sheds)
    clear = np.abs(c.v)
    wild = smoothstep(half + 24, half + 30, clear) * (c.v < 0) * smoothstep(0.35, 0.65, fractal(rng, 5, 5))
    plant(c, crowns(c, wild.astype(np.float32), rng.uniform(7, 10)))
    return {"tracks": tracks, "wagons": wagons}


def _wagons(c: Canvas, lines: list[Points]) -> int:
    rng = c.rng
    places: list[Points] = []
    angles: list[Points] = []
    inks: list[Colour] = []
    paints: tuple[Colour, ...] = ((122, 66, 50), (86, 92, 98), (150, 140, 126), (62, 86, 112), (104, 84, 66), (70, 74, 70), (168, 126, 64))
    length = rng.uniform(15, 20)
    for line in lines:
        if rng.random() < 0.25:
            continue
        paint = pick(rng, paints)
        mixed = rng.random() < 0.5
        at = np.arange(-c.reach + rng.uniform(0, 120), c.reach - rng.uniform(0, 160), length + 1.6)
        if not len(at):
            continue
        y = np.interp(at, line[:, 0], line[:, 1])
        slope = np.interp(at + 2, line[:, 0], line[:, 1]) - np.interp(at - 2, line[:, 0], line[:, 1])
        places.append(np.stack((at, y), axis=1))
        angles.append(np.arctan2(slope, 4))
        inks += varied(rng, paints if mixed else (paint,), len(at), 7)
    if not places:
        return 0
    spots, turned = np.concatenate(places), np.concatenate(angles)
    shapes = oblongs(spots, turned, length, 5.2)
    mask = c.mask()
    mask.polygons(shapes + np.array(c.placement.to_scene(c.shadow)) * 3.4, [255] * len(shapes))
    c.stamp(mask, opacity=0.5)
    c.polygons(shapes, inks)
    c.polygons(oblongs(spots, turned, length * 0.94, 3.2), [tint(ink, 1.18) for ink in inks])
    c.polygons(oblongs(spots, turned, length * 0.94, 0.8), [tint(ink, 0.9) for ink in inks])
    return len(spots)
