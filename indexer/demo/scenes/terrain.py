"""Land without people: woods, sand, rock, ice."""

from __future__ import annotations

from math import pi

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, leaves
from indexer.demo.scenes.liquid import water
from indexer.demo.scenes.noise import fractal, grain, hillshade, normalise, ridged, shift, slope, smoothstep
from indexer.demo.scenes.palette import SHADOW, blend, colourise, foliage, mix, pick, ramp, tint, vary
from indexer.demo.scenes.registry import Facts, scene


@scene("forest", "temperate", "tropical", "mountain", gsd_m=(0.5, 1.2))
def forest(c: Canvas) -> Facts:
    """A closed canopy of single crowns, perhaps with clearings."""
    rng = c.rng
    stand = fractal(rng, 3, 5)
    cleared = bool(rng.random() < 0.4)
    floor = (
        c.tones.grass_ramp
        if c.tones.snow
        else ramp(tint(c.tones.tree, 0.5), blend(c.tones.tree, c.tones.grass, 0.4))
    )
    c.ground(floor, stand)
    gaps = smoothstep(0.1, 0.3, stand) if cleared else np.ones_like(stand)
    mixed = rng.uniform(0, 0.5) * (fractal(rng, 4, 3) - np.float32(0.5))
    pixels = c.pixels()
    layers = (
        (rng.uniform(6, 9), 1.0, c.tones.other_tree),
        (rng.uniform(10, 16), rng.uniform(0.5, 0.85), c.tones.tree),
    )
    for spacing, share, colour in layers:
        canopy = crowns(c, np.float32(share) * gaps, spacing, 0.45, (0.3, 0.55))
        fall = shift(canopy.alpha, c.shadow[0] * canopy.height * 0.35, c.shadow[1] * canopy.height * 0.35)
        pixels = mix(pixels, SHADOW, fall * np.float32(0.5))
        pixels = mix(pixels, leaves(c, canopy, foliage(colour)), canopy.alpha)
    c.paint(pixels * (np.float32(0.92) + mixed + stand * np.float32(0.25))[..., None])
    return {"trees": "dense", "clearings": "some" if cleared else "none"}


@scene("desert_dunes", "arid", gsd_m=(3.0, 8.0), snow=False)
def desert_dunes(c: Canvas) -> Facts:
    """Sand dunes: crests across the wind, steep lee sides, ripples."""
    rng = c.rng
    wavelength = rng.uniform(34, 80)
    bend = rng.uniform(0.5, 2.2)
    drift = c.u + (fractal(rng, 3, 3) - np.float32(0.5)) * np.float32(wavelength * bend * 1.4)
    phase = (drift / np.float32(wavelength)) % 1
    windward = rng.uniform(0.62, 0.8)
    profile = np.minimum(phase / np.float32(windward), (1 - phase) / np.float32(1 - windward))
    size = np.float32(0.35) + fractal(rng, 3, 4) * np.float32(0.9)
    height = profile * size * np.float32(wavelength * 0.34) + fractal(rng, 3, 3) * np.float32(20)
    ripples = np.sin(drift * np.float32(0.9) + fractal(rng, 9, 4) * np.float32(14)) * np.float32(0.12)
    sand = pick(rng, ((214, 176, 124), (204, 142, 88), (222, 196, 152), (190, 122, 78), (208, 160, 106)))
    shade = hillshade(height + ripples, c.sun, 0.75)
    colours = ramp(tint(sand, 0.86), sand, blend(sand, (255, 240, 214), 0.35))
    pixels = colourise(profile * size + grain(rng, 1) * np.float32(0.02), colours)
    c.paint(mix(pixels * shade[..., None], (92, 66, 60), np.clip(0.9 - shade, 0, 0.4)))
    return {"sand": "reddish" if sand[2] < 100 else "pale", "crests": "winding" if bend > 1.3 else "straight"}


@scene("snow_mountain", "mountain", "polar", gsd_m=(10.0, 28.0), snow=False)
def snow_mountain(c: Canvas) -> Facts:
    """Ridges and gullies under snow; rock shows where it is steep."""
    rng = c.rng
    height = ridged(rng, 3, 6, 0.42) * np.float32(0.8) + ridged(rng, 6, 5, 0.45) * np.float32(0.2)
    height = normalise(height) ** np.float32(1.3)
    relief = height * np.float32(110)
    dx, dy = slope(relief)
    steep = np.hypot(dx, dy)
    snowline = rng.uniform(0.0, 0.35)
    bare = smoothstep(1.5, 2.8, steep + grain(rng, 1) * np.float32(0.22)) * np.float32(0.85)
    low = smoothstep(
        snowline + 0.08, snowline - 0.08, height + (fractal(rng, 10, 4) - np.float32(0.5)) * np.float32(0.2)
    )
    rock = colourise(fractal(rng, 12, 5), ramp((58, 54, 54), (104, 96, 90), (134, 126, 118)))
    valley = colourise(
        fractal(rng, 6, 6), ramp(tint(c.tones.tree, 0.8), blend(c.tones.tree, (120, 112, 90), 0.5))
    )
    white = colourise(height, ramp((216, 224, 236), (246, 248, 252)))
    shade = hillshade(relief, c.sun, 0.62)
    pixels = mix(mix(white, rock, bare), valley, low)
    lit = pixels * shade[..., None]
    c.paint(mix(lit, (92, 124, 176), np.clip((1 - shade) * np.float32(0.75), 0, 0.42)))
    return {"snow": "above the valleys" if snowline > 0.15 else "everywhere"}


