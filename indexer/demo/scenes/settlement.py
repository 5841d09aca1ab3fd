"""Where people live, ruled and are buried."""

from __future__ import annotations

from math import atan, cos, pi, sin

import numpy as np

from indexer.demo.scenes.buildings import Building, build, furnish
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.liquid import water
from indexer.demo.scenes.noise import fractal, smoothstep
from indexer.demo.scenes.palette import ASPHALT, CONCRETE, FLAT_ROOF, SHINGLE, TERRACOTTA, Colour, blend, pick, tint, varied, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, Surface, corners
from indexer.demo.scenes.traffic import cars_along, road


def occupied(c: Canvas, buildings: list[Building], margin: float = 1.5) -> Surface:
    """A mask of footprints grown by `margin`, for planting around them."""
    mask = c.mask()
    for b in buildings:
        mask.rect(b.x, b.y, b.width + 2 * margin, b.depth + 2 * margin, 255, b.angle)
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
                pools += _plot(c, paths, houses, x + lot / 2, y + bend(x + lot / 2), side, lot, atan(amplitude / wave * cos(x / wave)), roofs)
                x += lot
    for x in rng.uniform(-reach, reach, int(rng.integers(0, 3))):
        c.line(((x, -reach), (x, reach)), 9, street)
        paths.line(((x, -reach), (x, reach)), 13, 255)
        houses = [h for h in houses if abs(h.x - x) > 14]
    build(c, houses)
    cars_along(c, lines, 8.5, rng.uniform(24, 60))
    taken = np.maximum(paths.field(), occupied(c, houses).field())
    lush = {"arid": 0.12, "temperate": 0.38}.get(c.view.climate, 0.3)
    plant(c, crowns(c, (1 - smoothstep(0, 0.5, taken)) * np.float32(rng.uniform(0.6, 1.4) * lush), rng.uniform(7.5, 10.5)))
    return {"pools": pools, "roofs": "red tiles" if roofs is TERRACOTTA else "grey shingles"}


def _plot(
    c: Canvas, paths: Surface, houses: list[Building], x: float, y: float, side: int, lot: float, angle: float, roofs: tuple[Colour, ...]
) -> int:
    """One house with drive, perhaps a wing and a pool; returns the number of pools."""
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
        wing = Building(hx + width * 0.28 * rng.choice((-1, 1)), hy + side * depth * 0.42, depth * 0.75, width * 0.36, 3.6, angle + pi / 2, colour, "gable")
        houses.append(wing)
    if c.tones.snow or rng.random() > {"arid": 0.4, "coast": 0.4, "tropical": 0.2}.get(c.view.climate, 0.12):
        return 0
    px, py = hx + rng.uniform(-4, 4), hy + side * (depth / 2 + 7)
    c.rect(px, py, 9, 6.5, (208, 200, 186), angle)
    c.rect(px, py, 6.6, 4.2, (84, 176, 190), angle)
    paths.rect(px, py, 10, 8, 255, angle)
    return 1


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
    streets = [np.array(((x, -reach), (x, reach))) for x in xs] + [np.array(((-reach, y), (reach, y))) for y in ys]
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


def _block(c: Canvas, towers: list[Building], x: float, y: float, width: float, depth: float, tall: float) -> None:
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


@scene("castle", "temperate", "mountain", gsd_m=(0.45, 1.0))
def castle(c: Canvas) -> Facts:
    """A fortress: star-shaped bastions or towered walls, a moat, a keep and gardens."""
    rng = c.rng
    cover = fractal(rng, 4, 6)
    c.ground(c.tones.grass_ramp, cover)
    star = bool(rng.random() < 0.5)
    points = int(rng.integers(4, 7))
    radius = rng.uniform(62, 84)
    turn = np.arange(points) * 2 * pi / points
    if star:
        arms = np.stack((turn - 0.22, turn - 0.1, turn, turn + 0.1, turn + 0.22), axis=1).ravel()
        sizes = np.tile((0.66, 0.84, 1.12, 0.84, 0.66), points)
    else:
        arms, sizes = turn, np.full(points, 0.86)
    outline = np.stack((np.cos(arms) * sizes, np.sin(arms) * sizes), axis=1) * radius
    c.polygon(outline * 1.36, tint(c.tones.grass, 0.9))
    moat = c.mask()
    moat.polygon(outline * 1.28, 255)
    wet = bool(rng.random() < 0.7)
    if wet:
        c.lay(water(c, fractal(rng, 4, 4), (52, 78, 72), (88, 108, 84)), moat.field())
    else:
        c.lay(tint(c.tones.grass, 0.78), moat.field())
    stone = vary(rng, pick(rng, ((178, 164, 140), (158, 150, 140), (186, 150, 122))), 6)
    shaded = c.mask()
    fall = c.placement.to_scene(c.shadow)
    shaded.polygon(outline + np.array(fall) * 7, 255)
    c.stamp(shaded)
    gate = rng.uniform(0, 2 * pi)
    way = ((cos(gate) * radius * 0.6, sin(gate) * radius * 0.6), (cos(gate) * c.reach, sin(gate) * c.reach))
    c.line(way, 8, (190, 180, 160))
    c.polygon(outline, tint(stone, 1.05))
    c.polygon(outline * 0.95, c.tones.grass if star else tint(stone, 0.75))
    inner = outline * (0.8 if star else 0.88)
    c.polygon(inner, stone)
    c.polygon(inner * 0.93, vary(rng, (196, 184, 160), 5))
    c.line(way, 6, (196, 184, 160))
    _keep(c, stone, radius, points, star)
    away = np.hypot(c.u, c.v)
    rough = smoothstep(radius * 1.5, radius * 1.65, away) * smoothstep(0.35, 0.6, cover)
    clear = np.abs(c.u * sin(gate) - c.v * cos(gate))
    plant(c, crowns(c, (rough * smoothstep(8, 12, clear)).astype(np.float32), 10))
    return {"plan": "star-shaped" if star else "towered walls", "moat": "filled with water" if wet else "dry"}


