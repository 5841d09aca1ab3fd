"""Where people hold water back or build beside it: dams, salt works, ports."""

from __future__ import annotations

from math import pi

import numpy as np

from indexer.demo.scenes.buildings import Building, build, cast, furnish
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.liquid import water
from indexer.demo.scenes.noise import Field, fractal, grain, hillshade, smoothstep
from indexer.demo.scenes.palette import (
    CONCRETE,
    FLAT_ROOF,
    TERRACOTTA,
    Colour,
    colourise,
    mix,
    pick,
    tint,
    varied,
    vary,
)
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import (
    Numbers,
    Points,
    corners,
    offset,
    parcels,
    ring,
    rotated,
    shrunk,
    spline,
)
from indexer.demo.scenes.traffic import oblongs, parking

_CONTAINERS: tuple[Colour, ...] = (
    (164, 62, 48), (54, 92, 138), (190, 120, 56), (206, 206, 200),
    (70, 116, 92), (118, 70, 60), (216, 184, 84), (92, 100, 108),
)  # fmt: skip


@scene("dam", "mountain", "temperate", "arid", gsd_m=(1.6, 4.0), snow=False)
def dam(c: Canvas) -> Facts:
    """A concrete dam across a valley: reservoir above, spillway, power house and stream below."""
    rng = c.rng
    hills = fractal(rng, 4, 6, 0.48)
    valley: Field = np.abs(c.u + (fractal(rng, 3, 4) - np.float32(0.5)) * 60)
    bulge = rng.uniform(10, 42)
    half = rng.uniform(62, 92)
    crest = -np.float32(bulge) * (1 - (c.u / np.float32(half)) ** 2)
    above = c.v < crest
    lake = np.float32(half) + (fractal(rng, 5, 5) - np.float32(0.5)) * 60 - c.v * np.float32(0.12) - valley
    wood = smoothstep(0.35, 0.6, fractal(rng, 4, 5) + (0.2 if c.view.climate != "arid" else -0.25))
    land = mix(
        colourise(hills, c.tones.grass_ramp),
        colourise(np.float32(0.5) + grain(rng, 2) * np.float32(0.17), c.tones.tree_ramp),
        wood,
    )
    relief = hills * np.float32(60) + np.clip(valley, 0, 120) * np.float32(0.55)
    land = land * hillshade(relief, c.sun, 0.5)[..., None]
    bare = smoothstep(-9, -2, lake) * above
    land = mix(land, vary(rng, (186, 168, 136), 8), bare)
    reservoir = water(
        c, smoothstep(0, 40, lake), pick(rng, ((30, 72, 82), (26, 62, 92), (52, 104, 104))), (96, 138, 126)
    )
    pixels = mix(land, reservoir, smoothstep(-1, 1, lake) * above)
    stream = np.abs(c.u + np.sin(c.v / np.float32(34)) * np.float32(9)) * (c.v > 0) + np.float32(99) * (
        c.v <= 0
    )
    pixels = mix(pixels, (172, 162, 140), smoothstep(20, 13, stream))
    pixels = mix(
        pixels,
        water(c, smoothstep(10, 0, stream), (60, 96, 96), (120, 140, 120)),
        smoothstep(10.5, 8.5, stream),
    )
    c.paint(pixels)
    spilling = bool(rng.random() < 0.5)
    _wall(c, half, bulge, spilling)
    return {"wall": "curved" if bulge > 22 else "straight", "spillway": "open" if spilling else "closed"}


