"""Where a sample lies, and how much of that is known."""

from __future__ import annotations

from dataclasses import dataclass

from app.query import BBox, Query
from app.query.samples import Row
from app.views.text import degrees

# Half the side of the area that "open on the map" shows.
_AROUND_DEG = 0.25
# UTM's latitude bands from 80 degrees south; each is 8 degrees high, the last one 12.
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_SOUTH_END, _NORTH_END, _BAND_DEG = -80.0, 84.0, 8.0


@dataclass(frozen=True, slots=True)
class Place:
    """What the small map draws.

    Attributes:
        latitude: degrees north of the point, or of the middle of the zone.
        longitude: degrees east, likewise.
        zone: UTM zone number where that is all that is known.
        south, north: degrees between which the zone's strip is drawn; the point itself without a zone.
        note: what the drawing means.
        map_url: the large map there; None for a zone.
    """

    latitude: float
    longitude: float
    zone: int | None
    south: float
    north: float
    note: str
    map_url: str | None


def place_of(row: Row) -> Place | None:
    """The place of a sample; None where nothing that a map could show is known."""
    latitude, longitude = row["latitude"], row["longitude"]
    if latitude is not None and longitude is not None:
        return Place(
            latitude=latitude,
            longitude=longitude,
            zone=None,
            south=latitude,
            north=latitude,
            note=degrees(latitude, longitude),
            map_url=_map_url(latitude, longitude),
        )
    if row["utm_zone"] is None:
        return None
    zone = int(row["utm_zone"])
    south, north = zone_latitudes(row["utm_band"], row["utm_hemisphere"])
    return Place(
        latitude=(south + north) / 2,
        longitude=zone * 6 - 183.0,
        zone=zone,
        south=south,
        north=north,
        note="Only the UTM zone is known: somewhere in the shaded area.",
        map_url=None,
    )


def zone_latitudes(band: str | None, hemisphere: str | None) -> tuple[float, float]:
    """South and north end, in degrees, of what is known of a UTM zone: band, hemisphere, or all of it."""
    if band and band in _BANDS:
        south = _SOUTH_END + _BAND_DEG * _BANDS.index(band)
        return south, _NORTH_END if band == _BANDS[-1] else south + _BAND_DEG
    return (0.0 if hemisphere == "N" else _SOUTH_END), (0.0 if hemisphere == "S" else _NORTH_END)


def _map_url(latitude: float, longitude: float) -> str:
    box = BBox(
        max(longitude - _AROUND_DEG, -180.0),
        max(latitude - _AROUND_DEG, -90.0),
        min(longitude + _AROUND_DEG, 180.0),
        min(latitude + _AROUND_DEG, 90.0),
    )
    return Query().with_(bbox=box).url("/map")
