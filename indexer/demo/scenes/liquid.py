"""Water: colour by depth, ripples, surf, and shorelines."""

from __future__ import annotations

import numpy as np

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.noise import Field, fractal, grain, smoothstep
from indexer.demo.scenes.palette import Colour, Pixels, blend, colourise, ramp, tint


def water(c: Canvas, depth: Field, deep: Colour | None = None, shallow: Colour | None = None) -> Pixels:
    """Water colours (256, 256, 3).

    Args:
        c: gives the tones and the randomness.
        depth: 0 at the shore, 1 where the bed no longer shows.
        deep: colour of deep water; the place's own when None.
        shallow: colour over the bed; the place's own when None.
    """
    bottom = c.tones.water if deep is None else deep
    rim = c.tones.shallow if shallow is None else shallow
    colours = ramp(rim, blend(rim, bottom, 0.6), tint(bottom, 1.05), bottom)
    clouded = depth + (fractal(c.rng, 4, 4) - np.float32(0.5)) * np.float32(0.16)
    ripples = grain(c.rng, 2) * np.float32(1.6) + grain(c.rng, 0) * np.float32(1.2)
    return colourise(clouded, colours) + ripples[..., None]


def surf(c: Canvas, distance: Field, reach: float, lines: int = 3) -> Field:
    """Opacity of foam where waves break.

    Args:
        c: gives the randomness.
        distance: from the waterline into the water, in scene units.
        reach: how far out the waves begin to break.
        lines: number of breakers.
    """
    ragged = (fractal(c.rng, 7, 4) - np.float32(0.5)) * np.float32(reach * 0.6)
    patchy = fractal(c.rng, 14, 4)
    foam = smoothstep(2.2, 0.0, np.abs(distance - np.float32(0.8))) * np.float32(0.85)
    for k in range(lines):
        crest = np.float32(reach * (k + 0.7) / lines)
        near = np.abs(distance + ragged - crest)
        wave = smoothstep(2.6, 0.0, near) * smoothstep(0.38, 0.62, patchy)
        foam = np.maximum(foam, wave * np.float32(0.8 - 0.4 * k / lines))
    return foam * (distance > 0).astype(np.float32)