def _wall(c: Canvas, half: float, bulge: float, spilling: bool) -> None:
    rng = c.rng
    xs = np.linspace(-half - 12, half + 12, 30)
    top = np.stack((xs, -bulge * (1 - (xs / half) ** 2)), axis=1)
    face = rng.uniform(16, 30)
    foot = np.stack((xs * 0.9, top[:, 1] + face * np.clip(1 - (xs / (half + 8)) ** 2, 0, 1)), axis=1)
    concrete = vary(rng, (188, 184, 174), 8)
    c.polygon(np.concatenate((top, foot[::-1])), tint(concrete, 0.86))
    for k in range(0, 29, 2):
        c.line((top[k], foot[k]), 0.6, tint(concrete, 0.74))
    middle = slice(12, 18)
    if spilling:
        c.polygon(np.concatenate((top[middle], foot[middle][::-1] + np.array((0, 14)))), (236, 242, 244))
        c.polygon(ring(0, float(foot[15, 1]) + 14, 13, 9), (222, 234, 236))
    c.line(top, 6.5, concrete)
    c.line(top, 3.2, (128, 128, 128))
    gates = [Building(float(x), float(y) - 3, 4, 4, 4, 0, tint(concrete, 1.08)) for x, y in top[11:20:2]]
    house = Building(rng.uniform(22, 34), float(foot[20, 1]) + 14, 26, 12, 7, 0, pick(rng, FLAT_ROOF))
    build(c, [*gates, house])
    furnish(c, [house])


_BRINE: tuple[tuple[Colour, str], ...] = (
    ((206, 130, 128), "pink"), ((176, 84, 86), "red"), ((96, 166, 164), "turquoise"),
    ((132, 188, 176), "pale green"), ((226, 220, 208), "white"), ((198, 142, 96), "orange"),
    ((70, 112, 118), "dark blue"), ((222, 178, 168), "pale pink"), ((150, 160, 110), "olive"),
)  # fmt: skip


@scene("salt_ponds", "coast", "arid", gsd_m=(3.0, 8.0), snow=False)
def salt_ponds(c: Canvas) -> Facts:
    """Evaporation basins in pink, turquoise, rust and white between narrow dikes."""
    rng = c.rng
    dike = vary(rng, (170, 150, 118), 8)
    c.ground(dike, fractal(rng, 5))
    basins = parcels(rng, c.reach, rng.uniform(20, 44), 0.12)
    shades = rng.choice(len(_BRINE), int(rng.integers(4, 8)), replace=False)
    shades = rng.choice(shades, len(basins))
    inks = [vary(rng, _BRINE[shade][0], 7) for shade in shades.tolist()]
    crust = rng.random(len(basins)) < 0.5
    c.polygons(
        shrunk(basins, 1.1),
        [(232, 226, 216) if white else tint(ink, 0.9) for ink, white in zip(inks, crust, strict=True)],
    )
    c.polygons(shrunk(basins, 2.4), inks)
    streak = fractal(rng, 7, 5, stretch=6) - np.float32(0.5)
    c.light(1 + streak * np.float32(0.2) + grain(rng, 1) * np.float32(0.02))
    shown = [
        shade for shade, basin in zip(shades.tolist(), basins, strict=True) if c.count(basin.mean(axis=0))
    ]
    return {"colours": " and ".join(sorted({_BRINE[k][1] for k in shown}))}


_HULL = np.array(
    ((0.5, 0), (0.36, 0.36), (0.15, 0.5), (-0.46, 0.48), (-0.5, 0.3),
     (-0.5, -0.3), (-0.46, -0.48), (0.15, -0.5), (0.36, -0.36))
)  # fmt: skip


def hulls(places: Points, headings: Numbers, lengths: Numbers, slenderness: float) -> Points:
    """Outlines (n, 9, 2) of vessels pointed at the bow; `slenderness` is width over length."""
    shapes = _HULL[None] * (lengths[:, None] * np.array((1, slenderness)))[:, None]
    outlines: Points = rotated(shapes, headings) + places[:, None]
    return outlines


