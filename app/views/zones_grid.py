"""The UTM grid as a picture: a colour for the samples of every cell, halves of zones in rows of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from app.atlas import land
from app.errors import UnavailableError
from app.query.geo.utm_grid import (
    NORTH_END,
    SOUTH_END,
    ZONES,
    Edges,
    band_latitudes,
    cell_edges,
    grid_cells,
    half_edges,
)
from app.query.geo.zone import BANDS, NO_BAND, Zone
from app.query.zones import ZoneCount, ZoneCounts
from app.views import amounts
from app.views.text import counted

# Units of the drawing a degree, on a plate carrée map; a zone is 20 wide.
_DEGREE = 10 / 3
_LEFT, _RIGHT, _LABELS, _ROW, _GAP = 48, 56, 22, 22, 8
_PLANE = (round(360 * _DEGREE), round((NORTH_END - SOUTH_END) * _DEGREE))
# Paths of the land are in tenths of a unit, so that they are whole numbers.
LAND_SCALE = 0.1


class Box(NamedTuple):
    """A rectangle, in units of the drawing."""

    x: float
    y: float
    width: float
    height: float


class Label(NamedTuple):
    """A word at a place of the drawing."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the grid that has samples.

    Attributes:
        words: its name and number of samples.
        colour: of its amount.
        box: where it is drawn.
        strip: for half a zone, the part of the map that it stands for.
        url: its samples; None in a picture.
    """

    words: str
    colour: str
    box: Box
    strip: Box | None
    url: str | None


class ZonesGrid:
    """What the macro `grid` of `zones/grid.svg` draws.

    Args:
        counts: samples by part of the grid.
        url_of: address of a part's samples; without it nothing is a link.
    """

    left = _LEFT
    width = _LEFT + _PLANE[0] + _RIGHT
    plane = _PLANE
    land_scale = LAND_SCALE

    def __init__(self, counts: ZoneCounts, url_of: Callable[[ZoneCount], str] | None = None) -> None:
        self._counts = counts
        self._url_of = url_of
        drawn = [*counts.cells, *counts.halves]
        self._steps = amounts.breaks(max((part.samples for part in drawn), default=1))
        hemispheres = {part.zone.hemisphere for part in counts.halves}
        above, below = (_ROW + _GAP if name in hemispheres else 0 for name in ("N", "S"))
        self.top = _LABELS + above
        self.height = self.top + _PLANE[1] + below + _LABELS
        self._hemispheres = sorted(filter(None, hemispheres))
        self.halves = [self._half(part) for part in counts.halves]
        self.cells = [self._cell(part) for part in counts.cells]

    @property
    def summary(self) -> str:
        """What it shows, in a sentence."""
        located = counted(self._counts.located, "sample")
        cells = f"{counted(len(self._counts.cells), 'cell')} of zone and latitude band"
        halves = counted(len(self.halves), "half of a zone", "halves of zones")
        where = f"{cells}, and {halves}" if self.halves else cells
        return f"{located} in {where}. Columns are UTM zones, rows latitude bands."

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Colour and words of each step."""
        return amounts.ranges(self._steps) if self.cells or self.halves else []

    @property
    def rows(self) -> list[tuple[Box, str]]:
        """The rows of halves without a band: frame and name."""
        return [
            (self._row_box(hemisphere, 1, len(ZONES)), "north" if hemisphere == "N" else "south")
            for hemisphere in self._hemispheres
        ]

    @property
    def outlined(self) -> list[Box]:
        """Halves of zones without a band, and cells that such samples are only taken to be in."""
        taken = [
            part.box
            for part, count in zip(self.cells, self._counts.cells, strict=True)
            if any(zone.band == NO_BAND for zone in count.filters)
        ]
        return [part.strip for part in self.halves if part.strip] + taken

    @property
    def zone_labels(self) -> list[Label]:
        """Numbers of zones, above and below."""
        shown = [zone for zone in ZONES if zone == 1 or zone % 5 == 0]
        return [
            Label(_LEFT + (zone - 0.5) * 6 * _DEGREE, y, str(zone))
            for y in (_LABELS - 8, self.height - 6)
            for zone in shown
        ]

    @property
    def band_labels(self) -> list[Label]:
        """Letters of bands, on the left."""
        return [
            Label(_LEFT - 12, round(self._y(sum(band_latitudes(band)) / 2) + 4.5, 1), band) for band in BANDS
        ]

    @property
    def latitude_labels(self) -> list[Label]:
        """Degrees, on the right."""
        x = _LEFT + _PLANE[0] + 8
        return [
            Label(x, round(self._y(degrees) + 4.5, 1), _latitude(degrees)) for degrees in range(-72, 73, 24)
        ]

    @property
    def equator(self) -> float:
        """Height at which the hemispheres meet."""
        return self._y(0)

    @property
    def lines(self) -> str:
        """Path of the edges of all cells, each drawn once."""
        runs: dict[float, list[list[float]]] = {}
        for edges in grid_cells():
            at = runs.setdefault(edges.west, [])
            if at and at[-1][1] == edges.south:
                at[-1][1] = edges.north
            else:
                at.append([edges.south, edges.north])
        upright = [
            f"M{self._x(west):g} {self._y(north):g}v{(north - south) * _DEGREE:.2f}"
            for west, stretches in runs.items()
            for south, north in stretches
        ]
        level = [f"M{_LEFT} {self._y(band_latitudes(band)[1]):g}h{_PLANE[0]}" for band in BANDS]
        return "".join([*upright, *level])

    @property
    def land(self) -> str:
        """Path of the land, from the upper left corner of the map, in units of `land_scale`; empty where the
        atlas is not installed: a grid says what it has to say without it.
        """
        try:
            return _land()
        except UnavailableError:
            return ""

    def _cell(self, part: ZoneCount) -> Part:
        edges = cell_edges(part.zone.number, str(part.zone.band))
        assert edges is not None  # noqa: S101 - `ZoneCounts.cells` are those that exist
        return self._part(part, self._box(edges), None)

    def _half(self, part: ZoneCount) -> Part:
        number, hemisphere = part.zone.number, str(part.zone.hemisphere)
        return self._part(
            part, self._row_box(hemisphere, number, number), self._box(half_edges(number, hemisphere))
        )

    def _part(self, part: ZoneCount, box: Box, strip: Box | None) -> Part:
        colour = amounts.colour(part.samples, self._steps)
        words = f"{zone_name(part.zone)}: {counted(part.samples, 'sample')}"
        return Part(words, colour, box, strip, self._url_of(part) if self._url_of else None)

    def _row_box(self, hemisphere: str, first: int, last: int) -> Box:
        y = _LABELS if hemisphere == "N" else self.top + _PLANE[1] + _GAP
        return Box(self._x(first * 6 - 186), y, round((last - first + 1) * 6 * _DEGREE, 2), _ROW)

    def _box(self, edges: Edges) -> Box:
        width, height = (edges.east - edges.west) * _DEGREE, (edges.north - edges.south) * _DEGREE
        return Box(self._x(edges.west), self._y(edges.north), round(width, 2), round(height, 2))

    def _x(self, longitude: float) -> float:
        return round(_LEFT + (longitude + 180) * _DEGREE, 2)

    def _y(self, latitude: float) -> float:
        return round(self.top + (NORTH_END - latitude) * _DEGREE, 2)


