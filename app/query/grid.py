"""A grid over the square Web Mercator map, whose cells look alike from the equator to the poles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.query.geo import BBox
from indexer.catalogue.places import MERCATOR_BITS, Points, mercator

CELL_PIXELS = 48
MAX_ZOOM = 20
_TILE_PIXELS = 256
# A viewport much larger than a screen at its zoom gets larger cells instead of ever more of them.
_MOST_ACROSS = 40
_SIDE = 2**MERCATOR_BITS
# Six decimals of a degree, as a URL has them.
_STEP = 1e-6


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells that a viewport touches, whole ones: they stay what they are while the map is moved.

    Attributes:
        around: cells along a side of the map.
        west: first column, of `around`; those after it go on eastwards, over the antimeridian if need be.
        south: first row.
        columns: how many.
        rows: how many.
    """

    around: int
    west: int
    south: int
    columns: int
    rows: int

    @classmethod
    def of_view(cls, view: BBox, zoom: int) -> Grid:
        """The grid for `view` at Leaflet's `zoom`: cells `CELL_PIXELS` wide, or wider in a large view."""
        corners = mercator(np.array([view.south, view.north]), np.array([view.west, view.east]))
        (west, east), (south, north) = ((int(first), int(last)) for first, last in corners)
        width = east - west if view.west <= view.east else east - west + _SIDE
        around = max(1, round(_TILE_PIXELS * 2 ** min(max(zoom, 0), MAX_ZOOM) / CELL_PIXELS))
        while max(width, north - south) * around > _MOST_ACROSS * _SIDE:
            around = -(-around // 2)
        first, last = west * around >> MERCATOR_BITS, (west + width) * around >> MERCATOR_BITS
        bottom, top = south * around >> MERCATOR_BITS, north * around >> MERCATOR_BITS
        return cls(around, first, bottom, min(last - first + 1, around), top - bottom + 1)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.columns * self.rows

    def numbers(self, points: Points) -> NDArray[np.int32]:
        """The cell of each of `points`, int32 (points,): row by row from the south-west; -1 outside."""
        columns = (self._cell(points.x) - self.west) % self.around
        rows = self._cell(points.y) - self.south
        inside = (columns < self.columns) & (rows >= 0) & (rows < self.rows)
        return np.where(inside, rows * self.columns + columns, -1).astype(np.int32)

    def box(self, number: int) -> BBox:
        """A box that holds the points of a cell, and no others as far as they have six decimals."""
        row, column = divmod(number, self.columns)
        west, row = (self.west + column) % self.around, self.south + row
        top = row + 1 == self.around
        return BBox(
            _upwards(west / self.around * 360 - 180),
            _upwards(_latitude(row / self.around)) if row else -90.0,
            180.0 if west + 1 == self.around else _below((west + 1) / self.around * 360 - 180),
            90.0 if top else _below(_latitude((row + 1) / self.around)),
        )

    def _cell(self, place: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        number: NDArray[np.int64] = place.astype(np.int64) * self.around >> MERCATOR_BITS
        return number


def _latitude(share: float) -> float:
    """Degrees north of a place on the Mercator square, as a share of its side from the south."""
    return math.degrees(2 * math.atan(math.exp((share - 0.5) * 2 * math.pi)) - math.pi / 2)


def _upwards(degrees: float) -> float:
    return math.ceil(degrees / _STEP - 1e-4) * _STEP


def _below(degrees: float) -> float:
    return (math.ceil(degrees / _STEP - 1e-4) - 1) * _STEP
