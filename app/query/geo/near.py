"""All that is no farther from a place than so many kilometres."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.query.geo.box import BBox
from app.query.geo.degrees import Ring, numbers, wrapped, written
from indexer.errors import UserError

# Mean radius R1 of the WGS 84 ellipsoid, after the International Union of Geodesy and Geophysics.
EARTH_KM = 6371.0088
MAX_KM = 20_000.0
_EDGES = 72
_HINT = "Write latitude,longitude,kilometres, for example near=29.76,-95.37,50."


class Near(NamedTuple):
    """A circle on the sphere.

    Attributes:
        latitude: of its centre, degrees north.
        longitude: of its centre, degrees east.
        km: radius along the surface.
    """

    latitude: float
    longitude: float
    km: float

    @classmethod
    def parse(cls, text: str) -> Near:
        """Read `latitude,longitude,kilometres`.

        Raises:
            UserError: not three finite numbers, no place on Earth, or a radius that is none.
        """
        found = numbers("near", text, _HINT)
        if len(found) != 3:
            raise UserError(f"near={text[:80]!r} is not three numbers.", _HINT)
        latitude, longitude, km = found
        if abs(latitude) > 90:
            raise UserError(f"near={text!r}: latitude {latitude:g} is beyond the pole.", _HINT)
        if not 0 < km <= MAX_KM:
            raise UserError(f"near={text!r}: {km:g} km is no radius from 0 to {MAX_KM:,.0f} km.", _HINT)
        return cls(latitude, wrapped(longitude), km)

    @property
    def bounds(self) -> BBox:
        """The smallest box around the circle; all longitudes where a pole is in it."""
        angle = math.degrees(self.km / EARTH_KM)
        south, north = self.latitude - angle, self.latitude + angle
        if south <= -90 or north >= 90:
            return BBox(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
        aside = math.degrees(
            math.asin(min(1.0, math.sin(math.radians(angle)) / math.cos(math.radians(self.latitude))))
        )
        return BBox(wrapped(self.longitude - aside), south, wrapped(self.longitude + aside), north)

    def outline(self) -> Ring:
        """Its edge, see `Area`, by the formula for the destination of a great circle; around a pole a box."""
        if abs(self.latitude) + math.degrees(self.km / EARTH_KM) >= 90:
            return self.bounds.outline()
        angle, here = self.km / EARTH_KM, math.radians(self.latitude)
        ring = []
        for place in range(_EDGES + 1):
            bearing = 2 * math.pi * (place % _EDGES) / _EDGES
            sine = math.sin(here) * math.cos(angle) + math.cos(here) * math.sin(angle) * math.cos(bearing)
            across = math.atan2(
                math.sin(bearing) * math.sin(angle) * math.cos(here),
                math.cos(angle) - math.sin(here) * sine,
            )
            ring.append((self.longitude + math.degrees(across), math.degrees(math.asin(sine))))
        return ring

    def holds(self, latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.bool_]:
        """For each point whether it lies in the circle, edge included: bool (points,).

        Distances are great-circle ones by the haversine formula, on a sphere of radius `EARTH_KM`; on the
        ellipsoid they differ by up to 0.5 %.
        """
        # The box leaves few points for the sines; a little larger, so that rounding takes none away.
        box = self.bounds
        box = BBox(box.west - 1e-9, box.south - 1e-9, box.east + 1e-9, box.north + 1e-9)
        found = box.holds(latitude, longitude)
        places = np.flatnonzero(found)
        north, east = np.radians(latitude[places]), np.radians(longitude[places])
        here = math.radians(self.latitude)
        chord = np.sin((north - here) / 2) ** 2
        chord += math.cos(here) * np.cos(north) * np.sin((east - math.radians(self.longitude)) / 2) ** 2
        found[places] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0))) <= self.km
        return found

    def __str__(self) -> str:
        return ",".join(map(written, self))
