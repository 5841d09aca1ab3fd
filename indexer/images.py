"""Image bytes made into pictures, safely, and the two fingerprints of a picture.

Bytes come from anyone, so size is checked before decoding, only well-known formats are tried, and a picture
that ends too early is refused instead of being filled up with grey. No function here changes a setting of
Pillow's, so all of them may run in many threads at once. Importing this module silences Pillow's warnings:
what they warn of (a large picture, damaged metadata) is either a `BadImage` here or no matter.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from indexer.geo.image_place import ImagePlace, image_place
from indexer.records import Fault

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "JPEG2000")
PILLOW_PIXEL_LIMIT = 178_956_970  # twice Pillow's MAX_IMAGE_PIXELS, beyond which it refuses by itself

_ORIENTATION_TAG = 0x0112
_ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TURNED = frozenset({5, 6, 7, 8})
_MAGIC = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51",
)

warnings.filterwarnings("ignore", module=r"PIL\.")


class BadImage(Exception):  # noqa: N818
    """An image that cannot be used.

    Attributes:
        fault: the reason code and a sentence for the ledger.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(reason, detail)


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What an image may cost.

    Attributes:
        bytes: encoded size.
        pixels: width times height; more than `PILLOW_PIXEL_LIMIT` has no effect.
    """

    bytes: int = 64 << 20
    pixels: int = 100_000_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded picture.

    Attributes:
        image: mode RGB, upright; may be smaller than the original where a target size was given.
        width: pixels of the original, upright.
        height: pixels of the original, upright.
        place: where the file says that the picture lies; None if it does not.
    """

    image: Image.Image
    width: int
    height: int
    place: ImagePlace | None = None


def decode(data: bytes, limits: ImageLimits | None = None, target: int | None = None) -> Decoded:
    """Decode an image file fully into upright 8-bit RGB.

    Transparency is laid over white; of an animation the first frame counts; 16-bit and float bands are
    stretched between their 2nd and 98th percentile.

    Args:
        data: the encoded image.
        limits: defaults to `ImageLimits()`.
        target: if given, a JPEG may come out reduced by 2, 4 or 8, with both sides at least this many pixels
            where the original had them: several times faster, and what an encoder sees is the same size
            anyway.

    Raises:
        BadImage: reason `zero_bytes`, `too_large`, `too_many_pixels`, `not_an_image`, `unsupported_image` or
            `truncated_image`.
    """
    limits = limits or ImageLimits()
    if not data:
        raise BadImage("zero_bytes", "The image file is empty (0 bytes).")
    if len(data) > limits.bytes:
        raise BadImage(
            "too_large", f"The image file has {len(data):,} bytes; the limit is {limits.bytes:,} bytes."
        )
    image = _open(data, limits)
    width, height = image.size
    if width * height > limits.pixels:
        raise _too_many(f"{width:,} x {height:,}", limits)
    place = image_place(image)
    if target is not None and image.format == "JPEG":
        image.draft("RGB", (target, target))
    try:
        image.load()
        orientation = _orientation(image)
        picture = _to_rgb(image)
    except Exception as error:  # Pillow's plug-ins fail on damaged data in many ways
        raise BadImage(
            "truncated_image", f"The {image.format} image ends too early or is damaged: {error}."
        ) from None
    if orientation in _TURNED:
        width, height = height, width
    if orientation in _ORIENTATIONS:
        picture = picture.transpose(_ORIENTATIONS[orientation])
    return Decoded(picture, width, height, place)


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What an image says of itself: format as Pillow names it, width and height in pixels as stored."""

    format: str
    width: int
    height: int


def read_header(data: bytes, limits: ImageLimits) -> ImageHeader:
    """Format and size of an encoded image, from its header alone.

    Raises:
        BadImage: `zero_bytes`, `not_an_image`, `unsupported_image`, `truncated_image` or `too_many_pixels`.
    """
    if not data:
        raise BadImage("zero_bytes", "The file is empty.")
    with _open(data, limits) as image:
        width, height = image.size
        if width * height > limits.pixels:
            raise _too_many(f"{width:,} x {height:,}", limits)
        return ImageHeader(str(image.format), width, height)


def sha256(data: bytes) -> str:
    """SHA-256 of the encoded bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(image: Image.Image) -> int:
    """64-bit difference hash: whether each cell of a 9 x 8 grey reduction is darker than its right neighbour.

    Pictures that differ in size, sharpness or compression get equal or nearly equal hashes (Krawetz, "Kind of
    Like That", 2013); compare by counting differing bits. The first bit, the top left cell, is the highest.
    """
    grey = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.BOX), dtype=np.uint8)
    bits: npt.NDArray[np.bool_] = grey[:, :-1] < grey[:, 1:]
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _open(data: bytes, limits: ImageLimits) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        pass
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        # Pillow says how many pixels the header claims, in no other way than by this message.
        claimed = next((int(digits) for digits in re.findall(r"\d+", str(error))), 0)
        raise _too_many(f"{claimed:,}", limits) from None
    except Exception as error:  # likewise
        raise BadImage("truncated_image", f"The image's header is damaged: {error}.") from None
    if data.startswith(_MAGIC) or data[8:12] == b"WEBP":
        raise BadImage(
            "unsupported_image", "The file begins like an image, but of a kind that cannot be read."
        )
    raise BadImage("not_an_image", f"The file is no image: it begins with {data[:16]!r}.")


def _too_many(pixels: str, limits: ImageLimits) -> BadImage:
    return BadImage("too_many_pixels", f"The image has {pixels} pixels; the limit is {limits.pixels:,}.")


def _orientation(image: Image.Image) -> int:
    if image.format == "TIFF":
        return 1  # Pillow has turned it already
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # damaged EXIF is no reason to lose the picture
        return 1


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _stretch(image).convert("RGB")
    if image.mode in ("RGBA", "RGBa", "LA", "La", "PA") or "transparency" in image.info:
        picture = image.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture).convert("RGB")
    return image.convert("RGB")


def _stretch(image: Image.Image) -> Image.Image:
    """Scale a wide band to 8 bits between its 2nd and 98th percentile, or its extremes if those are equal."""
    values = np.asarray(image, dtype=np.float32)
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return Image.new("L", image.size)
    low, high = (float(value) for value in np.percentile(finite, (2, 98)))
    if low >= high:
        low, high = float(finite.min()), float(finite.max())
    if low >= high:
        return Image.new("L", image.size, int(np.clip(low, 0, 255)))
    scaled = np.nan_to_num((values - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
    return Image.fromarray((np.clip(scaled, 0, 1) * 255).round().astype(np.uint8))