def _keep(c: Canvas, stone: Colour, radius: float, points: int, star: bool) -> None:
    rng = c.rng
    tiles = pick(rng, (TERRACOTTA, SHINGLE))
    court, wing = radius * rng.uniform(0.26, 0.34), radius * 0.13
    parts = []
    for k in range(4):
        a = k * pi / 2
        parts.append(Building(cos(a) * court, sin(a) * court, wing, 2 * court + wing, 8, a, pick(rng, tiles[:2]), "flat"))
    parts = [Building(b.x, b.y, b.depth, b.width, b.height, b.angle + pi / 2, b.colour, "gable") for b in parts]
    for k in range(4):
        a = pi / 4 + k * pi / 2
        parts.append(Building(cos(a) * court * 1.41, sin(a) * court * 1.41, wing * 1.5, wing * 1.5, 13, 0, tint(pick(rng, tiles), 0.9), "round"))
    if not star:
        for k in range(points):
            a = k * 2 * pi / points
            parts.append(Building(cos(a) * radius * 0.84, sin(a) * radius * 0.84, 15, 15, 11, 0, tint(stone, 0.9), "round"))
    build(c, parts)
    c.disc(0, 0, court * 0.22, (206, 200, 186))
    c.disc(0, 0, court * 0.14, (96, 150, 160))


@scene("cemetery", "temperate", "coast", gsd_m=(0.3, 0.6))
def cemetery(c: Canvas) -> Facts:
    """Rows of gravestones on grass, crossing paths, old trees, a chapel."""
    rng, reach = c.rng, c.reach
    cover = fractal(rng, 5, 6)
    c.ground(c.tones.grass_ramp, cover)
    path = vary(rng, (192, 180, 156), 6)
    plot_w, plot_h = rng.uniform(52, 84), rng.uniform(46, 70)
    keep_out = c.mask()
    xs, ys = np.arange(-reach, reach, plot_w), np.arange(-reach, reach, plot_h)
    row, seat = rng.uniform(7.5, 10), rng.uniform(4.2, 6)
    graves = []
    for x in xs:
        for y in ys:
            gx, gy = np.meshgrid(np.arange(x + 6, x + plot_w - 5, seat), np.arange(y + 7, y + plot_h - 4, row))
            spot = np.stack((gx.ravel(), gy.ravel()), axis=1)
            graves.append(spot[rng.random(len(spot)) < rng.uniform(0.65, 0.97)])
    for x in xs:
        c.line(((x, -reach), (x, reach)), 4, path)
        keep_out.line(((x, -reach), (x, reach)), 6, 255)
    for y in ys:
        c.line(((-reach, y), (reach, y)), 4, path)
        keep_out.line(((-reach, y), (reach, y)), 6, 255)
    _graves(c, np.concatenate(graves))
    cx, cy = float(xs[len(xs) // 2]), float(ys[len(ys) // 2])
    c.disc(cx, cy, 21, path)
    tiles = pick(rng, SHINGLE)
    build(c, [Building(cx, cy, 26, 12, 7, 0, tiles, "gable"), Building(cx + 8, cy, 8, 20, 6, 0, tiles, "gable"), Building(cx - 13, cy, 7, 7, 14, 0, tint(tiles, 0.85), "hip")])
    keep_out.disc(cx, cy, 24, 255)
    free = 1 - smoothstep(0, 0.5, keep_out.field())
    plant(c, crowns(c, free * smoothstep(0.45, 0.75, fractal(rng, 6, 3)) * np.float32(0.4), rng.uniform(11, 15)))
    return {"graves": "in rows", "parts": "chapel, paths and old trees"}


def _graves(c: Canvas, places: Points) -> None:
    rng = c.rng
    fall = c.placement.to_scene(c.shadow)
    base = np.array([(-1.3, -0.5), (1.3, -0.5), (1.3, 0.6), (-1.3, 0.6)])
    slabs = base * (0.85, 4.2) + (0, 2.2)
    lain = rng.random(len(places)) < 0.5
    inks = varied(rng, ((202, 200, 196), (166, 164, 162), (112, 112, 116), (222, 218, 210)), len(places))
    c.polygons(places[lain][:, None, :] + slabs, [blend(ink, c.tones.grass, 0.35) for ink, low in zip(inks, lain, strict=True) if low])
    mask = c.mask()
    mask.polygons(places[:, None, :] + base * 1.05 + np.array(fall) * 1.1, [255] * len(places))
    c.stamp(mask, opacity=0.55)
    c.polygons(places[:, None, :] + base, inks)
