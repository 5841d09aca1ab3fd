"""Mown turf, which every playing field is made of."""

from __future__ import annotations

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.palette import Colour, tint

TURF: tuple[Colour, ...] = ((96, 138, 66), (84, 126, 60), (112, 146, 78), (78, 122, 70))


def mown(c: Canvas, x: float, y: float, width: float, depth: float, colour: Colour, bands: int) -> None:
    """Draw turf with mowing stripes across its width."""
    for k in range(bands):
        at = x - width / 2 + (k + 0.5) * width / bands
        c.rect(at, y, width / bands + 0.4, depth, tint(colour, 1.07 if k % 2 else 0.95))
