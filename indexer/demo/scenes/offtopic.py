"""Pictures that are no overhead scenes, for filters to remove.

Kinds: portrait, product, chart, map, text, logo, food, room, sunset, flower.
"""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from indexer.demo.scenes.canvas import to_bytes
from indexer.demo.scenes.noise import fractal, grain
from indexer.demo.scenes.palette import Colour, blend, pick, tint, vary
from indexer.demo.scenes.registry import off_topic

_SKIN: tuple[Colour, ...] = ((240, 206, 180), (224, 180, 148), (196, 142, 106), (150, 100, 72), (104, 68, 50))
_HAIR: tuple[Colour, ...] = ((40, 30, 26), (86, 56, 36), (150, 104, 60), (204, 170, 108), (142, 66, 36), (150, 148, 146))
_CLOTH: tuple[Colour, ...] = ((44, 62, 104), (152, 48, 54), (60, 60, 64), (226, 222, 212), (62, 104, 86), (190, 142, 60))


def _sheet(colour: Colour) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty picture at twice its size, and a pencil."""
    image = Image.new("RGB", (512, 512), colour)
    return image, ImageDraw.Draw(image)


def _finish(image: Image.Image, rng: np.random.Generator, noise: float = 2.0) -> NDArray[np.uint8]:
    """Reduce to (256, 256, 3) with a camera's noise."""
    small = np.asarray(image.reduce(2), dtype=np.float32)
    return to_bytes(small + (grain(rng, 1) * np.float32(noise))[..., None])


@off_topic("portrait")
def portrait(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Head and shoulders before a blurred background."""
    wall = vary(rng, pick(rng, _CLOTH), 20)
    image, d = _sheet(wall)
    for x, y, r in rng.uniform((0, 0, 20), (512, 512, 90), (14, 3)).tolist():
        d.ellipse((x - r, y - r, x + r, y + r), fill=vary(rng, wall, 24))
    image = image.filter(ImageFilter.GaussianBlur(22))
    d = ImageDraw.Draw(image)
    skin, hair, cloth = vary(rng, pick(rng, _SKIN), 5), pick(rng, _HAIR), pick(rng, _CLOTH)
    x, y, w = rng.uniform(220, 292), rng.uniform(200, 235), rng.uniform(84, 104)
    h = w * rng.uniform(1.22, 1.38)
    if rng.random() < 0.5:
        d.rounded_rectangle((x - w * 1.25, y - h * 1.1, x + w * 1.25, y + h * rng.uniform(1.0, 1.9)), w, fill=tint(hair, 0.85))
    d.ellipse((x - w * 1.14, y - h * 1.2, x + w * 1.14, y + h * 0.6), fill=hair)
    d.ellipse((x - 225, y + h * 1.12, x + 225, 760), fill=cloth)
    d.rounded_rectangle((x - w * 0.42, y + h * 0.5, x + w * 0.42, y + h * 1.4), 36, fill=tint(skin, 0.86))
    d.ellipse((x - w, y - h * 0.92, x + w, y + h), fill=skin)
    d.chord((x - w * 1.04, y - h * 1.1, x + w * 1.04, y + h * 0.5), 180 + rng.uniform(5, 25), 360 - rng.uniform(5, 25), fill=hair)
    _face(d, rng, x, y, w, skin, hair)
    return _finish(image.filter(ImageFilter.GaussianBlur(1.5)), rng)


def _face(
    d: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, y: float, w: float, skin: Colour, hair: Colour
) -> None:
    for side in (-1, 1):
        ex = x + side * w * 0.42
        d.ellipse((ex - 17, y + 2, ex + 17, y + 22), fill=(246, 244, 240))
        d.ellipse((ex - 9, y + 3, ex + 9, y + 21), fill=pick(rng, ((70, 50, 36), (60, 92, 130), (78, 104, 70))))
        d.ellipse((ex - 4, y + 8, ex + 4, y + 16), fill=(16, 14, 14))
        d.line((ex - 22, y - 14, ex, y - 21, ex + 22, y - 14), fill=tint(hair, 0.8), width=8)
        d.ellipse((ex - 20, y + 44, ex + 20, y + 76), fill=blend(skin, (224, 120, 108), 0.25))
    d.line((x, y + 8, x - 11, y + 52, x + 9, y + 55), fill=tint(skin, 0.82), width=6)
    lips = blend(skin, (176, 54, 60), rng.uniform(0.4, 0.8))
    d.chord((x - 38, y + 62, x + 38, y + 62 + rng.uniform(34, 46)), 0, 180, fill=lips)
    if rng.random() < 0.5:
        d.chord((x - 28, y + 74, x + 28, y + 92), 0, 180, fill=(248, 244, 238))
