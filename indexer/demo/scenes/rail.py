"""Rail yards."""

from __future__ import annotations

import numpy as np

from indexer.demo.scenes.buildings import Building, build
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.noise import (
    fractal,
    grain,
    smoothstep,
)
from indexer.demo.scenes.palette import (
    ASPHALT,
    METAL_ROOF,
    Colour,
    colourise,
    pick,
    ramp,
    tint,
    varied,
    vary,
)
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Points, offset
from indexer.demo.scenes.traffic import oblongs


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
        ends = [
            np.array([np.interp(at, line[:, 0], line[:, 1]) for at in (x, x + 34)])
            for line in (lines[k], lines[k + 1])
        ]
        c.line(((x, ends[0][0]), (x + 34, ends[1][1])), 0.5, (176, 170, 166))
    wagons = _wagons(c, lines)
    c.rect(0, half + 26, 2 * reach, 9, vary(rng, ASPHALT, 8))
    sheds = [
        Building(
            float(x),
            half + 54,
            rng.uniform(50, 90),
            rng.uniform(22, 34),
            8,
            0,
            pick(rng, METAL_ROOF),
            "gable",
        )
        for x in np.arange(-reach, reach, 110)
    ]
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
    paints: tuple[Colour, ...] = (
        (122, 66, 50),
        (86, 92, 98),
        (150, 140, 126),
        (62, 86, 112),
        (104, 84, 66),
        (70, 74, 70),
        (168, 126, 64),
    )
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
    return c.count(spots)
