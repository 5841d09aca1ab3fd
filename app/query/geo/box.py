"""A box of latitudes and longitudes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.query.geo.degrees import Ring, numbers, wrapped, written
from app.query.where import Where
from indexer.errors import UserError


class BBox(NamedTuple):
    """Degrees; `west > east` means the box crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str, name: str = "bbox") -> BBox:
        """Read `west,south,east,north`; longitudes beyond 180 (a map panned around the world) are wrapped.

        Raises:
            UserError: not four finite numbers, or south is not below north.
        """
        hint = f"Write west,south,east,north in degrees, for example {name}=-10,35,30,60."
        found = numbers(name, text, hint)
        if len(found) != 4:
            raise UserError(f"{name}={text[:80]!r} is not four numbers.", hint)
        west, south, east, north = found
        south, north = max(south, -90.0), min(north, 90.0)
        if south >= north:
            raise UserError(f"{name}={text!r}: south is not below north.", hint)
        if east - west >= 360:
            return cls(-180.0, south, 180.0, north)
        return cls(wrapped(west), south, wrapped(east), north)

    @property
    def bounds(self) -> BBox:
        """Itself."""
        return self

    def outline(self) -> Ring:
        """Its edge, see `Area`."""
        east = self.east if self.east >= self.west else self.east + 360
        south, north = self.south, self.north
        return [(self.west, south), (east, south), (east, north), (self.west, north), (self.west, south)]

    def holds(self, latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.bool_]:
        """For each point whether it lies in the box, edges included: bool (points,)."""
        after, before = longitude >= self.west, longitude <= self.east
        across = after & before if self.west <= self.east else after | before
        return across & (latitude >= self.south) & (latitude <= self.north)

    def where(self) -> Where:
        """Condition on `longitude` and `latitude`."""
        joint = "AND" if self.west <= self.east else "OR"
        sql = f"latitude BETWEEN ? AND ? AND (longitude >= ? {joint} longitude <= ?)"
        return Where(sql, (self.south, self.north, self.west, self.east))

    def __str__(self) -> str:
        return ",".join(map(written, self))
