"""Pictures people search with: only a vector and a small copy are held, in memory, and not for long."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.encoding import QueryEncoder
from app.errors import NotFoundError
from app.lru import LRU
from app.query.vectors import Vector

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL_SIDE = 256
_HASH_DIGITS = 16


@dataclass(frozen=True, slots=True)
class QueryImage:
    """An uploaded picture.

    Attributes:
        vector: unit vector, float32 (d,).
        thumbnail: JPEG, at most `THUMBNAIL_SIDE` pixels a side.
    """

    vector: Vector
    thumbnail: bytes


class QueryImages:
    """The last few uploaded pictures, by hash.

    Args:
        held: how many.
    """

    def __init__(self, held: int) -> None:
        self._images: LRU[str, QueryImage] = LRU(held)

    def add(self, data: bytes, picture: Image, encoder: QueryEncoder) -> str:
        """Encode and hold a picture; returns the hash it is asked for by.

        Args:
            data: the uploaded bytes; the hash is theirs, so a picture uploaded twice has one URL.
            picture: the same, decoded to RGB.
            encoder: makes the vector.

        Raises:
            UnavailableError: the encoder cannot be used.
        """
        name = hashlib.sha256(data).hexdigest()[:_HASH_DIGITS]
        if self._images.get(name) is None:
            self._images.put(name, QueryImage(encoder.of_picture(picture), _thumbnail(picture)))
        return name

    def get(self, name: str) -> QueryImage:
        """The picture of this hash.

        Raises:
            NotFoundError: it was never uploaded here, or has been dropped for newer ones.
        """
        image = self._images.get(name)
        if image is None:
            raise NotFoundError(
                f"the query image {name[:16]} is not held any more.",
                "Upload the picture again to search by it.",
            )
        return image


class AppVectors:
    """`QueryVectors` of the running app."""

    def __init__(self, encoder: QueryEncoder, images: QueryImages) -> None:
        self._encoder = encoder
        self._images = images

    def of_text(self, text: str) -> Vector:
        """Vector of a text, by the catalogue's encoder."""
        return self._encoder.of_text(text)

    def of_image(self, image: str) -> Vector:
        """Vector of an uploaded picture."""
        return self._images.get(image).vector


def _thumbnail(picture: Image) -> bytes:
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=85)
    return stream.getvalue()
