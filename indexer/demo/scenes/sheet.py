"""What off-topic pictures are drawn on: a sheet of twice the final size, its pencil, colours and words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from indexer.demo.scenes.canvas import to_bytes
from indexer.demo.scenes.noise import grain
from indexer.demo.scenes.palette import Colour
from indexer.demo.scenes.surface import CANVAS, SUPERSAMPLING

CLOTH: tuple[Colour, ...] = (
    (44, 62, 104),
    (152, 48, 54),
    (60, 60, 64),
    (226, 222, 212),
    (62, 104, 86),
    (190, 142, 60),
)
BRIGHT: tuple[Colour, ...] = (
    (66, 133, 214), (230, 92, 76), (245, 180, 60), (72, 170, 116), (140, 96, 190), (60, 178, 190),
    (226, 120, 168),
)  # fmt: skip
_WORDS = (
    "Market", "Growth", "Summary", "Team", "Future", "Open", "Today", "Results", "Notes", "Plan", "Quality",
    "North", "Design", "Value", "Report", "Season", "Ideas", "Budget", "Journey", "Simple", "Process",
    "Learn", "Goals", "River",
)  # fmt: skip


def sheet(colour: Colour) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty picture at twice its size, (512, 512), and a pencil."""
    image = Image.new("RGB", (CANVAS, CANVAS), colour)
    return image, ImageDraw.Draw(image)


def finish(image: Image.Image, rng: np.random.Generator, noise: float = 2.0) -> NDArray[np.uint8]:
    """Reduce a sheet to uint8 (256, 256, 3) and add a camera's noise of standard deviation `noise`."""
    small = np.asarray(image.reduce(SUPERSAMPLING), dtype=np.float32)
    return to_bytes(small + (grain(rng, 1) * np.float32(noise))[..., None])


def enlarged(image: Image.Image) -> Image.Image:
    """A picture of the final size as a sheet."""
    return image.resize((CANVAS, CANVAS), Image.Resampling.BICUBIC)


def font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own typeface."""
    return ImageFont.load_default(size)


def words(rng: np.random.Generator, n: int) -> str:
    """A few words without meaning."""
    return " ".join(str(word) for word in rng.choice(_WORDS, n))
