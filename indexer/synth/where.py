"""Where and when the pictures of a shard were taken: around the demo world's places, large ones first."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import numpy as np
import utm

from indexer.demo.geo_sentences import Acquisition
from indexer.demo.places import Place, Spot, all_places

_SHAPE = 10.0
_SPREAD_DEG = 0.08
_MOST_LATITUDE = 84.0
_OVERPASS_HOUR = 10.5
"""Local solar time at which sun-synchronous imaging satellites pass."""


class Where:
    """Places, points and times of `count` rows, drawn at once.

    Args:
        count: number of rows.
        rng: decides all of it.
    """

    def __init__(self, count: int, rng: np.random.Generator) -> None:
        self._chance = rng.random(count).tolist()
        self._offset = rng.normal(0, _SPREAD_DEG, (count, 2)).tolist()
        self._month = rng.integers(1, 13, count).tolist()
        self._year = rng.integers(2009, 2018, count).tolist()
        self._day = rng.integers(1, 29, count).tolist()
        self._gsd = rng.gamma(4, 0.3, count).tolist()
        self._cloud = (100 * rng.beta(0.4, 2, count)).tolist()
        self._angles = (rng.random((count, 2)) * (360, 40)).tolist()

    def place(self, row: int, *, in_bigearthnet: bool = False) -> Place:
        """A place; `in_bigearthnet` keeps to the countries that BigEarthNet covers."""
        places, shares = _places(in_bigearthnet)
        return places[int(np.searchsorted(shares, self._chance[row], side="right"))]

    def point(self, row: int, *, in_bigearthnet: bool = False) -> tuple[float, float]:
        """Latitude and longitude in degrees near that place."""
        place = self.place(row, in_bigearthnet=in_bigearthnet)
        north, east = self._offset[row]
        latitude = max(-_MOST_LATITUDE, min(_MOST_LATITUDE, place.latitude + north))
        stretch = float(np.cos(np.radians(latitude)))
        return round(latitude, 5), round((place.longitude + east / stretch + 180) % 360 - 180, 5)

    def acquisition(self, row: int, *, in_bigearthnet: bool, rng: np.random.Generator) -> Acquisition:
        """What metadata say of the row; BigEarthNet's tiles are from June 2017 to May 2018."""
        latitude, longitude = self.point(row, in_bigearthnet=in_bigearthnet)
        place = self.place(row, in_bigearthnet=in_bigearthnet)
        zone = int(utm.latlon_to_zone_number(latitude, longitude))
        month, year = self._month[row], self._year[row]
        if in_bigearthnet:
            year = 2017 if month >= 6 else 2018
        azimuth, off_nadir = self._angles[row]
        return Acquisition(
            spot=Spot(place, latitude, longitude, zone, utm.latitude_to_zone_letter(latitude) or ""),
            taken_at=datetime(year, month, self._day[row], round(_OVERPASS_HOUR - longitude / 15) % 24),
            gsd_m=0.3 + self._gsd[row],
            cloud_cover=round(self._cloud[row]),
            scan="forward" if self._day[row] % 2 else "reverse",
            azimuth_deg=round(azimuth, 2),
            off_nadir_deg=round(off_nadir, 2),
        )


@cache
def _places(in_bigearthnet: bool) -> tuple[tuple[Place, ...], np.ndarray]:
    """Places, and the cumulative share of the rows that each gets (Zipf-Mandelbrot in the table's order)."""
    places = tuple(place for place in all_places() if not in_bigearthnet or "ben" in place.features)
    weights = np.cumsum(1 / (np.arange(len(places)) + _SHAPE))
    return places, weights / weights[-1]
