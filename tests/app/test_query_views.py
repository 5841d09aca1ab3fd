"""What pages ask besides search: facets, captions, the map, stages, neighbours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.errors import NotFoundError
from app.query import (
    FACETS,
    BBox,
    Filters,
    Query,
    count,
    facets,
    fetch_sample,
    highlight,
    list_captions,
    map_cells,
    neighbours,
    stage_table,
)
from app.query.map import POINTS_DRAWN
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue

WORLD = BBox(-180, -90, 180, 90)


@pytest.mark.parametrize(
    "query",
    [Query(), Query(filters=Filters(source=("FMoW",), class_=("river", "harbour"), month=("2",)))],
)
def test_a_facet_count_is_what_picking_the_value_gives(catalogue: Catalogue, query: Query) -> None:
    for facet in FACETS:
        alone = query.filters.to_params()
        others = [(name, value) for name, value in alone if name != facet.name]
        for value, number, selected in facets(catalogue, query)[facet.name]:
            picked = Query.from_params([*others, (facet.name, value)])
            assert count(catalogue, picked.filters) == number, (facet.name, value)
            assert selected == ((facet.name, value) in alone)


def test_a_picked_value_that_matches_nothing_stays_to_be_unpicked(catalogue: Catalogue) -> None:
    found = list(facets(catalogue, Query(filters=Filters(class_=("moon",))))["class"])

    assert ("moon", 0, True) in found


def test_many_values_are_cut_and_said(tmp_path: Path) -> None:
    rows = [{"class": f"kind {number:03d}"} for number in range(250)]
    with make_catalogue(tmp_path / "kinds", rows) as kinds:
        found = facets(kinds, Query(filters=Filters(class_=("kind 249",))))["class"]

    assert (len(list(found)), found.more) == (200, 50)
    assert ("kind 249", 1, True) in list(found)


def test_months_are_in_order_and_missing_ones_last(catalogue: Catalogue) -> None:
    months = [value for value, _, _ in facets(catalogue, Query())["month"]]

    assert months == [*map(str, range(1, 13)), "(none)"]


def test_captions_mark_the_words_and_escape_the_rest(catalogue: Catalogue) -> None:
    found = list_captions(catalogue, Query(q="evil"))

    assert [hit.id for hit in found.answer.hits] == [63]
    assert found.texts == [
        "=HYPERLINK(&#34;http://<mark>evil</mark>&#34;) &lt;script&gt;alert(1)&lt;/script&gt; airport"
    ]


def test_captions_follow_pages(catalogue: Catalogue) -> None:
    first = list_captions(catalogue, Query(q="picture", k=40))
    second = list_captions(catalogue, Query(q="picture", k=40, cursor=first.answer.next_cursor))

    assert len({hit.id for found in (first, second) for hit in found.answer.hits}) == 60


@pytest.mark.parametrize(
    ("words", "caption", "marked"),
    [
        ("airports", "Airport, é airport", "<mark>Airport</mark>, é <mark>airport</mark>"),
        ("", "<b>", "&lt;b&gt;"),
        ("none", "a & b", "a &amp; b"),
    ],
)
def test_highlighting(catalogue: Catalogue, words: str, caption: str, marked: str) -> None:
    assert highlight(catalogue, words, caption) == marked


def test_few_points_are_drawn_themselves(catalogue: Catalogue) -> None:
    answer = map_cells(catalogue, Query(), WORLD, 2)

    assert [point.id for point in answer.points] == list(range(0, 60, 2))
    assert (answer.cells, answer.in_view) == ([], 30)
    assert answer.tiers == {"none": 32, "point": 30}


def test_a_viewport_over_the_antimeridian_shows_both_sides(catalogue: Catalogue) -> None:
    answer = map_cells(catalogue, Query(), BBox.parse("160,-80,200,80"), 3)

    assert {point.longitude for point in answer.points} == {-177.0, -165.0, 171.0}
    assert answer.in_view == 3


@pytest.fixture(scope="module")
def globe(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    random = np.random.default_rng(3)
    rows = [
        {"latitude": float(latitude), "longitude": float(longitude)}
        for latitude, longitude in zip(
            random.uniform(-90, 90, 3000), random.uniform(-180, 180, 3000), strict=True
        )
    ]
    rows += [{"latitude": 90.0, "longitude": 180.0}, {"latitude": -90.0, "longitude": -180.0}]
    rows += [{"geo_tier": "zone", "utm_zone": 34, "utm_hemisphere": "N"}] * 5
    return make_catalogue(tmp_path_factory.mktemp("globe") / "catalogue", rows)


@pytest.mark.parametrize("zoom", [0, 1, 3, 6])
def test_many_points_become_cells_that_add_up(globe: Catalogue, zoom: int) -> None:
    answer = map_cells(globe, Query(), WORLD, zoom)

    assert answer.points == []
    assert sum(cell.count for cell in answer.cells) == answer.in_view == 3002 > POINTS_DRAWN
    assert all(abs(cell.latitude) <= 90 and abs(cell.longitude) <= 180 for cell in answer.cells)


def test_cells_get_finer_with_the_zoom(globe: Catalogue) -> None:
    cells = [len(map_cells(globe, Query(), WORLD, zoom).cells) for zoom in (0, 1, 2)]

    assert cells[0] < cells[1] < cells[2]
    assert cells[0] <= 6 * 6


def test_a_viewport_larger_than_a_screen_gets_larger_cells(globe: Catalogue) -> None:
    near = map_cells(globe, Query(), WORLD, 20)

    assert sum(cell.count for cell in near.cells) == near.in_view
    assert near.cells == map_cells(globe, Query(), WORLD, 12).cells


def test_cells_lie_where_they_are_whatever_the_viewport_begins_at(globe: Catalogue) -> None:
    across = map_cells(globe, Query(), BBox(0.5, -80, 0.4, 80), 2)
    plain = map_cells(globe, Query(), BBox(-180, -80, 180, 80), 2)

    assert across.cells == plain.cells


def test_a_cell_is_drawn_at_the_mean_of_its_samples(globe: Catalogue) -> None:
    answer = map_cells(globe, Query(), WORLD, 0)

    middle = sum(cell.latitude * cell.count for cell in answer.cells) / answer.in_view
    latitudes = [row[0] for row in globe.connect().execute("SELECT latitude FROM samples").fetchall()]
    assert middle == pytest.approx(np.mean([value for value in latitudes if value is not None]))


def test_samples_known_by_zone_are_a_strip_and_no_point(globe: Catalogue) -> None:
    answer = map_cells(globe, Query(), WORLD, 0)

    assert [(zone.zone, zone.hemisphere, zone.count, zone.west, zone.east) for zone in answer.zones] == [
        (34, "N", 5, 18.0, 24.0)
    ]
    assert answer.tiers == {"point": 3002, "zone": 5}


def test_a_ranking_maps_its_best_results(catalogue: Catalogue) -> None:
    answer = map_cells(catalogue, Query(like=(0,), k=9), WORLD, 2)

    assert answer.ranked == 9
    assert sum(answer.tiers.values()) == 9


def test_stages_balance(catalogue: Catalogue) -> None:
    table = stage_table(catalogue)

    for row in (*table.rows, table.total):
        assert row.read == row.kept + sum(row.removed.values())
    assert table.total.read == sum(row.read for row in table.rows) == catalogue.manifest.samples
    assert table.total.kept == catalogue.manifest.kept
    assert [(part.stage, part.reason, part.samples) for part in table.reasons] == [
        ("duplicate", "near_duplicate", 1),
        ("keyword", "keyword", 1),
    ]


def test_neighbours_are_the_nearest_kept_samples(catalogue: Catalogue) -> None:
    answer = neighbours(catalogue, 60, k=5)

    assert len(answer.hits) == 5
    assert {hit.row["stage"] for hit in answer.hits} == {"kept"}
    assert {hit.row["class"] for hit in answer.hits} == {"airport"}


def test_a_sample_comes_with_its_ledger_and_place(catalogue: Catalogue) -> None:
    removed, kept = fetch_sample(catalogue, 60), fetch_sample(catalogue, 5)

    assert (removed.ledger["stage"], removed.ledger["keeper"]) == ("duplicate", 0)
    assert kept.ledger["stage"] == "kept"
    assert kept.file is not None and kept.file.endswith("pictures.tar")
    with pytest.raises(NotFoundError, match="ids 0 to 63"):
        fetch_sample(catalogue, 64)
