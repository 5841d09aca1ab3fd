"""Pictures of samples, resized on demand and kept in bounded memory."""

from __future__ import annotations

import io
from dataclasses import dataclass
from http import HTTPStatus

from PIL import Image

from app.lru import LRU
from app.placeholder import placeholder
from app.query.samples import no_sample
from app.sniff import media_type
from indexer.catalogue import Catalogue, ImageUnavailableError
from indexer.images import BadImage, ImageLimits, decode

SIZES = (128, 256, 512, 1024)
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture, ready to send.

    Attributes:
        data: encoded bytes.
        media_type: what they are.
        status: HTTP status; not 200 for a placeholder.
    """

    data: bytes
    media_type: str
    status: int = HTTPStatus.OK

    @property
    def lasting(self) -> bool:
        """Whether it is the sample's picture; a placeholder goes away when the file comes back."""
        return self.status == HTTPStatus.OK


class Thumbnails:
    """Reads, decodes and resizes the pictures of one catalogue.

    Args:
        catalogue: where the pictures are.
        pixels: largest picture that is decoded.
        cache_bytes: memory for resized pictures.
    """

    def __init__(self, catalogue: Catalogue, pixels: int, cache_bytes: int) -> None:
        self._catalogue = catalogue
        self._limits = ImageLimits(pixels=pixels)
        self._cache: LRU[tuple[int, int], Picture] = LRU(cache_bytes, size=lambda picture: len(picture.data))

    def held(self, id_: int, size: int) -> Picture | None:
        """The resized picture, if it is in memory."""
        return self._cache.get((id_, size))

    def resized(self, id_: int, size: int) -> Picture:
        """A picture at most `size` pixels a side, never enlarged; a placeholder if there is none.

        Raises:
            NotFoundError: there is no such sample.
        """
        data = self._read(id_)
        if isinstance(data, Picture):
            return data
        try:
            picture = Picture(_jpeg(decode(data, self._limits, target=size).image, size), "image/jpeg")
        except BadImage as error:
            return _refused(error.fault.detail, HTTPStatus.UNPROCESSABLE_ENTITY)
        self._cache.put((id_, size), picture)
        return picture

    def original(self, id_: int) -> Picture:
        """The picture's own bytes, if they are an image; a placeholder otherwise.

        Raises:
            NotFoundError: there is no such sample.
        """
        data = self._read(id_)
        if isinstance(data, Picture):
            return data
        kind = media_type(data)
        if kind is None:
            return _refused("These bytes are no image.", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        return Picture(data, kind)

    def _read(self, id_: int) -> bytes | Picture:
        row = (
            self._catalogue.connect()
            .execute('SELECT file, "offset", length FROM samples WHERE id = ?', [id_])
            .fetchone()
        )
        if row is None:
            raise no_sample(self._catalogue, id_)
        file, offset, length = row
        if file is None:
            return _refused("This sample has a caption but no image.", HTTPStatus.NOT_FOUND)
        if not length:
            return _refused("The image file is empty (0 bytes).", HTTPStatus.UNPROCESSABLE_ENTITY)
        if length > self._limits.bytes:
            return _refused(
                f"The image has {length:,} bytes, too many to show.", HTTPStatus.UNPROCESSABLE_ENTITY
            )
        try:
            return self._catalogue.image_bytes(file, offset, length)
        except (ImageUnavailableError, OSError):
            return _refused("The image's file is gone or has changed.", HTTPStatus.NOT_FOUND)


def _refused(reason: str, status: int) -> Picture:
    return Picture(placeholder(reason), "image/svg+xml", status)


def _jpeg(image: Image.Image, size: int) -> bytes:
    image.thumbnail((size, size), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_QUALITY)
    return stream.getvalue()
