"""What stands between scene and file: clouds and their shadows, air, optics, electronics, compression."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from indexer.demo.scenes.canvas import Canvas, to_bytes
from indexer.demo.scenes.noise import Field, blur, fractal, grain, level, shift, smoothstep
from indexer.demo.scenes.palette import Pixels, mix

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def expose(canvas: Canvas) -> NDArray[np.uint8]:
    """The canvas as its view's sensor records it, uint8 (256, 256, 3)."""
    rng, view = canvas.rng, canvas.view
    pixels = canvas.pixels()
    if view.cloud_cover > 0:
        pixels = cover(pixels, *clouds(rng, view.cloud_cover), canvas.shadow)
    return _LOOKS[view.look](pixels, rng)


def clouds(rng: np.random.Generator, fraction: float) -> tuple[Field, Field]:
    """Clouds over `fraction` of the picture: opacity 0..1 (above one half there) and thickness 0..1."""
    billows = fractal(rng, rng.choice((2, 3, 4, 6)), 7, rng.uniform(0.5, 0.62))
    threshold = level(billows, fraction)
    width = rng.uniform(0.07, 0.16)
    return smoothstep(threshold - width, threshold + width, billows), billows


def cover(pixels: Pixels, opacity: Field, thickness: Field, shadow: tuple[float, float]) -> Pixels:
    """Lay clouds over the picture and their shadows on the ground."""
    ground = 1 - np.float32(0.5) * blur(shift(opacity, shadow[0] * 22, shadow[1] * 22), 2)
    lit = (shift(thickness, shadow[0] * 4, shadow[1] * 4) - thickness) * np.float32(2.2)
    white = (
        np.array([238, 240, 245], dtype=np.float32) * (np.float32(0.97) - np.clip(lit, -0.06, 0.3))[..., None]
    )
    return mix(pixels * ground[..., None], white, opacity * np.float32(0.96))


def _saturate(pixels: Pixels, amount: float) -> Pixels:
    red, green, blue = (pixels[..., k] * _LUMA[k] for k in range(3))
    grey = red + green + blue
    saturated: Pixels = grey[..., None] + (pixels - grey[..., None]) * np.float32(amount)
    return saturated


def _filtered(pixels: Pixels, kernel: ImageFilter.Filter | type[ImageFilter.Filter]) -> Pixels:
    return np.asarray(Image.fromarray(to_bytes(pixels)).filter(kernel), dtype=np.float32)


def _noisy(pixels: Pixels, rng: np.random.Generator, sigma: float) -> Pixels:
    noisy: Pixels = pixels + (grain(rng) * np.float32(sigma))[..., None]
    return noisy


def _aerial(pixels: Pixels, rng: np.random.Generator) -> NDArray[np.uint8]:
    gain = np.float32(rng.uniform(1.0, 1.1))
    return to_bytes(_noisy((pixels - 8) * gain + 8, rng, rng.uniform(1, 3)))


def _pan_sharpened(pixels: Pixels, rng: np.random.Generator) -> NDArray[np.uint8]:
    halo = -rng.uniform(0.06, 0.14)
    sharp = _filtered(pixels, ImageFilter.Kernel((3, 3), (halo,) * 4 + (1 - 8 * halo,) + (halo,) * 4, 1))
    # A colour cast is an error of gain: it grows with brightness, but saturated pixels stay white.
    gain = np.array(
        [rng.uniform(0.9, 1.0), rng.uniform(0.98, 1.03), rng.uniform(0.95, 1.08)], dtype=np.float32
    )
    cast = 1 + (gain - 1) * np.clip((235 - sharp) / np.float32(60), 0, 1)
    return to_bytes(_saturate(sharp * cast, rng.uniform(0.8, 1.15)))


def _medium_resolution(pixels: Pixels, rng: np.random.Generator) -> NDArray[np.uint8]:
    soft = _filtered(pixels, ImageFilter.GaussianBlur(rng.uniform(0.6, 1.0)))
    return to_bytes(_noisy(_saturate((soft - 100) * 1.06 + 99, rng.uniform(0.9, 1.08)), rng, 2))


def _hazy(pixels: Pixels, rng: np.random.Generator) -> NDArray[np.uint8]:
    veil = np.array([176, 188, 204], dtype=np.float32)
    thickness = np.float32(rng.uniform(0.16, 0.34))
    return to_bytes(_noisy(pixels * (1 - thickness) + veil * thickness, rng, 2))


def _film(pixels: Pixels, rng: np.random.Generator) -> NDArray[np.uint8]:
    faded = _saturate(pixels * np.float32(0.86) + 20, rng.uniform(0.45, 0.75))
    return to_bytes(_noisy(faded * np.array([1.05, 1.0, 0.92], dtype=np.float32), rng, rng.uniform(4, 8)))


def _compressed(pixels: Pixels, rng: np.random.Generator) -> NDArray[np.uint8]:
    buffer = BytesIO()
    Image.fromarray(to_bytes(pixels)).save(buffer, "JPEG", quality=int(rng.integers(28, 55)))
    buffer.seek(0)
    return np.array(Image.open(buffer))


_LOOKS = {
    "aerial": _aerial,
    "pan_sharpened": _pan_sharpened,
    "medium_resolution": _medium_resolution,
    "hazy": _hazy,
    "film": _film,
    "compressed": _compressed,
}
