"""What every encoder is: images and texts in, unit vectors of one space out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """A model that puts images and texts into one space, where a dot product is their cosine.

    Attributes:
        name: what `--encoder` calls it.
        dimension: length of a vector.
        image_size: side in pixels of the square that the image tower reads.
        weights_sha256: hex SHA-256 of the weights file; vectors of two encoders compare only if it is equal.
    """

    @property
    def name(self) -> str:
        """The name above."""
        ...

    @property
    def dimension(self) -> int:
        """The vector length above."""
        ...

    @property
    def image_size(self) -> int:
        """The side above."""
        ...

    @property
    def weights_sha256(self) -> str:
        """The hash above."""
        ...

    def preprocess(self, image: Image.Image) -> Pixels:
        """Resize and crop one image to uint8 (image_size, image_size, 3); safe to call from many threads."""
        ...

    def encode_images(self, batch: Pixels) -> Vectors:
        """Encode preprocessed images.

        Args:
            batch: uint8 (n, image_size, image_size, 3), as `preprocess` makes them.

        Returns:
            float32 (n, dimension) unit vectors, the same for the same batch.

        Raises:
            ValueError: the batch has another shape or dtype.
        """
        ...

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, each cut to the model's context length, to float32 (n, dimension) unit vectors."""
        ...

    def describe(self) -> dict[str, Any]:
        """What a manifest keeps: name, architecture, checkpoint, weights_sha256, dimension, image_size."""
        ...


def unit(vectors: NDArray[np.floating[Any]]) -> Vectors:
    """Scale rows (n, d) to length 1, as float32."""
    as_float32 = vectors.astype(np.float32)
    lengths = np.linalg.norm(as_float32, axis=1, keepdims=True)
    scaled: Vectors = as_float32 / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled
