"""Land without people: woods, sand, rock, ice."""

from __future__ import annotations

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.greenery import crowns, leaves
from indexer.demo.scenes.noise import fractal, shift, smoothstep
from indexer.demo.scenes.palette import SHADOW, mix
from indexer.demo.scenes.registry import Facts, scene


@scene("forest", "temperate", "tropical", "mountain", gsd_m=(0.5, 1.2))
def forest(c: Canvas) -> Facts:
    """A closed canopy of single crowns, perhaps with a clearing or a track."""
    rng = c.rng
    stand = fractal(rng, 3, 5)
    c.ground(c.tones.grass_ramp, stand)
    gaps = smoothstep(0.08, 0.24, stand) if rng.random() < 0.5 else np.float32(1)
    small = crowns(c, np.float32(0.95) * gaps + np.zeros_like(stand), rng.uniform(6, 9))
    large = crowns(c, np.float32(0.72) * gaps + np.zeros_like(stand), rng.uniform(11, 18), 0.45, (0.36, 0.55))
    pixels = c.pixels()
    for canopy in (small, large):
        fall = shift(canopy.alpha, c.shadow[0] * canopy.height * 0.5, c.shadow[1] * canopy.height * 0.5)
        pixels = mix(pixels, SHADOW, fall * np.float32(0.55))
        pixels = mix(pixels, leaves(c, canopy), canopy.alpha)
    c.paint(pixels * (np.float32(0.86) + stand * np.float32(0.3))[..., None])
    return {"trees": "dense"}
