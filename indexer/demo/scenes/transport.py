"""Airports, ports, roads and rails."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.demo.scenes.buildings import Building, build, furnish
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.noise import fractal, smoothstep
from indexer.demo.scenes.palette import ASPHALT, CONCRETE, FLAT_ROOF, SHADOW, WHITE_PAINT, YELLOW_PAINT, pick, tint, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import Surface, corners, ring
from indexer.demo.scenes.traffic import cars_along, parking, road


def plane(surface: Surface, x: float, y: float, heading: float, size: float, ink: tuple[int, int, int] | int) -> None:
    """Draw a jet's silhouette: swept wings, fuselage, tailplane, engines."""
    c, s = cos(heading), sin(heading)

    def place(shape: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
        return [(x + (a * c - b * s) * size, y + (a * s + b * c) * size) for a, b in shape]

    for side in (-1, 1):
        surface.polygon(place(((0.14, 0.05 * side), (-0.2, 0.5 * side), (-0.28, 0.5 * side), (-0.1, 0.05 * side))), ink)
        surface.polygon(place(((-0.36, 0.0), (-0.47, 0.18 * side), (-0.52, 0.18 * side), (-0.45, 0.0))), ink)
        surface.polygon(place(((0.06, 0.16 * side), (0.06, 0.22 * side), (-0.06, 0.22 * side), (-0.06, 0.16 * side))), ink)
    surface.polygon(
        place(((0.52, 0.0), (0.46, 0.045), (-0.4, 0.05), (-0.52, 0.01), (-0.52, -0.01), (-0.4, -0.05), (0.46, -0.045))), ink
    )


def planes(canvas: Canvas, places: list[tuple[float, float, float, float]]) -> None:
    """Draw parked jets (x, y, heading, length) with shadows."""
    fall = canvas.placement.to_scene(canvas.shadow)
    mask = canvas.mask()
    for x, y, heading, size in places:
        plane(mask, x + fall[0] * size * 0.1, y + fall[1] * size * 0.1, heading, size, 255)
    canvas.stamp(mask, SHADOW, 0.5)
    for x, y, heading, size in places:
        plane(canvas, x, y, heading, size, vary(canvas.rng, (234, 236, 238), 5))


@scene("airport", "temperate", "arid", "tropical", "coast", gsd_m=(1.2, 2.6))
def airport(c: Canvas) -> Facts:
    """A runway with markings, taxiways, an apron, a terminal with jets at its gates."""
    rng, reach = c.rng, c.reach
    c.ground(c.tones.grass_ramp, fractal(rng, 3, 6))
    y = rng.uniform(-70, -30)
    width = rng.uniform(17, 24)
    strip = vary(rng, ASPHALT, 10)
    apron = y + width / 2 + rng.uniform(34, 46)
    taxi = vary(rng, tint(CONCRETE, 0.9), 8)
    c.rect(0, y, 2 * reach, width + 16, tint(c.tones.grass, 1.06))
    c.rect(0, y + width / 2 + 20, 2 * reach, 9, taxi)
    for x in np.arange(-reach, reach, rng.uniform(60, 90)):
        slant = rng.uniform(-16, 16)
        c.line(((x, y), (x + slant, y + width / 2 + 20)), 8, taxi)
    c.rect(rng.uniform(-20, 20), apron + 45, rng.uniform(200, 300), 100, vary(rng, CONCRETE, 8))
    c.rect(0, y, 2 * reach, width, strip)
    for edge in (-1, 1):
        c.rect(0, y + edge * width * 0.45, 2 * reach, 0.9, WHITE_PAINT)
    c.dashes(((-reach, y), (reach, y)), 0.9, WHITE_PAINT, 10, 8)
    threshold = rng.uniform(-90, 90)
    for bar in np.linspace(-0.38, 0.38, 8):
        c.rect(threshold, y + bar * width, 14, 1.1, WHITE_PAINT)
    for side in (-1, 1):
        c.rect(threshold + 44, y + side * width * 0.2, 12, 2.4, WHITE_PAINT)
    c.line(((-reach, y + width / 2 + 20), (reach, y + width / 2 + 20)), 0.6, YELLOW_PAINT)
    parked = _terminal(c, apron)
    return {"planes": parked, "parts": "runway, taxiway and terminal"}


def _terminal(c: Canvas, apron: float) -> int:
    rng = c.rng
    roof = pick(rng, FLAT_ROOF)
    x, y = rng.uniform(-25, 25), apron + rng.uniform(46, 58)
    half = rng.uniform(60, 90)
    hall = [Building(x, y, 2 * half, 16, 7, 0, roof)]
    gates: list[tuple[float, float, float, float]] = []
    for pier in np.linspace(-half + 18, half - 18, int(rng.integers(1, 4))):
        hall.append(Building(x + pier, y - 20, 9, 30, 5, 0, roof))
        for row in (-32, -14):
            for side in (-1, 1):
                if rng.random() < 0.75:
                    heading = pi if side > 0 else 0.0
                    gates.append((x + pier + side * 17, y + row, heading, rng.uniform(18, 24)))
    for stand in np.arange(-half, half, 30):
        if rng.random() < 0.25:
            gates.append((x + stand, apron + 4, pi / 2, rng.uniform(14, 19)))
    build(c, hall)
    furnish(c, hall)
    planes(c, gates)
    parking(c, x, y + 34, 2 * half, 34, 0, rng.uniform(0.4, 0.8), 0.8)
    return len(gates)


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
    lines = [np.linspace((radius * 0.8 * cos(b), radius * 0.8 * sin(b)), (reach * cos(b), reach * sin(b)), 12) for b in bearings]
    for line in lines:
        c.line(line, lane + 4, verge)
    c.disc(0, 0, radius + lane / 2 + 2, verge)
    for line in lines:
        road(c, line, lane, colour, 2)
    c.disc(0, 0, radius + lane / 2, colour)
    c.circle(0, 0, radius, tint(WHITE_PAINT, 0.9), 0.4)
    for b in bearings:
        tip = radius + lane / 2
        c.polygon([(cos(b + d) * r, sin(b + d) * r) for d, r in ((-0.06, tip + 2), (0.06, tip + 2), (0, tip + 24))], verge)
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
        free = free * np.where(along > 0, smoothstep(lane * 0.5 + 5, lane * 0.5 + 9, across), 1).astype(np.float32)
    plant(c, crowns(c, free * smoothstep(0.4, 0.75, cover), rng.uniform(9, 14)))
    return {"exits": arms, "island": centre}


def _island(c: Canvas, radius: float) -> str:
    rng = c.rng
    style = str(rng.choice(("trees", "fountain", "flower beds")))
    if style == "fountain":
        c.disc(0, 0, radius * 0.62, vary(rng, CONCRETE, 6))
        c.disc(0, 0, radius * 0.42, (72, 128, 142))
        c.disc(0, 0, radius * 0.12, (226, 234, 236))
    elif style == "flower beds":
        for r, ink in ((0.75, (176, 72, 84)), (0.55, c.tones.grass), (0.38, (214, 182, 84)), (0.2, c.tones.grass)):
            c.disc(0, 0, radius * r, vary(rng, ink, 8))
    else:
        inside = (np.hypot(c.u, c.v) < radius * 0.8).astype(np.float32)
        plant(c, crowns(c, inside * np.float32(0.8), 9))
    return style
