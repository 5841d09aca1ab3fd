"""Ice on the sea and ice between mountains."""

from __future__ import annotations

from math import pi

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.noise import (
    fractal,
    grain,
    hillshade,
    ridged,
    smoothstep,
    voronoi,
)
from indexer.demo.scenes.palette import (
    colourise,
    mix,
    ramp,
)
from indexer.demo.scenes.registry import Facts, scene


@scene("glacier", "mountain", "polar", gsd_m=(10.0, 26.0), snow=False)
def glacier(c: Canvas) -> Facts:
    """A tongue of ice between rock walls, with moraine bands along the flow and crevasses across it."""
    rng = c.rng
    bend, wave = rng.uniform(12, 34), rng.uniform(130, 240)
    start = rng.uniform(0, 2 * pi)
    path = np.sin(c.u * np.float32(2 * pi / wave) + np.float32(start)) * np.float32(bend)
    edge = (fractal(rng, 5, 5) - np.float32(0.5)) * np.float32(26)
    across = (c.v - path) / np.float32(rng.uniform(44, 72))
    away = np.abs(c.v - path + edge) - np.abs(c.v - path) / np.maximum(np.abs(across), np.float32(1e-3))
    rock_height = ridged(rng, 4, 6) * np.clip(away, 0, 60)
    mountain = colourise(fractal(rng, 8, 5), ramp((70, 62, 58), (112, 100, 92), (142, 132, 122)))
    dusted = smoothstep(18, 40, away + fractal(rng, 8, 5) * 40 - 20)
    mountain = mix(mountain, (236, 240, 246), dusted) * hillshade(rock_height, c.sun, 0.9)[..., None]
    flow = across + (fractal(rng, 3, 3) - np.float32(0.5)) * np.float32(0.16)
    lanes = np.zeros_like(flow)
    moraines = int(rng.integers(1, 5))
    for lane in rng.uniform(-0.8, 0.8, moraines):
        lanes = np.maximum(lanes, smoothstep(rng.uniform(0.03, 0.09), 0.0, np.abs(flow - np.float32(lane))))
    streaks = np.sin(flow * np.float32(70) + fractal(rng, 4, 3) * 6) * np.float32(0.5)
    bulge = c.u / np.float32(7) + across * across * np.float32(2.2) + fractal(rng, 6, 4) * np.float32(5)
    crevasse = smoothstep(0.72, 1.0, np.sin(bulge)) * smoothstep(0.42, 0.62, fractal(rng, 5, 3))
    ice = colourise(
        np.float32(0.62) + streaks * np.float32(0.14) - np.abs(across) * np.float32(0.2),
        ramp((150, 178, 200), (206, 222, 232), (242, 246, 250)),
    )
    ice = mix(ice, (96, 140, 172), crevasse * np.float32(0.75))
    ice = mix(
        ice,
        (98, 90, 86),
        lanes * np.float32(0.85) * smoothstep(0.25, 0.5, fractal(rng, 12, 4) + np.float32(0.1)),
    )
    body = smoothstep(2, -2, away)
    till = smoothstep(9, 2, np.abs(away)) * np.float32(0.8)
    c.paint(mix(mix(mountain, ice, body), (92, 86, 82), till) + (grain(rng, 1) * np.float32(3))[..., None])
    return {"moraines": moraines}


@scene("sea_ice", "polar", gsd_m=(8.0, 24.0), snow=False)
def sea_ice(c: Canvas) -> Facts:
    """Floes of many sizes with dark leads between them."""
    rng = c.rng
    floes = int(rng.integers(14, 60))
    border, cell = voronoi(rng, floes, rng.uniform(3, 10))
    gap = rng.uniform(0.5, 3.5)
    drift = rng.uniform(0.0, 0.3)
    opened = (rng.random(floes) < drift)[cell].astype(np.float32)
    lead = np.maximum(smoothstep(gap + 1.2, gap, border), opened)
    tones = rng.uniform(0.45, 1, floes).astype(np.float32)[cell]
    snow = fractal(rng, 7, 6)
    ice = colourise(
        tones * np.float32(0.7) + snow * np.float32(0.3),
        ramp((150, 178, 198), (210, 222, 232), (246, 248, 250)),
    )
    ridges = smoothstep(0.9, 0.98, ridged(rng, 5, 5)) * np.float32(0.5)
    ice = mix(ice, (176, 196, 212), ridges) * hillshade(snow * np.float32(20), c.sun, 0.3)[..., None]
    ponds = smoothstep(0.66, 0.72, fractal(rng, 16, 4)) * np.float32(rng.random() < 0.4)
    ice = mix(ice, (112, 178, 204), ponds * np.float32(0.75))
    sea = colourise(fractal(rng, 5, 5), ramp((14, 32, 48), (26, 52, 70)))
    rubble_border, _ = voronoi(rng, 240, 3)
    brash = smoothstep(0.8, 1.6, rubble_border) * smoothstep(0.45, 0.6, fractal(rng, 6, 4)) * np.float32(0.8)
    sea = mix(sea, (190, 206, 218), brash)
    edge = smoothstep(gap + 4, gap + 1, border) * np.float32(0.35)
    ice = mix(ice, (132, 180, 204), edge)
    c.paint(mix(ice, sea, lead) + (grain(rng, 1) * np.float32(2))[..., None])
    return {"floes": floes}
