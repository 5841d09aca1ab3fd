"""Where a sample lies, and how much of that is known."""

from __future__ import annotations

from dataclasses import dataclass

from app.query import BBox, Query
from app.query.samples import Row
from app.views.text import degrees

# Half the side of the area that "open on the map" shows.
_AROUND_DEG = 0.25


@dataclass(frozen=True, slots=True)
class Place:
    """What the small map draws.

    Attributes:
        latitude: degrees north of the point, or of the middle of the zone.
        longitude: degrees east, likewise.
        zone: UTM zone number where that is all that is known.
        hemisphere: N or S, with the zone.
        note: what the drawing means.
        map_url: the large map there; None for a zone.
    """

    latitude: float
    longitude: float
    zone: int | None
    hemisphere: str | None
    note: str
    map_url: str | None


def place_of(row: Row) -> Place | None:
    """The place of a sample; None where nothing that a map could show is known."""
    latitude, longitude = row["latitude"], row["longitude"]
    if latitude is not None and longitude is not None:
        return Place(
            latitude, longitude, None, None, degrees(latitude, longitude), _map_url(latitude, longitude)
        )
    if row["utm_zone"] is None:
        return None
    zone, hemisphere = int(row["utm_zone"]), row["utm_hemisphere"]
    return Place(
        latitude={"N": 40.0, "S": -40.0}.get(hemisphere or "", 0.0),
        longitude=zone * 6 - 183.0,
        zone=zone,
        hemisphere=hemisphere,
        note="Only the UTM zone is known: somewhere in the shaded strip.",
        map_url=None,
    )


def _map_url(latitude: float, longitude: float) -> str:
    box = BBox(
        max(longitude - _AROUND_DEG, -180.0),
        max(latitude - _AROUND_DEG, -90.0),
        min(longitude + _AROUND_DEG, 180.0),
        min(latitude + _AROUND_DEG, 90.0),
    )
    return Query().with_(bbox=box).url("/map")
