"""Bridges across wide water."""

from __future__ import annotations

import numpy as np

from indexer.demo.scenes.buildings import Building, build
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.liquid import water
from indexer.demo.scenes.noise import (
    Field,
    fractal,
    smoothstep,
)
from indexer.demo.scenes.palette import (
    ASPHALT,
    CONCRETE,
    FLAT_ROOF,
    METAL_ROOF,
    Colour,
    blend,
    colourise,
    mix,
    pick,
    tint,
    vary,
)
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import offset
from indexer.demo.scenes.traffic import cars_along, road


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
        rungs = np.stack(
            (np.stack((xs, 0 * xs - deck / 2), axis=1), np.stack((xs, 0 * xs + deck / 2), axis=1)), axis=1
        )
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
    roofs = FLAT_ROOF if rng.random() < 0.5 else METAL_ROOF
    houses = []
    for side in (-1, 1):
        for row in (-1, 1):
            for x in np.arange(span + 32, c.reach, rng.uniform(18, 30)).tolist():
                if rng.random() < 0.6:
                    y = row * (deck / 2 + rng.uniform(16, 26))
                    houses.append(
                        Building(
                            side * x,
                            y,
                            rng.uniform(9, 15),
                            rng.uniform(10, 18),
                            rng.uniform(4, 8),
                            0,
                            pick(rng, roofs),
                        )
                    )
    build(c, houses)
    free = smoothstep(span + 10, span + 16, bank) * smoothstep(deck / 2 + 34, deck / 2 + 42, np.abs(c.v))
    plant(c, crowns(c, free.astype(np.float32) * np.float32(0.75), rng.uniform(8, 11)))
