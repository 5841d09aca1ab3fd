"""A map as a picture for a paper: the same samples as on the page, drawn by the server."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.atlas import Lines, countries
from app.query import BBox, MapAnswer, Query, QueryVectors, map_cells
from app.query.geo.degrees import Ring, wrapped
from app.query.grid import MAX_ZOOM
from app.templates import templates
from app.views import amounts
from app.views.map import MapView, placed
from app.views.place import zone_latitudes
from app.views.text import counted, printable
from indexer.catalogue import Catalogue

WIDTH = 1280
_LOWEST, _HIGHEST = 420, 1280
_TILE_PIXELS = 256
_CLOSE_ZOOM = 4
_MERCATOR_END = 85.05
_MARGIN, _LEAST_MARGIN = 0.03, 0.01
# Of a world's width: less than a pixel of the largest one.
_ROUNDING = 1e-10


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the Web Mercator map, on paper.

    Attributes:
        west: degrees east of its left edge.
        top: place of its upper edge on the Mercator square, from 0 in the south to 1 in the north.
        side: pixels of the whole world's side.
        height: pixels.
    """

    west: float
    top: float
    side: float
    height: int

    @classmethod
    def around(cls, view: BBox) -> Self:
        """A frame that shows `view`, in a shape that fits on a page."""
        width = (view.east - view.west) % 360 or 360.0
        south, north = (_mercator(np.array([value]))[0] for value in (view.south, view.north))
        side = min(WIDTH / (width / 360), _HIGHEST / max(north - south, 1e-9), _TILE_PIXELS * 2.0**MAX_ZOOM)
        height = round(min(max((north - south) * side, _LOWEST), _HIGHEST))
        middle = view.west + width / 2
        # No frame reaches beyond the map's upper or lower end, if it can be helped.
        top = min((south + north) / 2 + height / 2 / side, max(1.0, height / side))
        return cls(middle - WIDTH / side * 180, top, side, height)

    @property
    def zoom(self) -> int:
        """Leaflet's zoom level at which the map is as large."""
        return max(0, round(math.log2(self.side / _TILE_PIXELS)))

    @property
    def view(self) -> BBox:
        """What it shows."""
        width = min(WIDTH / self.side * 360, 360.0)
        south, north = (_latitude(self.top - self.height / self.side), _latitude(self.top))
        if width == 360:
            return BBox(-180.0, south, 180.0, north)
        return BBox(wrapped(self.west), south, wrapped(self.west + width), north)

    def places(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> Lines:
        """Pixels from the upper left corner, float64 (points, 2)."""
        across = (longitude - self.west) / 360 * self.side
        return np.column_stack([across, (self.top - _mercator(latitude)) * self.side])

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Pixels of one point, in the world that the frame shows."""
        turned = longitude + 360 * math.ceil((self.west - longitude) / 360 - _ROUNDING)
        ((x, y),) = self.places(np.array([turned]), np.array([latitude]))
        return round(float(x), 1), round(float(y), 1)

    def path(self, rings: list[Lines]) -> str:
        """SVG path of `rings`, as often as it is seen; empty where it is not."""
        parts = []
        for turn in (-360.0, 0.0, 360.0, 720.0):
            drawn = [self.places(ring[:, 0] + turn, ring[:, 1]) for ring in rings]
            outer = drawn[0]
            if outer[:, 0].max() < 0 or outer[:, 0].min() > WIDTH:
                continue
            if outer[:, 1].max() < 0 or outer[:, 1].min() > self.height:
                continue
            parts += ["M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring) + "Z" for ring in drawn]
        return "".join(parts)


class MapPicture:
    """What `map/picture.svg` draws.

    Args:
        catalogue: the catalogue drawn.
        query: what the URL asks for.
        vectors: for a query that ranks.
        view: part of the Earth that is to be seen; None for where the samples are.
    """

    width = WIDTH

    def __init__(
        self, catalogue: Catalogue, query: Query, vectors: QueryVectors, view: BBox | None = None
    ) -> None:
        self._page = MapView(catalogue, query, vectors)
        self.frame = Frame.around(view or _with_margin(self._page.opened_on))
        self._answer = map_cells(catalogue, self._page.query, self.frame.view, self.frame.zoom, vectors)
        self.catalogue_id = catalogue.manifest.catalogue_id
        self.conditions = [printable(f"{chip.label}: {chip.value}") for chip in self._page.chips]

    @property
    def answer(self) -> MapAnswer:
        """The samples that it shows."""
        return self._answer

    @property
    def truth(self) -> str:
        """What it shows, in a sentence."""
        return f"{counted(self._answer.in_view, 'sample')} in view. {placed(self._answer)}."

    @property
    def land(self) -> list[str]:
        """Paths of the countries."""
        metres = 50 if self.frame.zoom >= _CLOSE_ZOOM else 110
        return [path for polygon in countries(metres) if (path := self.frame.path(polygon))]

    @property
    def rings(self) -> list[Ring]:
        """Outlines of what is filtered by, in degrees."""
        return [area.ring for area in self._page.areas]

    @property
    def areas(self) -> list[str]:
        """Paths of what is filtered by."""
        return [self.frame.path([np.array(ring)]) for ring in self.rings]

    @property
    def zones(self) -> list[str]:
        """Paths of UTM zones of which no more is known."""
        return [
            self.frame.path([np.array(BBox(zone.west, south, zone.east, north).outline())])
            for zone in self._answer.zones
            for south, north in [zone_latitudes(None, zone.hemisphere)]
        ]

    @property
    def marks(self) -> list[tuple[float, float, float, str]]:
        """Circles: x, y and radius in pixels, and colour; the largest first, so that none hides another."""
        points = [
            (*self.frame.place(point.longitude, point.latitude), 4.5, self._colour(1, point.cosine))
            for point in self._answer.points
        ]
        largest = max((cell.count for cell in self._answer.cells), default=1)
        cells = [
            (
                *self.frame.place(cell.longitude, cell.latitude),
                _radius(6, 14, cell.count / largest),
                self._colour(cell.count, cell.cosine),
            )
            for cell in self._answer.cells
        ]
        return points + cells

    @property
    def named(self) -> list[tuple[float, float, float]]:
        """Rings around places that captions name: x, y and radius in pixels."""
        largest = max((cell.count for cell in self._answer.named), default=1)
        return [
            (
                *self.frame.place(cell.longitude, cell.latitude),
                round(5 + 11 * math.sqrt(cell.count / largest), 1),
            )
            for cell in self._answer.named
        ]

    @property
    def named_samples(self) -> int:
        """Samples in view known by the name of a place only."""
        return sum(cell.count for cell in self._answer.named)

    @property
    def legend(self) -> tuple[str, list[tuple[str, str]]]:
        """Heading, and colour and words of each step."""
        if self._page.scale is not None:
            low, high = self._page.scale
            step = (high - low) / len(amounts.COLOURS)
            words = [f"from {low + place * step:.3f}" for place in range(len(amounts.COLOURS))]
            words[0] = f"below {low + step:.3f}"
            return "Mean cosine with the query", list(zip(amounts.COLOURS, words, strict=True))
        if self._answer.cells:
            return "Samples at a circle", amounts.ranges(self._steps)
        return ("", [(_POINT, "one sample")]) if self._answer.points else ("", [])

    @property
    def zone_samples(self) -> int:
        """Samples known by their UTM zone only."""
        return sum(zone.count for zone in self._answer.zones)

    def svg(self) -> str:
        """The picture."""
        return templates.get_template("map/picture.svg").render(picture=self)

    @property
    def _steps(self) -> list[int]:
        return amounts.breaks(max((cell.count for cell in self._answer.cells), default=1))

    def _colour(self, count: int, cosine: float | None) -> str:
        if self._page.scale is None:
            return amounts.colour(count, self._steps) if self._answer.cells else _POINT
        if cosine is None:
            return "#ffffff"
        low, high = self._page.scale
        place = math.floor((cosine - low) / max(high - low, 1e-6) * len(amounts.COLOURS))
        return amounts.COLOURS[min(max(place, 0), len(amounts.COLOURS) - 1)]


_POINT = "#0b5cad"


def _radius(least: float, more: float, share: float) -> float:
    """Pixels: a circle's area grows with `share`, from 0 to 1."""
    return round(least + more * math.sqrt(share), 1)


def _with_margin(box: BBox) -> BBox:
    """`box` and some of what is around, so that no circle is cut off."""
    width = (box.east - box.west) % 360 or (360.0 if box.west != box.east else 0.0)
    aside, above = _MARGIN * width + _LEAST_MARGIN, _MARGIN * (box.north - box.south) + _LEAST_MARGIN
    south, north = max(box.south - above, -90.0), min(box.north + above, 90.0)
    if width + 2 * aside >= 360:
        return BBox(-180.0, south, 180.0, north)
    return BBox(wrapped(box.west - aside), south, wrapped(box.east + aside), north)


def _mercator(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places on the Mercator square, 0 in the south to 1 in the north; y = ln(tan(pi/4 + latitude/2))."""
    clipped = np.clip(latitude, -_MERCATOR_END, _MERCATOR_END)
    return np.asarray(np.log(np.tan(np.pi / 4 + np.radians(clipped) / 2)) / (2 * np.pi) + 0.5)


def _latitude(place: float) -> float:
    inside = min(max(place, 0.0), 1.0)
    if inside in (0.0, 1.0):
        return 180.0 * inside - 90.0
    return math.degrees(2 * math.atan(math.exp((inside - 0.5) * 2 * math.pi)) - math.pi / 2)