@scene("volcano_crater", "tropical", "arid", "mountain", gsd_m=(6.0, 16.0), snow=False)
def volcano_crater(c: Canvas) -> Facts:
    """A cone furrowed by gullies around a crater with a lake, glowing lava or ash in it."""
    rng = c.rng
    x, y = c.u - np.float32(rng.uniform(-18, 18)), c.v - np.float32(rng.uniform(-18, 18))
    rough = fractal(rng, 5, 6) - np.float32(0.5)
    r = np.hypot(x, y * np.float32(rng.uniform(0.85, 1.15))) * (1 + rough * np.float32(0.5))
    around = np.arctan2(y, x) + (fractal(rng, 4, 4) - np.float32(0.5)) * np.float32(1.2)
    rim, floor = rng.uniform(32, 54), rng.uniform(0.4, 0.62)
    inside = np.clip((r - np.float32(rim * floor)) / np.float32(rim * (1 - floor)), 0, 1)
    height = np.where(r < rim, inside * 26, 26 * np.exp(-(r - np.float32(rim)) / np.float32(70))).astype(
        np.float32
    )
    gullies = np.abs(np.sin(around * np.float32(rng.integers(9, 16)) + rough * np.float32(3)))
    flank = smoothstep(rim, rim * 1.8, r)
    height += (
        gullies * np.float32(3.2) + np.abs(np.sin(around * np.float32(27))) * np.float32(1.2)
    ) * flank + rough * 12
    ash = pick(rng, ((84, 76, 74), (112, 92, 82), (72, 70, 74), (130, 104, 84)))
    pixels = colourise(
        fractal(rng, 5, 6) * np.float32(0.6) + np.float32(0.4) * inside,
        ramp(tint(ash, 0.7), ash, tint(ash, 1.35)),
    )
    rust = smoothstep(0.5, 0.75, fractal(rng, 4, 5)) * smoothstep(rim * 1.7, rim * 0.8, r) * np.float32(0.5)
    pixels = mix(pixels, (158, 84, 58), rust)
    green = smoothstep(rim * 1.9, rim * 3.2, r + fractal(rng, 5, 5) * 70 - 35)
    pixels = mix(pixels, colourise(fractal(rng, 9, 5), c.tones.tree_ramp), green * np.float32(0.85))
    pixels = pixels * hillshade(height, c.sun, 1.0)[..., None]
    pool = smoothstep(rim * floor, rim * floor - 3, r)
    content = str(rng.choice(("a turquoise lake", "glowing lava", "ash")))
    if content == "a turquoise lake":
        pixels = mix(pixels, water(c, 1 - r / np.float32(rim), (44, 132, 138), (120, 190, 178)), pool)
    elif content == "glowing lava":
        pixels = mix(pixels, (48, 34, 34), pool)
        hot = smoothstep(0.6, 0.82, ridged(rng, 10, 3)) * smoothstep(rim * floor, rim * floor * 0.5, r)
        pixels = mix(pixels, (250, 120, 36), hot)
        smoke = smoothstep(0.45, 0.8, fractal(rng, 4, 6)) * smoothstep(rim * 1.4, 0, r) * np.float32(0.6)
        pixels = mix(pixels, (224, 222, 220), smoke)
    c.paint(pixels + (grain(rng, 1) * np.float32(3))[..., None])
    return {"crater": content}


@scene("canyon", "arid", gsd_m=(4.0, 12.0), snow=False)
def canyon(c: Canvas) -> Facts:
    """Layered rock cut by a branching gorge with a river at its bottom."""
    rng = c.rng
    gorge = np.sin(
        c.u * np.float32(2 * pi / rng.uniform(150, 260)) + np.float32(rng.uniform(0, 6))
    ) * np.float32(rng.uniform(14, 32))
    main = np.abs(c.v - gorge + (fractal(rng, 4, 4) - np.float32(0.5)) * 40) / np.float32(rng.uniform(52, 80))
    side = (1 - ridged(rng, 4, 5, 0.5)) * np.float32(1.5)
    height = np.clip(np.minimum(main, side * np.float32(0.8) + main * np.float32(0.45)), 0, 1)
    height = height + (fractal(rng, 10, 5) - np.float32(0.5)) * np.float32(0.1)
    steps = height * np.float32(rng.integers(6, 10))
    cliff = smoothstep(0.55, 0.95, steps % 1)
    benches = (np.floor(steps) + cliff) / np.float32(8)
    rock = ramp(
        (122, 66, 48),
        (176, 98, 66),
        (152, 84, 62),
        (206, 146, 104),
        (184, 116, 82),
        (216, 178, 136),
        (196, 160, 120),
    )
    red = vary(rng, (0, 0, 0), 0) if rng.random() < 0.6 else (18, 26, 30)
    pixels = colourise(benches + grain(rng, 1) * np.float32(0.012), rock) + np.array(red, dtype=np.float32)
    pixels = mix(
        pixels, (112, 112, 74), smoothstep(0.55, 0.8, fractal(rng, 20, 3)) * (height > 0.85) * np.float32(0.5)
    )
    pixels = pixels * hillshade(benches * np.float32(60), c.sun, 0.55)[..., None]
    stream = smoothstep(0.07, 0.045, main)
    pixels = mix(pixels, (126, 134, 84), smoothstep(0.13, 0.09, main) * np.float32(0.7))
    c.paint(mix(pixels, water(c, np.float32(0.5) + 0 * main, (66, 104, 98), (120, 134, 104)), stream))
    return {"rock": "red and orange layers", "river": "green"}
