"""Image files that say where they lie, written by Pillow."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, TiffImagePlugin

SIZE = (64, 48)


def tiff(**tags: Any) -> bytes:
    """A TIFF with GeoTIFF tags, by name."""
    numbers = {"scale": (33550, 12), "tie": (33922, 12), "matrix": (34264, 12), "keys": (34735, 3)}
    directory = TiffImagePlugin.ImageFileDirectory_v2()
    for name, value in tags.items():
        number, kind = numbers[name]
        directory.tagtype[number] = kind
        directory[number] = value
    stream = io.BytesIO()
    Image.new("RGB", SIZE, "green").save(stream, "TIFF", tiffinfo=directory)
    return stream.getvalue()


def keys(**values: int) -> tuple[int, ...]:
    """A GeoKeyDirectory with these keys."""
    numbers = {"model": 1024, "raster": 1025, "geographic": 2048, "projected": 3072}
    entries = [(numbers[name], 0, 1, value) for name, value in values.items()]
    return (1, 1, 0, len(entries), *(number for entry in entries for number in entry))


def jpeg(gps: dict[int, Any]) -> bytes:
    """A JPEG with GPS tags, by number."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update(gps)
    exif[0x8825] = exif.get_ifd(0x8825)
    stream = io.BytesIO()
    Image.new("RGB", SIZE, "blue").save(stream, "JPEG", exif=exif)
    return stream.getvalue()
