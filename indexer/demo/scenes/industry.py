"""Works and depots.

Kinds: storage_tanks, industrial. `energy` and `quarry` hold what stands in the open.
"""

from __future__ import annotations

from math import cos, hypot, pi, sin

import numpy as np

from indexer.demo.scenes.buildings import Building, build
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.noise import fractal, smoothstep
from indexer.demo.scenes.palette import (
    ASPHALT,
    CONCRETE,
    FLAT_ROOF,
    METAL_ROOF,
    SHADOW,
    Colour,
    around,
    pick,
    tint,
    vary,
)
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, ring
from indexer.demo.scenes.traffic import cars_along, oblongs, parking, road

_TANK_PAINTS: tuple[Colour, ...] = (
    (236, 236, 230), (226, 226, 222), (206, 204, 196), (178, 170, 156), (154, 176, 190), (190, 136, 110),
)  # fmt: skip


@scene("storage_tanks", "temperate", "arid", "tropical", "coast", gsd_m=(0.6, 1.4))
def storage_tanks(c: Canvas) -> Facts:
    """Cylindrical tanks in rows within dikes, with pipes between them and roads around."""
    rng = c.rng
    ground = vary(rng, pick(rng, ((150, 142, 126), (128, 122, 114), (166, 150, 122), c.tones.grass)), 6)
    c.ground(ground, fractal(rng, 4, 7, 0.6), 4)
    pitch = rng.uniform(52, 96)
    paint = pick(rng, _TANK_PAINTS)
    tanks: list[Building] = []
    reach = int(c.reach / pitch) + 1
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            x, y = i * pitch, j * pitch
            if rng.random() < 0.14 or hypot(x, y) > c.reach + pitch:
                continue
            c.rect(x, y, pitch * 0.95, pitch * 0.95, tint(ground, 1.12))
            c.rect(x, y, pitch * 0.9, pitch * 0.9, tint(ground, 0.94))
            size = pitch * rng.uniform(0.44, 0.78)
            tanks.append(Building(x, y, size, size, rng.uniform(7, 13), 0, vary(rng, paint, 6), "round"))
    at = (int(rng.integers(-1, 1)) + 0.5) * pitch
    road(c, np.array(((-c.reach, at), (c.reach, at))), 7, vary(rng, CONCRETE, 9), 1)
    for k in range(-reach, reach + 1):
        for shift in (-1.6, 0, 1.6):
            x = (k + 0.5) * pitch + shift
            c.line(((x, -c.reach), (x, c.reach)), 0.8, (196, 196, 192))
            c.line(((x - 0.5 * pitch, k * pitch), (x, k * pitch)), 0.8, (188, 186, 180))
    build(c, tanks)
    for tank in tanks:
        _tank_top(c, tank)
    c.roughen(0.03)
    return {"tanks": "round", "colour": "white" if paint[0] > 220 else "coloured"}


def _tank_top(c: Canvas, tank: Building) -> None:
    """A floating roof's rim and shadow, or a fixed roof's panels."""
    lean = c.placement.to_scene(c.lean)
    fall = c.placement.to_scene(c.shadow)
    x, y, r = tank.x + lean[0] * tank.height, tank.y + lean[1] * tank.height, tank.width / 2
    if c.rng.random() < 0.4:
        c.disc(x, y, r * 0.9, tint(tank.colour, 0.5))
        c.disc(x + fall[0] * r * 0.2, y + fall[1] * r * 0.2, r * 0.8, tint(tank.colour, 0.86))
        return
    spokes = ring(x, y, r * 0.92, n=17)
    c.segments([((x, y), tuple(p)) for p in spokes.tolist()], 0.4, tint(tank.colour, 0.9))
    c.disc(x, y, r * 0.1, tint(tank.colour, 0.8))


