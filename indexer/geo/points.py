"""What follows from points: UTM zone and band, cell of the military grid, country."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import mgrs
import utm

from indexer.geo.countries import country_code_at

# Digits of easting and of northing: a cell of a kilometre.
_DIGITS = 2
_GRID = mgrs.MGRS()


class PointFacts(NamedTuple):
    """What follows from one point.

    Attributes:
        zone: UTM zone, with Norway's and Svalbard's exceptions; None around the poles, where there is none.
        band: UTM latitude band, C to X; None likewise.
        mgrs: cell of the military grid (MGRS), a kilometre wide: `33UUP7804`.
        country: ISO 3166-1 alpha-2 code; None at sea.
    """

    zone: int | None
    band: str | None
    mgrs: str
    country: str | None

    @property
    def hemisphere(self) -> str | None:
        """N or S; None without a zone."""
        return None if self.band is None else "N" if self.band >= "N" else "S"


def point_facts(points: Iterable[tuple[float, float]]) -> list[PointFacts]:
    """What follows from each of some points.

    Args:
        points: (latitude, longitude) in degrees, WGS 84.
    """
    return [_facts(latitude, longitude) for latitude, longitude in points]


def _facts(latitude: float, longitude: float) -> PointFacts:
    cell = _GRID.toMGRS(latitude, longitude, MGRSPrecision=_DIGITS)
    country = country_code_at(latitude, longitude)
    # Not the cell's: MGRS rounds, and takes what lies less than 1e-8 degrees west of a zone's edge for east.
    band = utm.latitude_to_zone_letter(latitude)
    if band is None:
        return PointFacts(None, None, cell, country)
    return PointFacts(int(utm.latlon_to_zone_number(latitude, longitude)), str(band), cell, country)
