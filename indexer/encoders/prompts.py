"""The 33 texts RS5M scores images against: is this a remote-sensing image at all?

Source: RS5M (Zhang et al. 2023, arXiv 2306.11300), the VLM score of its outlier stage.
"""

from __future__ import annotations

from itertools import product

from indexer.encoders.base import Encoder, Vectors, unit

CONDITIONS = (
    "", "low resolution", "bad", "cropped", "bright", "dark", "close-up", "black and white", "jpeg corrupted",
    "blurry", "good",
)  # fmt: skip
VIEWS = ("remote sensing", "aerial", "satellite")

TEMPLATES: tuple[str, ...] = tuple(
    f"{condition} {view} image".strip() for condition, view in product(CONDITIONS, VIEWS)
)


def remote_sensing_vector(encoder: Encoder) -> Vectors:
    """Return the mean of the templates' vectors, scaled to length 1: float32 (1, dimension).

    An image's cosine with it is RS5M's score s; low means that the image is no overhead scene.
    """
    return unit(encoder.encode_texts(TEMPLATES).mean(axis=0, keepdims=True))