@scene("industrial", "temperate", "arid", "tropical", "coast", gsd_m=(0.7, 1.6))
def industrial(c: Canvas) -> Facts:
    """Large flat halls with roof lights and loading docks, yards, lorries, silos and a chimney."""
    rng = c.rng
    yard = vary(rng, pick(rng, (CONCRETE, (140, 138, 132), (126, 122, 116))), 8)
    c.ground(around(yard, 0.14), fractal(rng, 5, 6))
    pitch_x, pitch_y = rng.uniform(84, 130), rng.uniform(84, 120)
    halls: list[Building] = []
    docks: list[Points] = []
    chimney = bool(rng.random() < 0.35)
    plot = (int(rng.integers(-1, 2)), int(rng.integers(-1, 2)))
    blocks = int(c.reach / min(pitch_x, pitch_y)) + 1
    roofs = (*FLAT_ROOF, *METAL_ROOF)
    theme = [pick(rng, roofs) for _ in range(3)]
    for i in range(-blocks, blocks + 1):
        for j in range(-blocks, blocks + 1):
            x, y = i * pitch_x, j * pitch_y
            if hypot(x, y) > c.reach + 0.6 * max(pitch_x, pitch_y):
                continue
            if chimney and (i, j) == plot:
                continue
            if rng.random() < 0.18:
                _yard(c, x, y, pitch_x - 14, pitch_y - 14)
                continue
            halls += _halls(c, x, y, pitch_x - 26, pitch_y - 34, theme)
            docks.append(_docks(rng, x, y + (pitch_y - 34) / 2 + 5, pitch_x - 36))
    street = vary(rng, ASPHALT, 8)
    between = np.arange(-blocks - 0.5, blocks + 1)
    streets = [np.array(((-c.reach, k * pitch_y), (c.reach, k * pitch_y))) for k in between]
    streets += [np.array(((k * pitch_x, -c.reach), (k * pitch_x, c.reach))) for k in between]
    for line in streets:
        road(c, line, 9, street, 2, tint(c.tones.grass, 0.95))
    cars_along(c, streets, 9, rng.uniform(50, 110), 0.9)
    if docks:
        lorries(c, np.concatenate(docks), pi / 2)
    build(c, halls)
    for hall in halls:
        _roof_lights(c, hall)
    if chimney:
        _works(c, plot[0] * pitch_x, plot[1] * pitch_y)
    c.roughen(0.03)
    return {"halls": "large", "chimney": "yes" if chimney else "no"}


def _halls(c: Canvas, x: float, y: float, width: float, depth: float, theme: list[Colour]) -> list[Building]:
    """One, two or three halls on a plot."""
    rng = c.rng
    parts = int(rng.choice((1, 2, 3), p=(0.5, 0.35, 0.15)))
    shares = rng.dirichlet(np.full(parts, 9.0))
    left = x - width / 2
    found: list[Building] = []
    for share in shares.tolist():
        w, d = width * share, depth * rng.uniform(0.72, 1.0)
        roof = "gable" if rng.random() < 0.2 else "flat"
        colour, height = vary(rng, pick(rng, theme), 7), rng.uniform(7, 13)
        found.append(Building(left + w / 2, y - (depth - d) / 2, max(w - 5, 8), d, height, 0, colour, roof))
        left += w
    return found


def _docks(rng: np.random.Generator, x: float, y: float, width: float) -> Points:
    """Where lorries stand side by side along a hall, (n, 2)."""
    at = np.arange(x - width / 2, x + width / 2, rng.uniform(5, 8))
    at = at[rng.random(len(at)) < rng.uniform(0.2, 0.7)]
    return np.stack((at, np.full_like(at, y)), axis=1)


def lorries(c: Canvas, places: Points, heading: float) -> None:
    """Draw lorries at (n, 2) pointing along `heading` in radians."""
    if not len(places):
        return
    headings = np.full(len(places), heading)
    fall = np.array(c.placement.to_scene(c.shadow)) * 2.2
    boxes = oblongs(places, headings, 11, 3.4)
    mask = c.mask()
    mask.polygons(boxes + fall, [255] * len(boxes))
    c.stamp(mask, SHADOW, 0.5)
    paints = ((236, 236, 234), (214, 216, 218), (60, 92, 150), (170, 62, 52), (224, 176, 70))
    c.polygons(boxes, [vary(c.rng, pick(c.rng, paints), 6) for _ in places])
    cabs = oblongs(places + 7 * np.array((cos(heading), sin(heading))), headings, 2.6, 3.2)
    c.polygons(cabs, [vary(c.rng, pick(c.rng, paints), 8) for _ in cabs])