def zone_name(zone: Zone) -> str:
    """`18T`, `zone 34, northern half`, `zone 34`."""
    if zone.band not in (None, NO_BAND):
        return f"{zone.number}{zone.band}"
    if zone.hemisphere:
        return f"zone {zone.number}, {'northern' if zone.hemisphere == 'N' else 'southern'} half"
    return f"zone {zone.number}"


def _latitude(degrees: int) -> str:
    return "0°" if not degrees else f"{abs(degrees)}° {'N' if degrees > 0 else 'S'}"


@cache
def _land() -> str:
    """Every ring as steps from corner to corner, as often as the map shows it."""
    unit = _DEGREE / LAND_SCALE
    found = []
    for ring in (ring for polygon in land() for ring in polygon):
        for turn in (-360.0, 0.0, 360.0):
            longitudes = ring[:, 0] + turn + 180
            if longitudes.max() <= 0 or longitudes.min() >= 360:
                continue
            corners = np.round(np.column_stack([longitudes, NORTH_END - ring[:, 1]]) * unit).astype(int)
            walked = "".join(f"{x}{' ' if y >= 0 else ''}{y}l" for x, y in np.diff(corners, axis=0)[:-1])
            found.append(f"M{corners[0, 0]} {corners[0, 1]}l{walked.rstrip('l')}z")
    return "".join(found)
