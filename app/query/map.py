"""What a map draws for its viewport: points where they are few, else counts on a grid; tiers kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.query.answer import Ranking
from app.query.geo import BBox
from app.query.passing import Passing, cell_counts, in_cells, passing
from app.query.query import Query
from app.query.ranking import rank
from app.query.samples import fetch_rows
from app.query.vectors import QueryVectors
from indexer.catalogue import Catalogue
from indexer.catalogue.places import HEMISPHERES, MERCATOR_BITS, mercator

POINTS_DRAWN = 1_500
RANKED_DRAWN = 1_000
CELL_PIXELS = 48
MAX_ZOOM = 20
_TILE_PIXELS = 256
# A viewport much larger than a screen at its zoom gets larger cells instead of ever more of them.
_MOST_CELLS_ACROSS = 100


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One sample with coordinates; `tier` is `geo_tier`."""

    id: int
    latitude: float
    longitude: float
    tier: str
    caption: str | None


@dataclass(frozen=True, slots=True)
class MapCell:
    """The samples of one grid cell, drawn at their mean place.

    Attributes:
        count: samples.
        latitude: mean, degrees north.
        longitude: mean, degrees east.
        example: id of one of them.
    """

    count: int
    latitude: float
    longitude: float
    example: int


@dataclass(frozen=True, slots=True)
class MapZone:
    """Samples known by UTM zone only: somewhere in a strip 6 degrees wide, in one hemisphere."""

    zone: int
    hemisphere: str | None
    count: int
    west: float
    east: float


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """What lies in a viewport.

    Attributes:
        points: the samples themselves, when at most `POINTS_DRAWN`; empty otherwise.
        cells: grid counts, when there are more; empty otherwise.
        zones: samples known by UTM zone only, over the whole Earth.
        in_view: samples with coordinates inside the viewport.
        tiers: matching samples by `geo_tier`, over the whole Earth: what a map cannot show is still counted.
        ranked: how many best results a ranking query is cut to; None for a list.
    """

    points: list[MapPoint]
    cells: list[MapCell]
    zones: list[MapZone]
    in_view: int
    tiers: dict[str, int]
    ranked: int | None


def map_cells(
    catalogue: Catalogue, query: Query, bbox: BBox, zoom: int, vectors: QueryVectors | None = None
) -> MapAnswer:
    """Aggregate the samples of `query` inside `bbox` for a Web Mercator map at `zoom`.

    Args:
        catalogue: what is searched.
        query: filters; a query that ranks is cut to its best `k` (`RANKED_DRAWN` by default).
        bbox: the viewport; `west > east` crosses the antimeridian.
        zoom: Leaflet's zoom level, 0 to `MAX_ZOOM`; cells are `CELL_PIXELS` pixels wide.
        vectors: for queries that rank.
    """
    matching, ranking = _matching(catalogue, query, vectors)
    # Positions in `Places`, not ids: what follows reads its columns there.
    seen = np.flatnonzero(
        bbox.holds(catalogue.places.latitude, catalogue.places.longitude)
        & matching.contains(catalogue.places.ids)
    )
    few = len(seen) <= POINTS_DRAWN
    return MapAnswer(
        points=_points(catalogue, seen) if few else [],
        cells=[] if few else _cells(catalogue, seen, bbox, zoom),
        zones=_zones(catalogue, matching),
        in_view=len(seen),
        tiers=_tiers(catalogue, query, ranking),
        ranked=len(ranking.ids) if ranking else None,
    )


def extent(catalogue: Catalogue, query: Query) -> BBox | None:
    """The smallest box around the points that pass the filters; None without a point."""
    places = catalogue.places
    seen = passing(catalogue, query.filters).contains(places.ids)
    if not seen.any():
        return None
    longitude, latitude = places.longitude[seen], places.latitude[seen]
    return BBox(float(longitude.min()), float(latitude.min()), float(longitude.max()), float(latitude.max()))


def _matching(
    catalogue: Catalogue, query: Query, vectors: QueryVectors | None
) -> tuple[Passing, Ranking | None]:
    if not query.ranks:
        return passing(catalogue, query.filters), None
    ranking = rank(catalogue, query.after(None), vectors, query.k or RANKED_DRAWN)
    return Passing.of_ids(catalogue.manifest.samples, np.array(ranking.ids, np.int64)), ranking


def _points(catalogue: Catalogue, seen: NDArray[np.intp]) -> list[MapPoint]:
    columns = ("id", "latitude", "longitude", "geo_tier", "caption")
    rows = fetch_rows(catalogue, catalogue.places.ids[seen].tolist(), columns)
    return [MapPoint(*(row[column] for column in columns)) for row in rows]


def _cells(catalogue: Catalogue, seen: NDArray[np.intp], bbox: BBox, zoom: int) -> list[MapCell]:
    """Group by cells of the Mercator square, so that they look alike from the equator to the poles."""
    places = catalogue.places
    corners = mercator(np.array([bbox.south, bbox.north]), np.array([bbox.west, bbox.east]))
    (west, east), (south, north) = (corner.astype(np.int64) for corner in corners)
    across = max((east - west) % 2**MERCATOR_BITS, north - south, 1)
    around = round(_TILE_PIXELS * 2 ** min(max(zoom, 0), MAX_ZOOM) / CELL_PIXELS)
    around = max(1, min(around, _MOST_CELLS_ACROSS * 2**MERCATOR_BITS // int(across)))

    # Counted from the corner of the viewport, so that a viewport over the antimeridian is one piece.
    columns = (_cell(places.x[seen], around) - _cell(west, around)) % around
    rows = _cell(places.y[seen], around) - _cell(south, around)
    keys = rows * around + columns
    counts = np.bincount(keys)
    latitudes = np.bincount(keys, weights=places.latitude[seen])
    longitudes = np.bincount(keys, weights=places.longitude[seen])
    examples = np.empty(len(counts), np.int32)
    # Of equal keys the last one is kept, so that it is the smallest id.
    examples[keys[::-1]] = places.ids[seen][::-1]
    filled = np.flatnonzero(counts)
    order = filled[np.lexsort((examples[filled], -counts[filled]))]
    return [
        MapCell(
            int(counts[key]), latitudes[key] / counts[key], longitudes[key] / counts[key], int(examples[key])
        )
        for key in order
    ]


def _cell(place: NDArray[np.integer[Any]], around: int) -> NDArray[np.int64]:
    """Number of the cell that a place on the Mercator square lies in, of `around` cells along its side."""
    number: NDArray[np.int64] = place.astype(np.int64) * around >> MERCATOR_BITS
    return number


def _zones(catalogue: Catalogue, matching: Passing) -> list[MapZone]:
    places = catalogue.places
    counts = np.bincount(places.zones[matching.contains(places.zone_ids)])
    found = []
    for key in np.flatnonzero(counts):
        zone, hemisphere = divmod(int(key), len(HEMISPHERES))
        west = zone * 6.0 - 186.0
        found.append(MapZone(zone, HEMISPHERES[hemisphere], int(counts[key]), west, west + 6.0))
    return found


def _tiers(catalogue: Catalogue, query: Query, ranking: Ranking | None) -> dict[str, int]:
    if ranking is None:
        counts = np.where(in_cells(catalogue, query.filters), cell_counts(catalogue, query.filters), 0)
    else:
        counts = catalogue.cube.counts_of(np.array(ranking.ids, np.int64))
    return dict(sorted(catalogue.cube.totals("geo_tier", counts).items()))
