"""Works, energy and extraction.

Kinds: storage_tanks, industrial, solar_farm, wind_farm, quarry, salt_ponds, greenhouses.
"""

from __future__ import annotations

import numpy as np

from indexer.demo.scenes.buildings import Building, build
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.noise import fractal
from indexer.demo.scenes.palette import CONCRETE, pick, tint, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import ring
from indexer.demo.scenes.traffic import road


@scene("storage_tanks", "temperate", "arid", "tropical", "coast", gsd_m=(0.6, 1.4))
def storage_tanks(c: Canvas) -> Facts:
    """Cylindrical tanks in rows within dikes, with pipes between them and roads around."""
    rng = c.rng
    ground = vary(rng, pick(rng, ((150, 142, 126), (128, 122, 114), (166, 150, 122), c.tones.grass)), 6)
    c.ground(ground, fractal(rng, 4, 7, 0.6), 4)
    pitch = rng.uniform(52, 96)
    paint = pick(rng, ((232, 232, 226), (206, 204, 196), (178, 170, 156), (154, 176, 190), (196, 132, 102)))
    tanks: list[Building] = []
    reach = int(c.reach / pitch) + 1
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            if rng.random() < 0.14:
                continue
            x, y = i * pitch, j * pitch
            c.rect(x, y, pitch * 0.95, pitch * 0.95, tint(ground, 1.12))
            c.rect(x, y, pitch * 0.9, pitch * 0.9, tint(ground, 0.94))
            size = pitch * rng.uniform(0.44, 0.78)
            tanks.append(Building(x, y, size, size, rng.uniform(9, 16), 0, vary(rng, paint, 8), "round"))
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