def _yard(c: Canvas, x: float, y: float, width: float, depth: float) -> None:
    """An open plot: stacked goods, parked cars or grass."""
    rng = c.rng
    use = str(rng.choice(("goods", "cars", "grass")))
    if use == "cars":
        parking(c, x, y, width, depth, 0, rng.uniform(0.4, 0.9))
    elif use == "grass":
        c.rect(x, y, width, depth, vary(rng, c.tones.grass, 4))
    else:
        c.rect(x, y, width, depth, vary(rng, (154, 140, 120), 8))
        ink = pick(rng, ((172, 118, 78), (120, 124, 130), (196, 176, 140), (84, 110, 142)))
        columns = np.arange(x - width / 2 + 7, x + width / 2 - 5, 10)
        rows = np.arange(y - depth / 2 + 6, y + depth / 2 - 4, 6)
        goods = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
        goods = goods[rng.random(len(goods)) < 0.7]
        boxes = oblongs(goods, np.zeros(len(goods)), 7.5, 3)
        c.polygons(boxes + np.array(c.placement.to_scene(c.shadow)) * 1.5, [tint(ink, 0.4)] * len(boxes))
        c.polygons(boxes, [vary(rng, ink, 10) for _ in goods])


def _roof_lights(c: Canvas, hall: Building) -> None:
    """Bands of glass, or ducts and fans, on a hall's roof."""
    rng, lean = c.rng, c.placement.to_scene(c.lean)
    if hall.roof != "flat":
        return
    x, y = hall.x + lean[0] * hall.height, hall.y + lean[1] * hall.height
    style = str(rng.choice(("bands", "ridges", "fans", "solar"), p=(0.32, 0.32, 0.24, 0.12)))
    w, d = hall.width - 4, hall.depth - 4
    if style == "bands":
        for at in np.arange(-d / 2 + 4, d / 2 - 2, rng.uniform(8, 13)):
            c.rect(x, y + at, w * 0.84, 1.8, tint(hall.colour, 1.18))
    elif style == "ridges":
        for at in np.arange(-w / 2 + 2, w / 2 - 1, rng.uniform(3, 6)):
            c.rect(x + at, y, 0.7, d, tint(hall.colour, 0.88))
    elif style == "solar":
        for at in np.arange(-d / 2 + 4, d / 2 - 3, 6.0):
            c.rect(x, y + at, w * 0.8, 3.6, (48, 60, 92))
    fall = c.placement.to_scene(c.shadow)
    for px, py in (rng.uniform(-0.42, 0.42, (int(rng.integers(2, 7)), 2)) * (w, d)).tolist():
        c.rect(x + px + fall[0] * 1.4, y + py + fall[1] * 1.4, 3.4, 3, tint(hall.colour, 0.55))
        c.rect(x + px, y + py, 3.4, 3, tint(hall.colour, 1.14))


def _works(c: Canvas, x: float, y: float) -> None:
    """Silos, a chimney with a long shadow and perhaps its smoke."""
    rng = c.rng
    c.rect(x, y, 62, 54, (134, 128, 120))
    silos = [Building(x - 16 + 11 * k, y + 8, 9, 9, 15, 0, (214, 212, 204), "round") for k in range(4)]
    stack = Building(x, y - 11, 5.5, 5.5, 46, 0, (188, 178, 170), "round")
    build(c, [*silos, stack])
    lean = c.placement.to_scene(c.lean)
    top = np.array((x + lean[0] * 46, y - 11 + lean[1] * 46))
    c.disc(float(top[0]), float(top[1]), 1.8, (60, 52, 50))
    if rng.random() < 0.6:
        wind, turn = rng.uniform(60, 110), rng.uniform(0, 2 * pi)
        du, dv = c.u - np.float32(top[0]), c.v - np.float32(top[1])
        along, across = du * cos(turn) + dv * sin(turn), dv * cos(turn) - du * sin(turn)
        spread = np.abs(across + (fractal(rng, 6, 4) - np.float32(0.5)) * along * np.float32(0.5))
        spread = spread / np.maximum(3 + along * np.float32(0.22), 1)
        plume = smoothstep(1.0, 0.2, spread) * smoothstep(-2, 3, along)
        c.lay((236, 236, 238), plume * np.exp(-along.clip(0) / np.float32(wind)) * np.float32(0.85))
