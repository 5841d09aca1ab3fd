"""Farmland and woods as seen from far above, for scenes that lie in them."""

from __future__ import annotations

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.noise import (
    SIZE,
    fractal,
    grain,
    shift,
    smoothstep,
)
from indexer.demo.scenes.palette import (
    Pixels,
    colourise,
    mix,
    pick,
    tint,
    vary,
)
from indexer.demo.scenes.surface import parcels, shrunk


def patchwork(c: Canvas, fields: int, woods: float) -> Pixels:
    """Countryside from far away: `fields` parcels of crops with woods over a share of the land."""
    rng = c.rng
    shapes = parcels(rng, c.reach, 2.4 * c.reach / fields**0.5, 0.3)
    inks = [vary(rng, pick(rng, (*c.tones.crops, c.tones.grass)), 7) for _ in shapes]
    c.paint(np.full((SIZE, SIZE, 3), tint(c.tones.tree, 1.25), dtype=np.float32))
    c.polygons(shrunk(shapes, 0.7), inks)
    land = c.pixels() * (1 + grain(rng, 1) * np.float32(0.03))[..., None]
    stand = fractal(rng, 4, 6)
    wood = smoothstep(1 - woods - 0.03, 1 - woods + 0.03, stand)
    land = (
        land
        * (1 - np.float32(0.4) * shift(wood, c.shadow[0] * 2.5, c.shadow[1] * 2.5) * (1 - wood))[..., None]
    )
    texture = np.float32(0.5) + grain(rng, 2) * np.float32(0.16) + (stand - np.float32(0.5)) * np.float32(0.4)
    return mix(land, colourise(texture, c.tones.tree_ramp), wood)
