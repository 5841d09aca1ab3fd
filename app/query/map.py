"""What a map draws for its viewport: points where they are few, else counts on a grid; tiers kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from app.query.answer import Ranking
from app.query.filters import BBox, Where
from app.query.query import Query
from app.query.ranking import rank
from app.query.vectors import QueryVectors
from indexer.catalogue import Catalogue
from indexer.catalogue.facets import HAS_POINT

POINTS_DRAWN = 1_500
RANKED_DRAWN = 1_000
CELL_PIXELS = 48
MAX_ZOOM = 20
_TILE_PIXELS = 256
# Web Mercator ends where its square map does.
_MERCATOR_LATITUDE = 85.05112878


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
    view = matching.both(Where(HAS_POINT, ())).both(bbox.where())
    cursor = catalogue.connect()
    in_view = _number(cursor, view)
    few = in_view <= POINTS_DRAWN
    return MapAnswer(
        points=_points(cursor, view) if few else [],
        cells=[] if few else _cells(cursor, view, zoom),
        zones=_zones(cursor, matching),
        in_view=in_view,
        tiers=_tiers(cursor, matching),
        ranked=len(ranking.ids) if ranking else None,
    )


def _matching(
    catalogue: Catalogue, query: Query, vectors: QueryVectors | None
) -> tuple[Where, Ranking | None]:
    where = query.filters.where()
    if not query.ranks:
        return where, None
    ranking = rank(catalogue, query.after(None), vectors, query.k or RANKED_DRAWN)
    ids: Sequence[int] = ranking.ids
    return Where("id IN (SELECT unnest(CAST(? AS BIGINT[])))", (ids,)), ranking


def _number(cursor: duckdb.DuckDBPyConnection, where: Where) -> int:
    row = cursor.execute(f"SELECT count(*) FROM samples WHERE {where.sql}", where.params).fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _points(cursor: duckdb.DuckDBPyConnection, where: Where) -> list[MapPoint]:
    rows = cursor.execute(
        f"SELECT id, latitude, longitude, geo_tier, caption FROM samples WHERE {where.sql} ORDER BY id",  # noqa: S608
        where.params,
    )
    return [MapPoint(*row) for row in rows.fetchall()]


def _cells(cursor: duckdb.DuckDBPyConnection, where: Where, zoom: int) -> list[MapCell]:
    """Group by cells of the Mercator square, so that they look alike from the equator to the poles."""
    cells_around = max(1, round(_TILE_PIXELS * 2 ** min(max(zoom, 0), MAX_ZOOM) / CELL_PIXELS))
    limit = _MERCATOR_LATITUDE
    # Spherical Mercator: y = ln(tan(pi/4 + latitude/2)), scaled to the width of the map as x is.
    sql = f"""
        SELECT count(*), avg(latitude), avg(longitude), min(id)
        FROM samples WHERE {where.sql}
        GROUP BY
            floor((longitude + 180) / 360 * {cells_around}),
            floor(ln(tan(pi() / 4 + radians(greatest(-{limit}, least({limit}, latitude))) / 2))
                  / (2 * pi()) * {cells_around})
        ORDER BY 1 DESC, 4
    """  # noqa: S608
    return [MapCell(*row) for row in cursor.execute(sql, where.params).fetchall()]


def _zones(cursor: duckdb.DuckDBPyConnection, where: Where) -> list[MapZone]:
    rows = cursor.execute(
        f"""
        SELECT utm_zone, utm_hemisphere, count(*) FROM samples
        WHERE ({where.sql}) AND geo_tier = 'zone' AND utm_zone BETWEEN 1 AND 60
        GROUP BY ALL ORDER BY ALL
        """,  # noqa: S608
        where.params,
    ).fetchall()
    return [
        MapZone(zone, hemisphere, count, west=zone * 6.0 - 186.0, east=zone * 6.0 - 180.0)
        for zone, hemisphere, count in rows
    ]


def _tiers(cursor: duckdb.DuckDBPyConnection, where: Where) -> dict[str, int]:
    rows = cursor.execute(
        f"""
        SELECT coalesce(geo_tier, 'none'), count(*) FROM samples
        WHERE {where.sql} GROUP BY ALL ORDER BY ALL
        """,  # noqa: S608
        where.params,
    ).fetchall()
    return dict(rows)
