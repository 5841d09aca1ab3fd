"""What a map draws for its viewport: points where they are few, else counts on a grid; tiers kept apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.query.answer import Ranking
from app.query.closeness import cosines, mean_cosines
from app.query.geo import BBox
from app.query.grid import Grid
from app.query.located import drawn_by_name, named_only
from app.query.passing import Passing, cell_counts, in_cells, passing
from app.query.query import Query
from app.query.query_vector import query_vector
from app.query.ranking import kind_of, rank
from app.query.samples import fetch_rows
from app.query.vectors import QueryVectors, Vector
from indexer.catalogue import Catalogue
from indexer.catalogue.places import HEMISPHERES, Points
from indexer.errors import UserError

POINTS_DRAWN = 1_000
RANKED_DRAWN = 1_000
SAMPLES_SHOWN = 12
_CAPTION_CHARS = 160
_SCALE_DRAWN = 2_000


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One sample with coordinates.

    Attributes:
        id: the sample.
        latitude: degrees north.
        longitude: degrees east.
        caption: its caption, a long one cut off.
        image: whether there is a picture of it.
        cosine: that with the query, where the map shows similarity.
    """

    id: int
    latitude: float
    longitude: float
    caption: str | None
    image: bool
    cosine: float | None


@dataclass(frozen=True, slots=True)
class MapCell:
    """The samples of one grid cell, drawn at their mean place.

    Attributes:
        count: samples.
        latitude: mean, degrees north.
        longitude: mean, degrees east.
        box: a `bbox` that holds them.
        cosine: mean of that with the query, where the map shows similarity.
    """

    count: int
    latitude: float
    longitude: float
    box: str
    cosine: float | None


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
        cells: grid counts, when there are more; empty otherwise. Cells at the edge of the viewport are whole.
        named: grid counts of samples that lie, as far as is known, at a place that their caption names.
        samples: some of those in view, to show: of the fullest cells one each.
        zones: samples known by UTM zone only, over the whole Earth.
        in_view: samples with coordinates inside the viewport.
        tiers: matching samples by `geo_tier`, over the whole Earth: what a map cannot show is still counted.
        ranked: how many best results a ranking query is cut to; None for a list, and where similarity is
            shown.
    """

    points: list[MapPoint]
    cells: list[MapCell]
    named: list[MapCell]
    samples: list[MapPoint]
    zones: list[MapZone]
    in_view: int
    tiers: dict[str, int]
    ranked: int | None


def map_cells(
    catalogue: Catalogue,
    query: Query,
    bbox: BBox,
    zoom: int,
    vectors: QueryVectors | None = None,
) -> MapAnswer:
    """Aggregate the samples of `query` inside `bbox` for a Web Mercator map at `zoom`.

    Args:
        catalogue: what is searched.
        query: filters; a query that ranks is cut to its best `k` (`RANKED_DRAWN` by default), unless its
            colours tell of similarity.
        bbox: the viewport; `west > east` crosses the antimeridian.
        zoom: Leaflet's zoom level, 0 to `MAX_ZOOM`.
        vectors: for queries that rank.

    Raises:
        UserError: similarity of a query that does not rank by cosine.
    """
    if query.colour == "similarity":
        vector: Vector | None = _vector(catalogue, query, vectors)
        matching, ranking = passing(catalogue, query.filters), None
    else:
        vector = None
        matching, ranking = _matching(catalogue, query, vectors)
    # Positions in `Places`, not ids: what follows reads its columns there.
    places = catalogue.places
    held = matching.contains(places.ids)
    in_view = held & bbox.holds(places.latitude, places.longitude)
    count = int(np.count_nonzero(in_view))
    points: list[MapPoint] = []
    cells: list[MapCell] = []
    grid = Grid.of_view(bbox, zoom)
    names = catalogue.named_places
    named, _ = _cells(catalogue, names, matching.contains(names.ids) & drawn_by_name(catalogue), grid, vector)
    if count <= POINTS_DRAWN:
        points = _points(catalogue, places.ids[in_view], vector)
        samples = points[:SAMPLES_SHOWN]
    else:
        cells, examples = _cells(catalogue, places, held, grid, vector)
        samples = _points(catalogue, examples[:SAMPLES_SHOWN], vector)
    return MapAnswer(
        points=points,
        cells=cells,
        samples=samples,
        named=named,
        zones=_zones(catalogue, matching),
        in_view=count,
        tiers=_tiers(catalogue, query, ranking, matching),
        ranked=len(ranking.ids) if ranking else None,
    )


def similarity_scale(
    catalogue: Catalogue, query: Query, vectors: QueryVectors | None
) -> tuple[float, float] | None:
    """Cosines between which the colours of a map of similarity run, wherever it is moved to.

    Returns:
        The 2nd and 98th percentile of `_SCALE_DRAWN` of the points; None without a vector among them.
    """
    ids = catalogue.places.ids
    ids = ids[passing(catalogue, query.filters).contains(ids)]
    if not len(ids):
        return None
    drawn = ids[np.linspace(0, len(ids) - 1, min(len(ids), _SCALE_DRAWN)).astype(np.int64)]
    found = cosines(catalogue, _vector(catalogue, query, vectors), drawn)
    found = found[~np.isnan(found)]
    return (float(np.quantile(found, 0.02)), float(np.quantile(found, 0.98))) if len(found) else None


def extent(catalogue: Catalogue, query: Query) -> BBox | None:
    """The smallest box around the points that pass the filters; None without a point."""
    places = catalogue.places
    seen = passing(catalogue, query.filters).contains(places.ids)
    if not seen.any():
        return None
    longitude, latitude = places.longitude[seen], places.latitude[seen]
    return BBox(float(longitude.min()), float(latitude.min()), float(longitude.max()), float(latitude.max()))


def shows_similarity(catalogue: Catalogue, query: Query) -> bool:
    """Whether `query` ranks by cosine, so that a map can be coloured by it."""
    return kind_of(catalogue, query) in ("meaning", "likeness") and bool(catalogue.manifest.vectors)


def _vector(catalogue: Catalogue, query: Query, vectors: QueryVectors | None) -> Vector:
    vector = query_vector(catalogue, query, vectors) if shows_similarity(catalogue, query) else None
    if vector is None:
        raise UserError(
            "colour=similarity needs a query that ranks by cosine.", "Add q, like, image or around."
        )
    return vector


def _matching(
    catalogue: Catalogue, query: Query, vectors: QueryVectors | None
) -> tuple[Passing, Ranking | None]:
    if not query.ranks:
        return passing(catalogue, query.filters), None
    ranking = rank(catalogue, query.after(None), vectors, query.k or RANKED_DRAWN)
    return Passing.of_ids(catalogue.manifest.samples, np.array(ranking.ids, np.int64)), ranking


def _points(catalogue: Catalogue, ids: NDArray[np.int32], vector: Vector | None) -> list[MapPoint]:
    rows = fetch_rows(catalogue, ids.tolist(), ("id", "latitude", "longitude", "caption", "file"))
    found: list[float | None] = [None] * len(rows)
    if vector is not None:
        found = [_cosine(score) for score in cosines(catalogue, vector, ids)]
    return [
        MapPoint(
            row["id"],
            row["latitude"],
            row["longitude"],
            _short(row["caption"]),
            row["file"] is not None,
            cosine,
        )
        for row, cosine in zip(rows, found, strict=True)
    ]


def _cells(
    catalogue: Catalogue, points: Points, held: NDArray[np.bool_], grid: Grid, vector: Vector | None
) -> tuple[list[MapCell], NDArray[np.int32]]:
    """The cells, the fullest first, and the id of one sample of each."""
    cells = grid.numbers(points)
    seen = np.flatnonzero(held & (cells >= 0))
    cells = cells[seen]
    counts = np.bincount(cells, minlength=grid.cells)
    latitudes = np.bincount(cells, points.latitude[seen], grid.cells)
    longitudes = np.bincount(cells, points.longitude[seen], grid.cells)
    examples = np.empty(grid.cells, np.int32)
    # Of equal cells the last one is kept, so that it is the smallest id.
    examples[cells[::-1]] = points.ids[seen][::-1]
    means = np.full(grid.cells, np.nan)
    if vector is not None:
        means = mean_cosines(catalogue, vector, points.ids[seen], cells, counts)
    filled = np.flatnonzero(counts)
    order = filled[np.lexsort((examples[filled], -counts[filled]))]
    drawn = [
        MapCell(
            count=int(counts[cell]),
            latitude=round(float(latitudes[cell] / counts[cell]), 6),
            longitude=round(float(longitudes[cell] / counts[cell]), 6),
            box=str(grid.box(int(cell))),
            cosine=_cosine(means[cell]),
        )
        for cell in order
    ]
    return drawn, examples[order]


def _cosine(score: float) -> float | None:
    return None if math.isnan(score) else round(float(score), 4)


def _short(caption: str | None) -> str | None:
    if caption is None or len(caption) <= _CAPTION_CHARS:
        return caption
    return caption[: _CAPTION_CHARS - 1].rstrip() + "…"


def _zones(catalogue: Catalogue, matching: Passing) -> list[MapZone]:
    places = catalogue.places
    counts = np.bincount(places.zones[matching.contains(places.zone_ids)])
    found = []
    for key in np.flatnonzero(counts):
        zone, hemisphere = divmod(int(key), len(HEMISPHERES))
        west = zone * 6.0 - 186.0
        found.append(MapZone(zone, HEMISPHERES[hemisphere], int(counts[key]), west, west + 6.0))
    return found


def _tiers(catalogue: Catalogue, query: Query, ranking: Ranking | None, matching: Passing) -> dict[str, int]:
    if ranking is None:
        counts = np.where(in_cells(catalogue, query.filters), cell_counts(catalogue, query.filters), 0)
    else:
        counts = catalogue.cube.counts_of(np.array(ranking.ids, np.int64))
    tiers = catalogue.cube.totals("geo_tier", counts)
    if by_name := int(matching.contains(named_only(catalogue)).sum()):
        tiers["none"] -= by_name
        tiers["place"] = tiers.get("place", 0) + by_name
    return {tier: number for tier, number in sorted(tiers.items()) if number}
