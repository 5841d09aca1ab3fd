"""All that is no farther from a place than so many kilometres."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.query.geo.box import BBox
from app.query.geo.degrees import Ring, numbers, wrapped, written
from indexer.catalogue.places import EARTH_KM, distance_km
from indexer.errors import UserError

MAX_KM = 20_000.0
_EDGES = 72
_HINT = "Write latitude,longitude,kilometres as in near=29.76,-95.37,50, or a name: near=Houston,50."
_NUMBER = re.compile(r"\s*[-+]?[\d.]|\s*[-+]?(nan|inf)", re.IGNORECASE)
_NAMED = re.compile(r"(?P<name>.+?),\s*(?P<km>\d+(?:\.\d+)?)\s*")
_MAX_NAME_CHARS = 80


class Near(NamedTuple):
    """A circle on the sphere.

    Attributes:
        latitude: of its centre, degrees north.
        longitude: of its centre, degrees east.
        km: radius along the surface.
        name: of the place that was meant, for people; empty where numbers are all there is.
    """

    latitude: float
    longitude: float
    km: float
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Near:
        """Read `latitude,longitude,kilometres`, with a name behind them or without; or a name alone.

        Of a name the gazetteer knows where it is and how far it reaches, unless kilometres stand behind it.

        Raises:
            UserError: neither three finite numbers nor a place that is known, no place on Earth, or a radius
                that is none.
        """
        if not _NUMBER.match(text):
            return cls._named(text)
        first, name = text.split(",", 3)[:3], ",".join(text.split(",")[3:])
        found = numbers("near", ",".join(first), _HINT)
        if len(found) != 3:
            raise UserError(f"near={text[:80]!r} is not three numbers.", _HINT)
        latitude, longitude, km = found
        if abs(latitude) > 90:
            raise UserError(f"near={text!r}: latitude {latitude:g} is beyond the pole.", _HINT)
        if not 0 < km <= MAX_KM:
            raise UserError(f"near={text!r}: {km:g} km is no radius from 0 to {MAX_KM:,.0f} km.", _HINT)
        return cls(latitude, wrapped(longitude), km, " ".join(name.split())[:_MAX_NAME_CHARS])

    @classmethod
    def _named(cls, text: str) -> Near:
        from indexer.gazetteer.query import find_place_in_query

        match = _NAMED.fullmatch(text)
        name = match["name"] if match else text
        found = find_place_in_query(f"in {name}")
        if found is None or found.rest:
            raise UserError(f"near={text[:80]!r}: no place of that name is known.", _HINT)
        km = float(match["km"]) if match else found.radius_km
        return cls.parse(f"{found.place.latitude},{found.place.longitude},{km},{found.name}")

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
        """For each point whether it lies in the circle, edge included: bool (points,)."""
        # The box leaves few points for the sines; a little larger, so that rounding takes none away.
        box = self.bounds
        box = BBox(box.west - 1e-9, box.south - 1e-9, box.east + 1e-9, box.north + 1e-9)
        found = box.holds(latitude, longitude)
        places = np.flatnonzero(found)
        distances = distance_km(self.latitude, self.longitude, latitude[places], longitude[places])
        found[places] = distances <= self.km
        return found

    def __str__(self) -> str:
        numbers = ",".join(map(written, (self.latitude, self.longitude, self.km)))
        return f"{numbers},{self.name}" if self.name else numbers
