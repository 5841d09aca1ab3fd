"""The UTM grid as it is: zones 6 degrees wide by bands 8 degrees high, and its exceptions in the north.

NGA.STND.0037 (universal grids), chapter 3: band X is 12 degrees high; 32V reaches west to 3 degrees east at
the cost of 31V, so that Norway's south-west is in one zone; around Svalbard 31X, 33X, 35X and 37X share what
elsewhere is seven zones, and 32X, 34X and 36X do not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.query.geo.zone import BANDS

ZONES = range(1, 61)
SOUTH_END, NORTH_END = -80.0, 84.0
_ZONE_DEG, _BAND_DEG = 6.0, 8.0
_EXCEPTIONS: dict[tuple[int, str], tuple[float, float] | None] = {
    (31, "V"): (0.0, 3.0),
    (32, "V"): (3.0, 12.0),
    (31, "X"): (0.0, 9.0),
    (32, "X"): None,
    (33, "X"): (9.0, 21.0),
    (34, "X"): None,
    (35, "X"): (21.0, 33.0),
    (36, "X"): None,
    (37, "X"): (33.0, 42.0),
}


class Edges(NamedTuple):
    """A part of the grid, in degrees."""

    west: float
    south: float
    east: float
    north: float


def band_latitudes(band: str) -> tuple[float, float]:
    """South and north end of a latitude band, in degrees."""
    south = SOUTH_END + _BAND_DEG * BANDS.index(band)
    return south, NORTH_END if band == BANDS[-1] else south + _BAND_DEG


def cell_edges(zone: int, band: str) -> Edges | None:
    """The cell of a zone and a band; None where there is none."""
    longitudes = _EXCEPTIONS.get((zone, band), _zone_longitudes(zone))
    if longitudes is None:
        return None
    south, north = band_latitudes(band)
    return Edges(longitudes[0], south, longitudes[1], north)


def half_edges(zone: int, hemisphere: str | None) -> Edges:
    """The part of a zone in one hemisphere, or all of it."""
    west, east = _zone_longitudes(zone)
    return Edges(west, 0.0 if hemisphere == "N" else SOUTH_END, east, 0.0 if hemisphere == "S" else NORTH_END)


def grid_cells() -> Iterator[Edges]:
    """Every cell, from south to north and west to east."""
    for band in BANDS:
        for zone in ZONES:
            edges = cell_edges(zone, band)
            if edges is not None:
                yield edges


def _zone_longitudes(zone: int) -> tuple[float, float]:
    west = zone * _ZONE_DEG - 186.0
    return west, west + _ZONE_DEG
