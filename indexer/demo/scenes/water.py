"""Rivers, lakes, coasts and ice."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.countryside import patchwork
from indexer.demo.scenes.greenery import crowns, plant
from indexer.demo.scenes.liquid import surf, water
from indexer.demo.scenes.noise import (
    Field,
    fractal,
    grain,
    hillshade,
    level,
    ridged,
    smoothstep,
)
from indexer.demo.scenes.palette import Colour, blend, colourise, mix, pick, ramp, tint, vary
from indexer.demo.scenes.registry import Facts, scene
from indexer.demo.scenes.surface import scatter


@scene("river", "temperate", "tropical", "arid", gsd_m=(3.0, 8.0), snow=False)
def river(c: Canvas) -> Facts:
    """A river meandering through farmland or forest, sandbanks inside its bends."""
    rng = c.rng
    wide = rng.uniform(11, 24)
    wave, bend = rng.uniform(120, 230), rng.uniform(18, 46)
    u = c.u + (fractal(rng, 3, 3) - np.float32(0.5)) * np.float32(30)
    turn = u * np.float32(2 * pi / wave) + np.float32(rng.uniform(0, 6))
    middle = np.sin(turn) * np.float32(bend) + np.sin(turn * np.float32(0.5)) * np.float32(bend * 0.5)
    steep = np.cos(turn) * np.float32(bend * 2 * pi / wave)
    side = (c.v - middle) / np.sqrt(1 + steep * steep)
    rough = (fractal(rng, 8, 4) - np.float32(0.5)) * np.float32(5)
    away = np.abs(side) + rough
    land = patchwork(c, int(rng.integers(40, 110)), rng.uniform(0.15, 0.6))
    woods = smoothstep(wide * 2.2, wide * 0.9, away + fractal(rng, 9, 4) * np.float32(wide * 1.4))
    land = mix(land, colourise(np.float32(0.5) + grain(rng, 2) * np.float32(0.18), c.tones.tree_ramp), woods)
    bank = np.abs(side - np.sin(turn) * np.float32(-0.55 * wide)) + rough
    sand = smoothstep(wide * 0.72, wide * 0.55, bank) if rng.random() < 0.7 else np.zeros_like(bank)
    pixels = mix(land, vary(rng, (206, 190, 156), 8), sand)
    muddy = bool(rng.random() < 0.4)
    deep: Colour | None = (134, 112, 78) if muddy else None
    rim: Colour = (160, 140, 104) if muddy else blend(c.tones.shallow, c.tones.water, 0.5)
    flow = water(c, smoothstep(wide * 0.55, wide * 0.2, away), deep, rim)
    stream = smoothstep(wide * 0.52, wide * 0.52 - 2.0, away)
    edge = smoothstep(wide * 0.52 + 2.2, wide * 0.52, away) * np.float32(0.45)
    c.paint(mix(mix(pixels, (54, 56, 44), edge), flow, stream))
    return {"water": "muddy" if muddy else "dark", "sandbanks": "yes" if float(sand.max()) > 0 else "no"}


@scene("beach", "coast", "tropical", gsd_m=(0.4, 1.1), snow=False)
def beach(c: Canvas) -> Facts:
    """Sea, breakers, sand with parasols, plants behind."""
    rng = c.rng
    curve = np.sin(c.u / np.float32(rng.uniform(60, 120)) + np.float32(rng.uniform(0, 6))) * np.float32(
        rng.uniform(2, 16)
    )
    shore = (
        c.v
        + curve
        + (fractal(rng, 5, 4) - np.float32(0.5)) * np.float32(10)
        + np.float32(rng.uniform(-28, 22))
    )
    wide = rng.uniform(40, 66)
    sand = pick(rng, ((226, 208, 172), (214, 192, 154), (236, 222, 194), (202, 182, 150)))
    grains = colourise(
        fractal(rng, 6, 6) * np.float32(0.7) + grain(rng, 1) * np.float32(0.06),
        ramp(tint(sand, 0.93), tint(sand, 1.05)),
    )
    pixels = mix(grains, tint(sand, 0.74), smoothstep(-11, -2, shore) * np.float32(0.85))
    tracks = smoothstep(0.62, 0.8, fractal(rng, 30, 2)) * np.float32(0.15)
    pixels = mix(pixels, tint(sand, 0.8), tracks * (shore < -12))
    depth = smoothstep(0, rng.uniform(90, 160), shore)
    sea = water(c, depth, None, vary(rng, (126, 196, 184), 8))
    sea = mix(
        sea, tint(c.tones.water, 0.8), smoothstep(0.62, 0.75, fractal(rng, 6, 5)) * depth * np.float32(0.5)
    )
    pixels = mix(pixels, sea, smoothstep(-2, 2.5, shore) * np.float32(0.97))
    pixels = mix(pixels, (246, 249, 249), surf(c, shore, rng.uniform(22, 42), int(rng.integers(2, 5))))
    c.paint(pixels)
    back = smoothstep(-wide + 5, -wide - 4, shore + fractal(rng, 10, 4) * 12 - 6)
    c.lay(colourise(fractal(rng, 9, 5), c.tones.grass_ramp), back)
    if rng.random() < 0.5:
        line = [(float(x), float(-wide - 20 - rng.uniform(0, 2))) for x in np.linspace(-c.reach, c.reach, 6)]
        c.line(line, 9, (150, 148, 144))
    plant(c, crowns(c, smoothstep(-wide - 4, -wide - 26, shore) * np.float32(0.8), rng.uniform(7, 11)))
    parasols = _parasols(c, shore, wide) if rng.random() < 0.7 else 0
    return {"parasols": parasols, "sand": "white" if sand[2] > 185 else "golden"}


def _parasols(c: Canvas, shore: Field, wide: float) -> int:
    rng = c.rng
    fall = c.placement.to_scene(c.shadow)
    colours = [vary(rng, ink, 8) for ink in ((206, 62, 54), (240, 236, 224), (58, 116, 178), (232, 184, 66))]
    points = scatter(rng, 160, c.reach)
    at = c.placement.to_canvas(points) / 2
    count, mask = 0, c.mask()
    kept = []
    for (x, y), (px, py) in zip(points.tolist(), at.tolist(), strict=True):
        if 0 <= px < 256 and 0 <= py < 256 and -wide * 0.72 < shore[int(py), int(px)] < -14:
            kept.append((x, y))
            mask.disc(x + fall[0] * 2, y + fall[1] * 2, 2.1, 255)
            count += 1
    c.stamp(mask, opacity=0.45)
    for x, y in kept:
        ink = pick(rng, colours)
        c.rect(x + 3, y + 0.5, 3.4, 1.3, (238, 234, 226), rng.uniform(-0.3, 0.3))
        c.disc(x, y, 2.1, ink)
        c.disc(x, y, 0.7, tint(ink, 1.25))
    return count


@scene("lake", "temperate", "mountain", "polar", gsd_m=(4.0, 11.0))
def lake(c: Canvas) -> Facts:
    """A lake of irregular outline, closed on all sides, in woods or open land."""
    rng = c.rng
    x, y = c.u / np.float32(rng.uniform(0.9, 1.5)), c.v
    r = np.hypot(x, y) + (fractal(rng, 4, 5, 0.45) - np.float32(0.5)) * np.float32(80)
    radius = rng.uniform(46, 70)
    frozen = c.tones.snow and rng.random() < 0.6
    land = patchwork(c, 30, rng.uniform(0.5, 0.8))
    hills = fractal(rng, 3, 6) * np.float32(45)
    land = land * hillshade(hills, c.sun, 0.6)[..., None]
    rim = smoothstep(radius + 4, radius, r)
    pixels = mix(land, vary(rng, (168, 156, 128), 8), rim * np.float32(0.75))
    if frozen:
        ice = colourise(fractal(rng, 5, 6), ramp((196, 212, 224), (226, 234, 240)))
        cracks = smoothstep(0.93, 0.99, ridged(rng, 4, 5))
        surface = mix(ice, (160, 184, 202), cracks * np.float32(0.6))
    else:
        deep = pick(rng, ((24, 50, 62), (30, 66, 78), (28, 74, 92), (44, 70, 62)))
        surface = water(c, smoothstep(radius, radius * 0.45, r), deep, blend(deep, (128, 160, 138), 0.55))
    body = smoothstep(radius + 0.8, radius - 0.8, r)
    islets = fractal(rng, 5, 4)
    islet = smoothstep(0.85, 0.88, islets) * smoothstep(radius - 12, radius - 22, r)
    pixels = mix(mix(pixels, surface, body), tint(c.tones.tree, 0.95), islet)
    c.paint(pixels)
    return {"water": "frozen" if frozen else "dark blue", "shore": "wooded"}


@scene("island", "tropical", "coast", gsd_m=(2.5, 7.0), snow=False)
def island(c: Canvas) -> Facts:
    """One or a few islands in open sea, with a reef or surf around them."""
    rng = c.rng
    count = int(rng.choice((1, 1, 2, 3)))
    land = np.full_like(c.u, -1.0)
    for k in range(count):
        bearing = 2 * pi * (k + rng.uniform(-0.1, 0.1)) / count
        apart = 0.0 if count == 1 else rng.uniform(62, 76)
        x, y = apart * cos(bearing), apart * sin(bearing)
        size = rng.uniform(42, 66) / (1 if count == 1 else 1.8)
        r = np.hypot((c.u - np.float32(x)) / np.float32(rng.uniform(0.8, 1.5)), c.v - np.float32(y))
        land = np.maximum(land, 1 - r / np.float32(size))
    height = land + (fractal(rng, 5, 6, 0.48) - np.float32(0.5)) * np.float32(0.7)
    reef = rng.uniform(0.25, 0.7)
    sea = water(c, smoothstep(0.0, -reef, height), vary(rng, (18, 66, 104), 5), vary(rng, (112, 200, 190), 8))
    coral = smoothstep(0.58, 0.74, fractal(rng, 12, 4)) * smoothstep(-reef, -0.1, height) * (height < 0)
    sea = mix(sea, (70, 112, 96), coral * np.float32(0.5))
    breaker = smoothstep(0.05, 0.0, np.abs(height + np.float32(reef * 0.75))) * smoothstep(
        0.42, 0.7, fractal(rng, 9, 4)
    )
    sea = mix(
        sea,
        (240, 246, 246),
        np.maximum(breaker * np.float32(0.8), smoothstep(0.035, 0.0, np.abs(height)) * np.float32(0.6)),
    )
    relief = np.clip(height, 0, 1.4) * np.float32(rng.uniform(30, 70)) + fractal(rng, 8, 5) * np.float32(9)
    green = colourise(
        np.float32(0.45)
        + grain(rng, 2) * np.float32(0.15)
        + (fractal(rng, 7, 4) - np.float32(0.5)) * np.float32(0.5),
        c.tones.tree_ramp,
    )
    rocky = bool(rng.random() < 0.3)
    shore = (150, 132, 112) if rocky else (232, 218, 184)
    green = mix(green, c.tones.grass, smoothstep(0.5, 0.75, fractal(rng, 5, 4)) * np.float32(0.6))
    ground = mix(green, vary(rng, shore, 6), smoothstep(0.17, 0.09, height))
    ground = ground * hillshade(relief, c.sun, 0.5)[..., None]
    c.paint(mix(sea, ground, smoothstep(-0.012, 0.012, height)))
    return {"islands": count, "shore": "rocks" if rocky else "white sand"}


@scene("wetland", "temperate", "tropical", "coast", gsd_m=(2.0, 5.0), snow=False)
def wetland(c: Canvas) -> Facts:
    """Marsh: pools of every size among reeds and sedge, linked by creeks, trees on the drier spots."""
    rng = c.rng
    wet = fractal(rng, 5, 6, 0.6) * np.float32(0.7) + fractal(rng, 12, 4) * np.float32(0.3)
    share = rng.uniform(0.3, 0.55)
    shore = level(wet, share)
    depth = smoothstep(shore, shore + 0.22, wet)
    kinds = fractal(rng, 9, 5)
    sedge = vary(rng, (142, 138, 76) if c.view.season in ("autumn", "winter") else (110, 132, 62), 8)
    reeds = colourise(
        kinds + grain(rng, 1) * np.float32(0.06), ramp((64, 82, 44), sedge, (158, 150, 92), (92, 108, 58))
    )
    mud = smoothstep(shore - 0.06, shore - 0.005, wet) * np.float32(0.75)
    land = mix(reeds, (78, 68, 50), mud)
    hue: Colour = pick(rng, ((36, 56, 58), (58, 76, 66), (70, 104, 118), (44, 62, 48)))
    pools = water(c, depth, hue, blend(hue, (120, 122, 86), 0.5))
    algae = smoothstep(0.62, 0.72, fractal(rng, 9, 5)) * np.float32(0.5 if rng.random() < 0.5 else 0.0)
    pools = mix(pools, (112, 138, 62), algae)
    creeks = smoothstep(0.955, 0.985, ridged(rng, 4, 4))
    c.paint(mix(mix(land, pools, smoothstep(shore - 0.006, shore + 0.006, wet)), pools, creeks))
    dry = smoothstep(shore - 0.16, shore - 0.26, wet) * smoothstep(0.5, 0.7, kinds)
    plant(c, crowns(c, dry * np.float32(0.9), rng.uniform(5, 8)))
    return {"water": "covered with algae" if float(algae.max()) > 0 else "still", "pools": "many"}


@scene("river_delta", "tropical", "polar", "coast", gsd_m=(14.0, 36.0), snow=False)
def river_delta(c: Canvas) -> Facts:
    """Channels that branch through wetland and spread a plume of silt into the sea."""
    rng = c.rng
    wobble = fractal(rng, 3, 5) - np.float32(0.5)
    seaward = c.v / np.float32(128) + wobble * np.float32(0.8) + np.float32(rng.uniform(-0.25, 0.1))
    apex = np.float32(-190)
    spread = np.arctan2(c.u, c.v - apex)
    far = np.hypot(c.u, c.v - apex)
    branches = rng.integers(5, 9)
    silt = fractal(rng, 4, 5)
    channels = np.zeros_like(far)
    for k in range(int(branches)):
        at = (k - (branches - 1) / 2) * rng.uniform(0.13, 0.19) + rng.normal(0, 0.03)
        pull = np.clip(far / np.float32(300), 0, 1) ** np.float32(0.8)
        bend = (fractal(rng, 3, 4) - np.float32(0.5)) * np.float32(0.4) * pull
        off = np.abs(spread - np.float32(at) * pull * np.float32(1.7) + bend) * far
        width = rng.uniform(1.5, 4.5)
        channels = np.maximum(channels, smoothstep(width + 1.5, width - 0.5, off))
    creeks = smoothstep(0.93, 0.985, ridged(rng, 7, 5)) * smoothstep(-0.9, 0, seaward) * np.float32(0.8)
    channels = np.maximum(channels, creeks)
    marsh = vary(rng, (84, 116, 58), 8) if c.view.climate != "polar" else (128, 112, 78)
    land = colourise(
        silt * np.float32(0.7) + grain(rng, 2) * np.float32(0.06) + np.float32(0.15),
        ramp(tint(marsh, 0.62), marsh, (160, 148, 104)),
    )
    ponds = smoothstep(0.7, 0.76, fractal(rng, 14, 4)) * smoothstep(-0.6, 0.1, seaward) * np.float32(0.8)
    land = mix(land, (64, 92, 96), ponds)
    plume = np.clip(seaward * np.float32(1.4) + (silt - np.float32(0.5)) * np.float32(0.9), 0, 1)
    brown = vary(rng, (186, 158, 108), 8)
    sea = water(c, plume, vary(rng, (22, 88, 116), 6), brown)
    stream = water(c, np.float32(0.25) + 0 * far, (74, 112, 116), blend(brown, (90, 120, 116), 0.5))
    coast = smoothstep(-0.03, 0.03, seaward + (fractal(rng, 9, 5) - np.float32(0.5)) * np.float32(0.45))
    flats = smoothstep(-0.12, 0.0, seaward) * np.float32(0.5)
    pixels = mix(mix(land, (150, 132, 100), flats), stream, channels)
    c.paint(mix(pixels, sea, coast * np.float32(0.97)))
    return {"channels": int(branches)}