@scene("harbour", "coast", "temperate", "tropical", gsd_m=(0.6, 1.5), snow=False)
def harbour(c: Canvas) -> Facts:
    """A marina: jetties with rows of yachts in a basin behind a breakwater, a quay with houses."""
    rng = c.rng
    depth = np.float32(0.75) + fractal(rng, 3, 4) * np.float32(0.3)
    c.paint(water(c, depth, vary(rng, (38, 82, 98), 8)))
    quay = rng.uniform(48, 66)
    pave = vary(rng, CONCRETE, 8)
    c.rect(0, quay + 100, 2 * c.reach, 200, pave)
    cast(c, [(corners(0, quay + 100, 2 * c.reach, 200), 1.5)])
    c.rect(0, quay + 100, 2 * c.reach, 200, pave)
    wall = spline(
        [(-c.reach, -92), (-60, -96 - rng.uniform(0, 16)), (20, -92), (rng.uniform(60, 95), -60)], 40
    )
    c.line(wall, 11, (116, 112, 106))
    rocks = np.concatenate([offset(wall, d) for d in (-5, -3, 3, 5)]) + rng.normal(0, 1, (160, 2))
    c.discs(rocks, rng.uniform(0.8, 2.0, len(rocks)), varied(rng, ((138, 132, 124),), len(rocks), 20))
    c.line(wall, 4, tint(pave, 1.05))
    boats = _jetties(c, quay)
    houses = []
    x = -c.reach
    roofs = TERRACOTTA if rng.random() < 0.6 else FLAT_ROOF
    while x < c.reach:
        w = rng.uniform(14, 26)
        for row in (46, 86):
            depth_of = rng.uniform(13, 20)
            houses.append(
                Building(
                    x + w / 2, quay + row, w - 1.5, depth_of, rng.uniform(5, 11), 0, pick(rng, roofs), "hip"
                )
            )
        x += w
    build(c, houses)
    parking(c, rng.uniform(-60, 60), quay + 18, 80, 18, 0, 0.7, 0.8)
    plant(c, crowns(c, smoothstep(quay + 100, quay + 104, c.v) * np.float32(0.7), 9))
    return {"boats": boats}


def _jetties(c: Canvas, quay: float) -> int:
    rng = c.rng
    places: list[tuple[float, float]] = []
    sides: list[int] = []
    size = rng.uniform(9, 15)
    pitch, longest = 2.3 * (size + 4), quay + rng.uniform(20, 60)
    wood = vary(rng, (186, 172, 148), 8)
    for x in np.arange(-c.reach + rng.uniform(0, 20), c.reach, pitch).tolist():
        end = quay - longest * rng.uniform(0.7, 1.0)
        for y in np.arange(end + 3, quay - 10, size * 0.42).tolist():
            if c.sees(x, y, 2 * size):
                places += [(x, y), (x, y)]
                sides += [-1, 1]
        c.line(((x, end), (x, quay)), 2.4, wood)
    moored = rng.random(len(sides)) < 0.78
    side = np.array(sides)[moored]
    lengths = size * rng.uniform(0.75, 1.15, len(side))
    at = np.array(places)[moored] + np.stack((side * (2.2 + lengths / 2), 0 * lengths), axis=1)
    headings = np.where(side > 0, 0.0, pi)
    outlines = hulls(at, headings, lengths, 0.33)
    mask = c.mask()
    mask.polygons(outlines + np.array(c.placement.to_scene(c.shadow)), [255] * len(at))
    c.stamp(mask, opacity=0.45)
    c.polygons(outlines, varied(rng, ((238, 240, 240),), len(at), 5))
    covers: tuple[Colour, ...] = (
        (58, 84, 122),
        (176, 150, 114),
        (204, 204, 200),
        (96, 104, 112),
        (150, 70, 62),
    )
    c.polygons(oblongs(at, headings, size * 0.42, size * 0.17), varied(rng, covers, len(at)))
    return c.count(at)


