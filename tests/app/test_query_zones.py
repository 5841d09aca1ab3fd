"""Samples by UTM zone, held against plain SQL; the grid's own geometry against the utm package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import utm
from hypothesis import given
from hypothesis import strategies as st

from app.query import Filters, Query, count
from app.query.geo import Zone
from app.query.geo.utm_grid import cell_edges, grid_cells, half_edges
from app.query.geo.zone import BANDS
from app.query.longtail import BYS, By, long_tail
from app.query.zones import Reading, zone_counts
from indexer.build import BuildOptions, build
from indexer.catalogue import Catalogue
from indexer.sources import SourceOptions, find_shards
from tests.indexer.build.world import ColourEncoder
from tests.zoned import CLASSES, make_zoned_catalogue


def some(values: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from([*values]), max_size=3).map(lambda found: tuple(sorted(found)))


def thousandth(number: int) -> float:
    return number / 1000


zones = st.builds(Zone, st.integers(28, 34), st.sampled_from([None, "N", "S"]), st.none())
filters = st.builds(
    Filters,
    source=some(["FMoW", "BigEarthNet", "MillionAID"]),
    class_=some([*CLASSES, "(none)"]),
    stage=st.sampled_from(["kept", "any", "duplicate"]),
    zone=st.sets(zones, max_size=3).map(lambda found: tuple(sorted(found, key=str))),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with make_zoned_catalogue(tmp_path_factory.mktemp("zones") / "catalogue") as made:
        yield made


def by_sql(world: Catalogue, asked: Filters) -> dict[tuple[int, str | None, str | None], int]:
    where = Filters(source=asked.source, class_=asked.class_, stage=asked.stage).where()
    quoted = {"N": "'N'", "S": "'S'", None: "'N', 'S'"}
    zones = [
        f"(utm_zone = {zone.number} AND utm_hemisphere IN ({quoted[zone.hemisphere]}))" for zone in asked.zone
    ]
    rows = world.connect().execute(
        f"""
        SELECT utm_zone, utm_band, utm_hemisphere, count(*) FROM samples
        WHERE utm_zone IS NOT NULL AND {where.sql} AND ({" OR ".join(zones) or "TRUE"}) GROUP BY ALL
        """,  # noqa: S608
        where.params,
    )
    return {(zone, band, hemisphere): number for zone, band, hemisphere, number in rows.fetchall()}


@given(asked=filters)
def test_counts_are_those_of_sql(world: Catalogue, asked: Filters) -> None:
    counts = zone_counts(world, asked)
    expected = by_sql(world, asked)

    found = {
        (
            part.zone.number,
            band,
            ("N" if band >= "N" else "S") if band else part.zone.hemisphere,
        ): part.samples
        for part in counts.parts
        for band in [None if part.zone.band == "none" else part.zone.band]
    }
    assert found == expected
    assert counts.matching == count(world, asked)
    assert counts.located + counts.without == counts.matching


@given(asked=filters, reading=st.sampled_from(["hemisphere", "upstream"]), by=st.sampled_from(BYS))
def test_a_group_s_address_leads_to_as_many_samples(
    world: Catalogue, asked: Filters, reading: Reading, by: By
) -> None:
    tail = long_tail(world, asked, by, reading)

    for group in tail.groups[:3] + tail.groups[-3:]:
        address = tail.url(Query(filters=asked), group)
        asked_again = Query(filters=asked).with_(**_picked(by, group.values))
        assert asked_again.url("/") == address
        assert count(world, asked_again.filters) == group.samples
    assert sum(group.samples for group in tail.groups) == tail.grouped
    assert tail.grouped + tail.without == count(world, asked)


def _picked(by: By, values: tuple[str, ...]) -> dict[str, object]:
    if by == "zone":
        return {"zone": tuple(map(Zone.parse, values))}
    return {"class_" if by == "class" else by: values}


def test_the_largest_groups_hold_half(world: Catalogue) -> None:
    tail = long_tail(world, Filters(), "class")

    assert [group.samples for group in tail.groups] == sorted(
        (group.samples for group in tail.groups), reverse=True
    )
    assert 2 * tail.reached[tail.half - 1] >= tail.grouped
    assert 2 * (tail.reached[tail.half - 2] if tail.half > 1 else 0) < tail.grouped
    assert long_tail(world, Filters(source=("nobody",)), "class").half == 0


def test_upstream_takes_hemispheres_for_bands(world: Catalogue) -> None:
    ours, theirs = zone_counts(world, Filters()), zone_counts(world, Filters(), "upstream")

    halves = sum(part.samples for part in ours.halves)
    assert halves == sum(ours.half_sources.values()) > 0
    assert set(ours.half_sources) == {"BigEarthNet", "Elsewhere"}
    assert theirs.halves == []
    assert theirs.located == ours.located
    of_band = {part.zone: part.samples for part in ours.cells}
    for part in ours.halves:
        cell = Zone(part.zone.number, None, part.zone.hemisphere)
        (drawn,) = (other for other in theirs.cells if other.zone == cell)
        assert drawn.samples == part.samples + of_band.get(cell, 0)


def test_cells_that_do_not_exist_are_told_apart(world: Catalogue) -> None:
    counts = zone_counts(world, Filters(stage="any"))

    assert {str(part.zone) for part in counts.elsewhere} == {"32-X", "34-X"}
    assert {"31-X", "37-X"} <= {str(part.zone) for part in counts.cells}


@given(st.integers(-80_000, 83_999).map(thousandth), st.integers(-180_000, 179_999).map(thousandth))
def test_the_grid_is_that_of_the_utm_package(latitude: float, longitude: float) -> None:
    zone, band = utm.latlon_to_zone_number(latitude, longitude), utm.latitude_to_zone_letter(latitude)

    edges = cell_edges(zone, band)
    assert edges is not None
    assert edges.west <= longitude < edges.east
    assert edges.south <= latitude < edges.north
    half = half_edges(zone, "N" if latitude >= 0 else "S")
    assert half.south <= latitude <= half.north


def test_cells_cover_the_map_once() -> None:
    area = sum((cell.east - cell.west) * (cell.north - cell.south) for cell in grid_cells())

    assert area == 360 * 164
    assert len(list(grid_cells())) == 60 * len(BANDS) - 3


def test_bigearthnet_stands_where_it_belongs(realdata: Path, tmp_path: Path) -> None:
    paths, sources = [str(realdata / "rs5m" / "rs3_dump.csv")], SourceOptions()
    shards = find_shards(paths, sources)
    with build(shards, ColourEncoder(), tmp_path / "out", BuildOptions(sources=sources), paths=paths) as made:
        counts = zone_counts(made, Filters())

        assert counts.half_sources == {"BigEarthNet": 1724}
        assert {part.zone.hemisphere for part in counts.halves} == {"N"}
        assert {part.zone.number for part in counts.halves} <= set(range(29, 36))
        assert counts.located == 1724 + 3469
        assert counts.elsewhere == []
