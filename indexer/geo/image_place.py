"""Where an image file itself says that it lies: GeoTIFF tags, and what a camera wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import utm
from PIL import Image

# Tags and keys of GeoTIFF (OGC 19-008r4): annex D and section 7.
_PIXEL_SCALE, _TIE_POINT, _TRANSFORMATION, _KEYS = 33550, 33922, 34264, 34735
_MODEL_TYPE, _RASTER_TYPE, _GEOGRAPHIC, _PROJECTED = 1024, 1025, 2048, 3072
_POINT_RASTER = 2
_OWN_DEFINITION = 32767
# WGS 84, and two that differ from it by a metre or two: ETRS89 and NAD83.
_DEGREES = frozenset({4326, 4258, 4269})
_UTM_NORTH, _UTM_SOUTH = 32600, 32700
# Metres. Scenes reach over the edge of their zone, but its projection means nothing this far from its middle.
_MIDDLE_EASTING, _SOUTHERN_NORTHING = 500_000, 10_000_000
_MOST_EAST, _MOST_NORTH = 1_000_000, 10_000_000
# EXIF 2.32, tables 4 and 15.
_GPS = 0x8825
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4


class ImagePlace(NamedTuple):
    """What an image says of its place.

    Attributes:
        origin: `geotiff` or `exif`.
        latitude: degrees north, as written; None where it could not be worked out.
        longitude: degrees east, likewise.
        note: why not, for the ledger; empty if there is no more to say.
    """

    origin: str
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""


def image_place(image: Image.Image) -> ImagePlace | None:
    """Place of the middle of a GeoTIFF, or of the camera; None if the image says nothing of it."""
    # Tags are whatever a file says, and Pillow raises all sorts of things over damaged ones; none of them
    # is a reason to lose the picture.
    try:
        tags = getattr(image, "tag_v2", None)
        is_geotiff = isinstance(tags, Mapping) and _KEYS in tags
        gps = {} if is_geotiff else image.getexif().get_ifd(_GPS)
    except Exception:
        return None
    try:
        return _geotiff(tags, image.size) if is_geotiff else _exif(gps)  # type: ignore[arg-type]
    except Exception:
        origin, kind = ("geotiff", "GeoTIFF") if is_geotiff else ("exif", "GPS")
        return ImagePlace(origin, note=f"the image's {kind} tags are damaged; no point taken")


def _geotiff(tags: Mapping[int, Any], size: tuple[int, int]) -> ImagePlace:
    keys = _keys(tags[_KEYS])
    half = 0.5 if keys.get(_RASTER_TYPE) == _POINT_RASTER else 0.0
    middle = _model(tags, size[0] / 2 - half, size[1] / 2 - half)
    if middle is None:
        return ImagePlace("geotiff", note="the GeoTIFF does not say where its pixels lie; no point taken")
    projected, geographic = keys.get(_PROJECTED), keys.get(_GEOGRAPHIC)
    if projected is None and geographic in _DEGREES:
        return ImagePlace("geotiff", middle[1], middle[0])
    zone = _utm_zone(projected)
    if zone is None:
        code = projected or geographic
        named = f"EPSG:{code}" if code and code != _OWN_DEFINITION else "one of its own"
        note = f"the GeoTIFF's reference system, {named}, is neither WGS 84 nor UTM; no point taken"
        return ImagePlace("geotiff", note=note)
    east, north = middle[0] - _MIDDLE_EASTING, middle[1] - (0 if zone[1] else _SOUTHERN_NORTHING)
    if not (abs(east) <= _MOST_EAST and abs(north) <= _MOST_NORTH):
        note = f"the GeoTIFF lies at {middle[0]:g}, {middle[1]:g}, outside its UTM zone; no point taken"
        return ImagePlace("geotiff", note=note)
    latitude, longitude = utm.to_latlon(*middle, zone[0], northern=zone[1], strict=False)
    return ImagePlace("geotiff", float(latitude), float(longitude))


def _keys(directory: Sequence[int]) -> dict[int, int]:
    """Keys whose value stands in the directory itself: four numbers a key after four of a header."""
    entries = [directory[place : place + 4] for place in range(4, len(directory) - 3, 4)]
    return {int(key): int(value) for key, location, _, value in entries if location == 0}


def _model(tags: Mapping[int, Any], column: float, row: float) -> tuple[float, float] | None:
    """Model coordinates (x, y) of a place in the raster."""
    if matrix := tags.get(_TRANSFORMATION):
        return (
            matrix[0] * column + matrix[1] * row + matrix[3],
            matrix[4] * column + matrix[5] * row + matrix[7],
        )
    tie, scale = tags.get(_TIE_POINT), tags.get(_PIXEL_SCALE)
    if not tie or not scale:
        return None
    return tie[3] + (column - tie[0]) * scale[0], tie[4] - (row - tie[1]) * scale[1]


def _utm_zone(code: int | None) -> tuple[int, bool] | None:
    """Zone and whether it is a northern one, of a code of EPSG's for WGS 84 / UTM."""
    for base, northern in ((_UTM_NORTH, True), (_UTM_SOUTH, False)):
        if code is not None and 1 <= code - base <= 60:
            return code - base, northern
    return None


def _exif(gps: Mapping[int, Any]) -> ImagePlace | None:
    if _LATITUDE not in gps or _LONGITUDE not in gps:
        return None
    latitude, longitude = _degrees(gps[_LATITUDE]), _degrees(gps[_LONGITUDE])
    south = str(gps.get(_LATITUDE_REF, "N")).strip("\0 ").upper() == "S"
    west = str(gps.get(_LONGITUDE_REF, "E")).strip("\0 ").upper() == "W"
    return ImagePlace("exif", -latitude if south else latitude, -longitude if west else longitude)


def _degrees(parts: Sequence[Any]) -> float:
    """Degrees of degrees, minutes and seconds."""
    degrees, minutes, seconds = (float(part) for part in (*parts, 0, 0)[:3])
    return degrees + minutes / 60 + seconds / 3600
