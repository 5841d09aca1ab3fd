"""A polygon drawn on a map."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from app.query.geo.box import BBox
from app.query.geo.degrees import DECIMALS, Ring, numbers, wrapped, written
from indexer.errors import UserError

MAX_CORNERS = 200
# Over so many degrees of latitude nobody sees the bend.
_STRAIGHT_DEG = 2.0
_HINT = "Write longitude,latitude for each corner, semicolons between: polygon=-96,29;-95,29;-95.5,30."


class Polygon(NamedTuple):
    """A ring whose edges are straight in degrees, as GeoJSON has them (RFC 7946, section 3.1.1).

    Attributes:
        corners: (longitude, latitude) of each. Longitudes run on past 180 where the ring crosses the
            antimeridian, so that no edge is longer than half the Earth; the first lies from -180 to 180.
    """

    corners: tuple[tuple[float, float], ...]

    @classmethod
    def parse(cls, text: str) -> Polygon:
        """Read `longitude,latitude;longitude,latitude;...`, three corners or more, closed or not.

        Raises:
            UserError: too few or too many corners, no places on Earth, an edge that crosses another one, or a
                ring around a pole, which is no area on a flat map.
        """
        corners: list[tuple[float, float]] = []
        parts = [part for part in text.split(";") if part.strip()]
        if len(parts) > MAX_CORNERS + 1:
            raise UserError(f"polygon has {len(parts)} corners.", f"At most {MAX_CORNERS} are allowed.")
        for part in parts:
            found = numbers("polygon", part, _HINT)
            if len(found) != 2 or abs(found[1]) > 90:
                raise UserError(f"polygon: {part[:40]!r} is no longitude,latitude.", _HINT)
            longitude = wrapped(found[0])
            if corners:
                longitude += 360 * round((corners[-1][0] - longitude) / 360)
            corner = (round(longitude, DECIMALS), round(found[1], DECIMALS))
            if not corners or corner != corners[-1]:
                corners.append(corner)
        if len(corners) > 1 and corners[0] == corners[-1]:
            corners.pop()
        if len(corners) < 3:
            raise UserError("polygon has fewer than three corners.", _HINT)
        if abs(corners[0][0] - corners[-1][0]) > 180:
            raise UserError("polygon runs around a pole.", "Use bbox for all longitudes of some latitudes.")
        made = cls(tuple(corners))
        if not shapely.is_valid(made._shape()):
            raise UserError("polygon crosses itself, or is a line.", "Draw it so that no two edges meet.")
        return made

    @property
    def bounds(self) -> BBox:
        """The smallest box around it."""
        longitudes, latitudes = zip(*self.corners, strict=True)
        west, east = min(longitudes), max(longitudes)
        if east - west >= 360:
            west, east = -180.0, 180.0
        return BBox(wrapped(west), min(latitudes), wrapped(east), max(latitudes))

    def outline(self) -> Ring:
        """Its edge, see `Area`: what is straight in degrees is slightly bent on a Mercator map."""
        ring: Ring = []
        for (west, south), (east, north) in pairwise((*self.corners, self.corners[0])):
            bends = west != east and south != north
            pieces = max(1, math.ceil(abs(north - south) / _STRAIGHT_DEG)) if bends else 1
            ring += [
                (west + (east - west) * piece / pieces, south + (north - south) * piece / pieces)
                for piece in range(pieces)
            ]
        return [*ring, ring[0]]

    def holds(self, latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.bool_]:
        """For each point whether it lies in the polygon, edges included: bool (points,)."""
        found = self.bounds.holds(latitude, longitude)
        places = np.flatnonzero(found)
        shape = self._shape()
        shapely.prepare(shape)
        inside = np.zeros(len(places), np.bool_)
        # The ring may lie one world to the west or to the east of the points it holds.
        for turn in (-360.0, 0.0, 360.0):
            inside |= shapely.intersects_xy(shape, longitude[places] + turn, latitude[places])
        found[places] = inside
        return found

    def _shape(self) -> shapely.Polygon:
        return shapely.Polygon(self.corners)

    def __str__(self) -> str:
        return ";".join(f"{written(longitude)},{written(latitude)}" for longitude, latitude in self.corners)