@scene("container_port", "coast", "temperate", gsd_m=(1.0, 2.4), snow=False)
def container_port(c: Canvas) -> Facts:
    """Cargo ships at a quay, gantry cranes over them, stacks of coloured containers behind."""
    rng = c.rng
    c.paint(water(c, np.float32(0.8) + fractal(rng, 3, 4) * np.float32(0.3)))
    quay = rng.uniform(-34, -4)
    ground = vary(rng, (146, 144, 140), 8)
    c.rect(0, quay + 150, 2 * c.reach, 300, ground)
    c.rect(0, quay + 2, 2 * c.reach, 4, tint(ground, 0.8))
    ships = int(rng.integers(1, 3))
    length = rng.uniform(130, 180) / (1 if ships == 1 else 1.35)
    for k in range(ships):
        _ship(c, (k - (ships - 1) / 2) * (length + 16) + rng.uniform(-8, 8), quay - 13, length, 22)
    boxes: list[tuple[float, float]] = []
    for y in np.arange(quay + 34, c.reach, 30):
        x = -c.reach
        while x < c.reach:
            run = int(rng.integers(5, 13))
            for row in range(4):
                boxes += [(x + k * 8.4, y + row * 4.4 - 6) for k in range(run)]
            x += run * 8.4 + 12
        c.line(((-c.reach, y + 16), (c.reach, y + 16)), 5, (116, 116, 116))
    _stacks(c, np.array(boxes)[rng.random(len(boxes)) < 0.86], 3.0)
    cranes = _cranes(c, quay)
    return {"ships": ships, "cranes": cranes}


def _ship(c: Canvas, x: float, y: float, length: float, width: float) -> None:
    rng = c.rng
    outline = hulls(np.array(((x, y),)), np.zeros(1), np.array((length,)), width / length)[0]
    mask = c.mask()
    mask.polygon(outline + np.array(c.placement.to_scene(c.shadow)) * 7, 255)
    c.stamp(mask, opacity=0.5)
    body = vary(rng, pick(rng, ((112, 52, 46), (52, 70, 96), (70, 74, 78), (60, 88, 76))), 6)
    c.polygon(outline, body)
    c.polygon(outline * (0.97, 0.86) + np.array((x, y)) * (0.03, 0.14), tint(body, 1.35))
    spots = [
        (x + a, y + b)
        for a in np.arange(-length * 0.3, length * 0.36, 8.6)
        for b in (-6.6, -2.2, 2.2, 6.6)
        if rng.random() < 0.9
    ]
    _stacks(c, np.array(spots), 1.5)
    bridge = Building(x - length * 0.38, y, 8, width * 0.9, 9, 0, (232, 232, 228))
    build(c, [bridge])


def _stacks(c: Canvas, places: Points, height: float) -> None:
    shapes = oblongs(places, np.zeros(len(places)), 7.6, 3.9)
    fall = np.array(c.placement.to_scene(c.shadow)) * height
    mask = c.mask()
    mask.polygons(shapes + fall, [255] * len(shapes))
    c.stamp(mask, opacity=0.5)
    c.polygons(shapes, varied(c.rng, _CONTAINERS, len(shapes)))


def _cranes(c: Canvas, quay: float) -> int:
    rng = c.rng
    ink = pick(rng, ((196, 92, 60), (74, 116, 160), (214, 178, 70)))
    xs = np.sort(rng.uniform(-100, 100, int(rng.integers(2, 6))))
    fall = c.placement.to_scene(c.shadow)
    mask = c.mask()
    for x in xs:
        mask.line(
            ((x + fall[0] * 14, quay - 26 + fall[1] * 14), (x + fall[0] * 14, quay + 26 + fall[1] * 14)),
            3,
            255,
        )
    c.stamp(mask, opacity=0.45)
    for x in xs:
        for dx in (-6, 6):
            c.line(((x + dx, quay + 3), (x + dx, quay + 18)), 1.6, tint(ink, 0.8))
        for boom in (-1.6, 1.6):
            c.line(((x + boom, quay - 26), (x + boom, quay + 26)), 0.9, ink)
        c.rect(float(x), quay + 14, 12, 5, tint(ink, 1.1))
        c.rect(float(x), quay - 8, 4, 4, (230, 230, 226))
    return c.count([(x, quay) for x in xs])
