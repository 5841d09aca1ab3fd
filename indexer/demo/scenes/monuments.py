"""Castles and cemeteries."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.demo.scenes.buildings import Building, build
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.liquid import water
from indexer.demo.scenes.noise import (
    fractal,
    smoothstep,
)
from indexer.demo.scenes.palette import (
    SHINGLE,
    TERRACOTTA,
    Colour,
    blend,
    pick,
    tint,
    varied,
    vary,
)
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points


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
    tiles = TERRACOTTA if rng.random() < 0.5 else SHINGLE
    court, wing = radius * rng.uniform(0.26, 0.34), radius * 0.13
    parts = []
    for a in (0, pi / 2, pi, 3 * pi / 2):
        x, y, long = cos(a) * court, sin(a) * court, 2 * court + wing
        parts.append(Building(x, y, long, wing, 8, a + pi / 2, pick(rng, tiles[:2]), "gable"))
    for k in range(4):
        a = pi / 4 + k * pi / 2
        parts.append(
            Building(
                cos(a) * court * 1.41,
                sin(a) * court * 1.41,
                wing * 1.5,
                wing * 1.5,
                13,
                0,
                tint(pick(rng, tiles), 0.9),
                "round",
            )
        )
    if not star:
        for k in range(points):
            a = k * 2 * pi / points
            parts.append(
                Building(
                    cos(a) * radius * 0.84, sin(a) * radius * 0.84, 15, 15, 11, 0, tint(stone, 0.9), "round"
                )
            )
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
            gx, gy = np.meshgrid(
                np.arange(x + 6, x + plot_w - 5, seat), np.arange(y + 7, y + plot_h - 4, row)
            )
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
    build(
        c,
        [
            Building(cx, cy, 26, 12, 7, 0, tiles, "gable"),
            Building(cx + 8, cy, 8, 20, 6, 0, tiles, "gable"),
            Building(cx - 13, cy, 7, 7, 14, 0, tint(tiles, 0.85), "hip"),
        ],
    )
    keep_out.disc(cx, cy, 24, 255)
    free = 1 - smoothstep(0, 0.5, keep_out.field())
    plant(
        c, crowns(c, free * smoothstep(0.45, 0.75, fractal(rng, 6, 3)) * np.float32(0.4), rng.uniform(11, 15))
    )
    return {"graves": "in rows", "parts": "chapel, paths and old trees"}


def _graves(c: Canvas, places: Points) -> None:
    rng = c.rng
    fall = c.placement.to_scene(c.shadow)
    base = np.array([(-1.3, -0.5), (1.3, -0.5), (1.3, 0.6), (-1.3, 0.6)])
    slabs = base * (0.85, 4.2) + (0, 2.2)
    lain = rng.random(len(places)) < 0.5
    inks = varied(rng, ((202, 200, 196), (166, 164, 162), (112, 112, 116), (222, 218, 210)), len(places))
    c.polygons(
        places[lain][:, None, :] + slabs,
        [blend(ink, c.tones.grass, 0.35) for ink, low in zip(inks, lain, strict=True) if low],
    )
    mask = c.mask()
    mask.polygons(places[:, None, :] + base * 1.05 + np.array(fall) * 1.1, [255] * len(places))
    c.stamp(mask, opacity=0.55)
    c.polygons(places[:, None, :] + base, inks)
