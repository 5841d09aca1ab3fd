"""The questions of `benchmarks.metadata`: how the app is asked each, and how a plain SQL store is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from app.query import BBox, Filters, Query, facets, fetch_rows, map_cells, search, stage_table
from app.query.filters import ANY_STAGE, field_of
from app.query.grid import Grid
from app.query.map import POINTS_DRAWN
from app.query.passing import passing
from app.query.where import Where
from benchmarks.asked import city, picked_filters
from benchmarks.stores import PLACE, Store
from indexer.catalogue import Catalogue
from indexer.catalogue.facets import FACETS, HAS_POINT, MISSING, Facet

PAGE = 50
FAR_PAGE = 10_000
_WORLD = BBox(-180, -90, 180, 90)
_WORLD_ZOOM, _CITY_ZOOM = 2, 10


@dataclass(frozen=True)
class Case:
    """One question.

    Attributes:
        name: what the table calls it.
        ours: asks the app; called with the number of the round.
        theirs: asks a store the same. Both give plain values that are equal if the answers are.
    """

    name: str
    ours: Callable[[int], object]
    theirs: Callable[[Store, int], object]


def cases(catalogue: Catalogue) -> list[Case]:
    """Every question, in the order of the table."""
    picked = picked_filters(catalogue)
    nothing = [Filters()]
    place = city(catalogue)
    boxes = [Filters(bbox=box) for box in _shifted(place)]
    last = max(0, min(FAR_PAGE * PAGE, catalogue.manifest.kept) - PAGE)
    far = f"page {last // PAGE + 1:,}"
    ids = np.random.default_rng(0).integers(0, catalogue.manifest.samples, (256, PAGE))
    return [
        _facets(catalogue, "facet counts, no filter", nothing),
        _facets(catalogue, "facet counts, facets picked", picked),
        _facets(catalogue, "facet counts, box on the map", boxes),
        _ids(catalogue, "ids of a filter, facets picked", picked),
        _ids(catalogue, "ids of a filter, box on the map", boxes),
        _page(catalogue, "gallery, page 1", nothing, "spread", 0),
        _page(catalogue, f"gallery, {far}", nothing, "spread", last),
        _page(catalogue, "gallery, page 1, facets picked", picked, "spread", 0),
        _page(catalogue, "newest first, page 1", nothing, "newest", 0),
        _page(catalogue, f"newest first, {far}", nothing, "newest", last),
        _rows(catalogue, f"{PAGE} rows by id", [np.unique(row).tolist() for row in ids]),
        _map(catalogue, "map, the world", _WORLD, _WORLD_ZOOM),
        _map(catalogue, "map, a city", place, _CITY_ZOOM),
        Case("stage table", partial(_our_stages, catalogue), _their_stages),
    ]


def _shifted(box: BBox) -> list[BBox]:
    """The box and boxes a little beside it, so that none was asked for before."""
    return [BBox(box.west + i / 1000, box.south, box.east + i / 1000, box.north) for i in range(256)]


def _facets(catalogue: Catalogue, name: str, asked: Sequence[Filters]) -> Case:
    def ours(turn: int) -> object:
        counted = facets(catalogue, Query(filters=asked[turn % len(asked)]))
        return {
            facet: _largest([value.samples for value in counts if value.value != MISSING])
            for facet, counts in counted.items()
        }

    def theirs(store: Store, turn: int) -> object:
        counted = {}
        for facet in FACETS:
            where = _without(asked[turn % len(asked)], facet).where()
            rows = store.rows(
                f"SELECT {facet.sql}, count(*) FROM samples WHERE {where.sql} GROUP BY 1",  # noqa: S608
                where.params,
            )
            counted[facet.name] = _largest([count for value, count in rows if value is not None])
        return counted

    return Case(name, ours, theirs)


def _without(filters: Filters, facet: Facet) -> Filters:
    """The filters less those on one facet: its values are counted as if none were picked."""
    if facet.name == "stage":
        return replace(filters, stage=ANY_STAGE)
    nothing = None if facet.name == "coordinates" else ()
    return replace(filters, **{field_of(facet): nothing})  # type: ignore[arg-type]


def _largest(counts: Sequence[int]) -> list[int]:
    """What both surely list: the app cuts long lists, and lists picked values that nothing has."""
    return sorted((count for count in counts if count), reverse=True)[:100]


def _ids(catalogue: Catalogue, name: str, asked: Sequence[Filters]) -> Case:
    def ours(turn: int) -> object:
        return passing(catalogue, asked[turn % len(asked)]).count

    def theirs(store: Store, turn: int) -> object:
        where = asked[turn % len(asked)].where()
        return len(store.ids(f"SELECT id FROM samples WHERE {where.sql}", where.params))  # noqa: S608

    return Case(name, ours, theirs)


def _page(catalogue: Catalogue, name: str, asked: Sequence[Filters], sort: str, offset: int) -> Case:
    order = {"spread": PLACE, "newest": "taken_at DESC NULLS LAST, id"}[sort]

    def ours(turn: int) -> object:
        query = Query(filters=asked[turn % len(asked)], sort=sort, cursor=str(offset) if offset else None)
        return [hit.id for hit in search(catalogue, query, limit=PAGE).hits]

    def theirs(store: Store, turn: int) -> object:
        where = asked[turn % len(asked)].where()
        sql = f"SELECT * FROM samples WHERE {where.sql} ORDER BY {order} LIMIT {PAGE} OFFSET {offset}"  # noqa: S608
        return [row[0] for row in store.rows(sql, where.params)]

    return Case(name, ours, theirs)


def _rows(catalogue: Catalogue, name: str, asked: Sequence[list[int]]) -> Case:
    def ours(turn: int) -> object:
        return [row["caption"] for row in fetch_rows(catalogue, asked[turn % len(asked)])]

    def theirs(store: Store, turn: int) -> object:
        ids = asked[turn % len(asked)]
        sql = f"SELECT caption, * FROM samples WHERE id IN ({', '.join('?' * len(ids))}) ORDER BY id"  # noqa: S608
        return [row[0] for row in store.rows(sql, ids)]

    return Case(name, ours, theirs)


def _map(catalogue: Catalogue, name: str, box: BBox, zoom: int) -> Case:
    grid = Grid.of_view(box, zoom)
    first, last = grid.box(0), grid.box(grid.cells - 1)
    whole = BBox(first.west, first.south, last.east, last.north)

    def ours(turn: int) -> object:
        answer = map_cells(catalogue, Query(), box, zoom)
        return answer.in_view, len(answer.points) + len(answer.cells), dict(answer.tiers)

    def theirs(store: Store, turn: int) -> object:
        kept = Filters().where()
        placed = kept.both(Where(HAS_POINT, ()))
        view = placed.both(box.where())
        ((in_view,),) = store.rows(f"SELECT count(*) FROM samples WHERE {view.sql}", view.params)  # noqa: S608
        if in_view <= POINTS_DRAWN:
            drawn = _points(view)
        else:
            view = placed.both(whole.where())
            drawn = _cells(view, grid.around)
        tiers = store.rows(
            f"SELECT coalesce(geo_tier, 'none'), count(*) FROM samples WHERE {kept.sql} GROUP BY 1",  # noqa: S608
            kept.params,
        )
        return in_view, len(store.rows(drawn, view.params)), dict(tiers)

    return Case(name, ours, theirs)


def _points(view: Where) -> str:
    return f"SELECT id, latitude, longitude, caption FROM samples WHERE {view.sql} ORDER BY id"  # noqa: S608


def _cells(view: Where, around: int) -> str:
    """Cells of the Mercator square, as `app.query.grid` has them."""
    limit = 85.05112878
    latitude = f"(CASE WHEN abs(latitude) > {limit} THEN sign(latitude) * {limit} ELSE latitude END)"
    return f"""
        SELECT count(*), avg(latitude), avg(longitude), min(id) FROM samples WHERE {view.sql}
        GROUP BY floor((longitude + 180) / 360 * {around}),
                 floor(ln(tan(pi() / 4 + radians({latitude}) / 2)) / (2 * pi()) * {around})
    """  # noqa: S608


def _our_stages(catalogue: Catalogue, turn: int) -> object:
    return sorted(row.read for row in stage_table(catalogue).rows)


def _their_stages(store: Store, turn: int) -> object:
    rows = store.rows(
        """
        SELECT source, subset, samples.stage, reason, count(*)
        FROM samples JOIN ledger USING (id) GROUP BY 1, 2, 3, 4
        """
    )
    read: dict[tuple[object, object], int] = {}
    for source, subset, _, _, count in rows:
        read[source, subset] = read.get((source, subset), 0) + count
    return sorted(read.values())
