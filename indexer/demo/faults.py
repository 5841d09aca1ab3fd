"""The faults that filter stages exist for: how often they are planted, and what they do to a file."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image, ImageEnhance

from indexer.demo.chance import pick

OFF_TOPIC = "off_topic"
TRUNCATED = "truncated"
ZERO_BYTES = "zero_bytes"
EXACT_DUPLICATE = "exact_duplicate"
NEAR_DUPLICATE = "near_duplicate"
NO_KEYWORD = "no_keyword"
NOT_UTF8 = "not_utf8"

SHARES: dict[str, float] = {
    OFF_TOPIC: 0.068,
    NO_KEYWORD: 0.03,
    NEAR_DUPLICATE: 0.025,
    EXACT_DUPLICATE: 0.015,
    TRUNCATED: 0.004,
    ZERO_BYTES: 0.003,
    NOT_UTF8: 0.001,
}
"""Fault -> share of the web samples that have it; no sample has two."""

DUPLICATES = frozenset({EXACT_DUPLICATE, NEAR_DUPLICATE})
JPEG_QUALITY = 88


def encode_jpeg(image: Image.Image, quality: int = JPEG_QUALITY) -> bytes:
    """The picture as a baseline JPEG."""
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def truncate(data: bytes, rng: np.random.Generator) -> bytes:
    """The first part of a file, as a broken download leaves it: the header is whole, the picture is not."""
    return data[: int(len(data) * rng.uniform(0.35, 0.8))]


def near_duplicate(image: Image.Image, rng: np.random.Generator) -> bytes:
    """The same picture as another site publishes it: resized, saved again, brightened or cut at the edges."""
    change = pick(rng, ("resize", "recompress", "brightness", "crop"))
    width, height = image.size
    quality = int(rng.integers(55, 80))
    if change == "resize":
        scale = float(rng.uniform(0.6, 0.9))
        image = image.resize((round(width * scale), round(height * scale)), Image.Resampling.LANCZOS)
    elif change == "brightness":
        image = ImageEnhance.Brightness(image).enhance(float(rng.uniform(0.85, 1.15)))
    elif change == "crop":
        x, y = round(width * 0.05), round(height * 0.05)
        left, top = int(rng.integers(0, x + 1)), int(rng.integers(0, y + 1))
        image = image.crop((left, top, width - x + left, height - y + top))
    return encode_jpeg(image, quality)
