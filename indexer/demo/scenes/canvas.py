"""The canvas a scene is painted on: colour surface, light, tones, and blending of fields over drawing."""

from __future__ import annotations

from math import cos, radians, sin, tan

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from indexer.demo.scenes.noise import Field, grain
from indexer.demo.scenes.palette import SHADOW, Colour, Pixels, Ramp, Tones, around, colourise, mix, tones
from indexer.demo.scenes.surface import CANVAS, SUPERSAMPLING, Placement, Surface
from indexer.demo.scenes.view import View

_WHOLE = (CANVAS, CANVAS)


class Canvas(Surface):
    """What a scene function draws on.

    Args:
        rng: the scene's only source of randomness.
        view: season, light and resolution to draw for.
        placement: scale and rotation of the scene.

    Attributes:
        reach: scene coordinates beyond which nothing is visible, whatever the rotation.
        sun: image direction towards the sun (x right, y down), unit length.
        shadow: image offset in pixels of the final picture that one pixel of height casts.
        lean: image offset in pixels per pixel of height of what stands up (off-nadir view).
    """

    def __init__(self, rng: np.random.Generator, view: View, placement: Placement) -> None:
        super().__init__("RGB", placement)
        self.rng = rng
        self.view = view
        self.tones: Tones = tones(view, rng)
        self.reach = CANVAS / SUPERSAMPLING * 0.72 / placement.scale
        azimuth = radians(view.sun_azimuth_deg)
        self.sun = (sin(azimuth), -cos(azimuth))
        length = 1 / tan(radians(view.sun_elevation_deg))
        self.shadow = (-self.sun[0] * length, -self.sun[1] * length)
        tilt, towards = rng.uniform(0, 0.22), rng.uniform(0, 6.283)
        self.lean = (tilt * cos(towards), tilt * sin(towards))
        self.u, self.v = placement.grid()

    def sees(self, x: float, y: float, radius: float) -> bool:
        """Whether something within `radius` of the scene point (x, y) can be in the picture."""
        margin = radius * self.placement.scale * SUPERSAMPLING
        a, b = (float(n) for n in self.placement.to_canvas((x, y)))
        return -margin < a < CANVAS + margin and -margin < b < CANVAS + margin

    def count(self, places: ArrayLike) -> int:
        """How many of the scene points (n, 2) lie in the picture: what a caption may say."""
        at = self.placement.to_canvas(np.reshape(places, (-1, 2)))
        return int(np.count_nonzero(np.all((at > 0) & (at < CANVAS), axis=1)))

    def paint(self, pixels: Pixels) -> None:
        """Replace everything by (256, 256, 3) colours."""
        self.use(_image(pixels).resize(_WHOLE, Image.Resampling.NEAREST))

    def ground(self, colours: Ramp | Colour, field: Field, texture: float = 3.0) -> None:
        """Paint open ground: a ramp (or one colour's) looked up in a 0..1 field, plus fine texture."""
        pixels = colourise(field, around(colours) if isinstance(colours, tuple) else colours)
        self.paint(pixels + (grain(self.rng, 1) * np.float32(texture))[..., None])

    def pixels(self) -> Pixels:
        """What has been drawn, reduced to (256, 256, 3) in 0..255."""
        return np.asarray(self.image.reduce(SUPERSAMPLING), dtype=np.float32)

    def mask(self) -> Surface:
        """An empty mask to draw on with ink 0..255."""
        return Surface("L", self.placement)

    def lay(self, above: Pixels | Colour, alpha: Field) -> None:
        """Blend colours over the drawing where the picture-sized `alpha` (0..1) says so."""
        self.paint(mix(self.pixels(), above, alpha))

    def stamp(self, mask: Surface, ink: Colour = SHADOW, opacity: float = 0.5) -> None:
        """Blend one colour over the drawing through a drawn mask: shadows, roads, glass."""
        box = mask.image.getbbox()
        if box is not None:
            self.image.paste(ink, box, mask.image.crop(box).point([int(i * opacity) for i in range(256)]))

    def light(self, factor: Field) -> None:
        """Multiply the drawing by a brightness field around 1."""
        self.paint(self.pixels() * factor[..., None])

    def roughen(self, amount: float = 0.05, softness: int = 1) -> None:
        """Texture flat colour areas by a relative brightness noise."""
        self.light(1 + grain(self.rng, softness) * np.float32(amount))


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray(to_bytes(pixels))


def to_bytes(pixels: Pixels) -> NDArray[np.uint8]:
    """Clip to 0..255 and convert."""
    return np.clip(pixels, 0, 255).astype(np.uint8)
