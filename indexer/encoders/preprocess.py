"""From a decoded image of any size to the square an image tower reads."""

from __future__ import annotations

import numpy as np
from PIL import Image

from indexer.encoders.base import Pixels

# Halving with a box filter first costs little and leaves bicubic two source pixels for each it makes.
REDUCING_GAP = 2.0


def square(image: Image.Image, size: int, squash: bool = False) -> Pixels:
    """Resize the shorter side to `size` and crop the centre, in one bicubic pass.

    Args:
        image: any mode; converted to RGB.
        size: side of the result in pixels.
        squash: take the whole image and change its proportions instead, as SigLIP models want it.

    Returns:
        uint8 (size, size, 3).
    """
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    width, height = rgb.size
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    box = (0.0, 0.0, float(width), float(height)) if squash else (left, top, left + side, top + side)
    resized = rgb.resize((size, size), Image.Resampling.BICUBIC, box=box, reducing_gap=REDUCING_GAP)
    return np.asarray(resized, dtype=np.uint8)
