"""The map's grid: every point in one cell, cells that stay while the map moves, boxes that hold them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query import BBox, Query, count, map_cells
from app.query.closeness import DRAWN, mean_cosines
from app.query.grid import Grid
from app.query.map import POINTS_DRAWN, similarity_scale
from indexer.catalogue import Catalogue
from indexer.catalogue.places import Points
from indexer.errors import UserError
from tests.catalogues import make_catalogue

WORLD = BBox(-180, -90, 180, 90)
PLACES = st.lists(
    st.tuples(
        st.floats(-90, 90).map(lambda value: round(value, 6)),
        st.floats(-180, 180).map(lambda value: round(value, 6)),
    ),
    min_size=1,
    max_size=60,
)
VIEWS = st.tuples(st.floats(-180, 180), st.floats(-85, 80), st.floats(0.01, 359), st.floats(0.01, 60)).map(
    lambda v: BBox.parse(f"{v[0]},{v[1]},{v[0] + v[2]},{v[1] + v[3]}")
)


def points(places: list[tuple[float, float]]) -> Points:
    latitude, longitude = np.array(places, np.float64).T
    return Points(np.arange(len(places), dtype=np.int32), latitude, longitude)


@given(PLACES, VIEWS, st.integers(0, 20))
def test_all_that_lies_in_the_view_lies_in_a_cell(
    places: list[tuple[float, float]], view: BBox, zoom: int
) -> None:
    there = points(places)
    grid = Grid.of_view(view, zoom)
    numbers = grid.numbers(there)

    assert (numbers[view.holds(there.latitude, there.longitude)] >= 0).all()
    assert numbers.max() < grid.cells <= 41 * 41


@given(PLACES, VIEWS, st.integers(0, 20))
def test_the_box_of_a_cell_holds_its_points_and_no_others(
    places: list[tuple[float, float]], view: BBox, zoom: int
) -> None:
    there = points(places)
    grid = Grid.of_view(view, zoom)
    numbers = grid.numbers(there)

    for number in set(numbers.tolist()) - {-1}:
        box = BBox.parse(str(grid.box(number)))
        assert (box.holds(there.latitude, there.longitude) == (numbers == number)).all()


@given(st.integers(2, 12), st.floats(-170, 170), st.floats(-70, 70))
def test_cells_stay_where_they_are_while_the_map_moves(zoom: int, longitude: float, latitude: float) -> None:
    width = 600 / 2**zoom
    one = Grid.of_view(BBox.parse(f"{longitude},{latitude},{longitude + width},{latitude + width / 3}"), zoom)
    other = Grid.of_view(
        BBox.parse(f"{longitude + width / 5},{latitude},{longitude + width * 1.2},{latitude + width / 3}"),
        zoom,
    )

    assert one.around == other.around


def test_neighbouring_cells_meet_without_a_gap() -> None:
    grid = Grid.of_view(WORLD, 3)
    row = [grid.box(number) for number in range(grid.columns)]

    assert (row[0].west, row[-1].east) == (-180.0, 180.0)
    for left, right in pairwise(row):
        assert right.west - left.east == pytest.approx(1e-6, abs=1e-9)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Twice as many samples as points are drawn, in two crowds that look different, and a lone one."""
    random = np.random.default_rng(2)
    rows = [
        {"latitude": float(latitude), "longitude": float(longitude), "caption": "x" * 500}
        for centre in ((10.0, 20.0), (-30.0, -100.0))
        for latitude, longitude in random.normal(centre, 2, (POINTS_DRAWN, 2)).round(6)
    ]
    rows.append({"latitude": 60.0, "longitude": 179.9})
    vectors = np.zeros((len(rows), 4))
    vectors[:POINTS_DRAWN, 0], vectors[POINTS_DRAWN:, 1] = 1, 1
    vectors[-1] = 0
    rows[-1]["has_vector"] = False
    return make_catalogue(tmp_path_factory.mktemp("crowd") / "catalogue", rows, vectors)


def test_the_link_of_a_cell_leads_to_as_many_samples_as_it_says(crowd: Catalogue) -> None:
    answer = map_cells(crowd, Query(), WORLD, 4)

    assert sum(cell.count for cell in answer.cells) == 2 * POINTS_DRAWN + 1
    for cell in answer.cells:
        assert count(crowd, Query.from_params([("bbox", cell.box)]).filters) == cell.count


def test_similarity_colours_every_sample_by_the_mean_of_its_cell(crowd: Catalogue) -> None:
    answer = map_cells(crowd, Query(like=(0,), colour="similarity"), WORLD, 2)

    assert answer.ranked is None
    assert answer.in_view == 2 * POINTS_DRAWN + 1
    near = {cell.cosine for cell in answer.cells if cell.longitude > 0 and cell.latitude < 50}
    far = {cell.cosine for cell in answer.cells if cell.longitude < 0}
    alone = {cell.cosine for cell in answer.cells if cell.latitude > 50}
    assert (near, far, alone) == ({1.0}, {0.0}, {None})
    assert similarity_scale(crowd, Query(like=(0,)), None) == (0.0, 1.0)


def test_similarity_of_few_points_is_each_one_s_own(crowd: Catalogue) -> None:
    answer = map_cells(crowd, Query(like=(0,), colour="similarity"), BBox(10, 0, 20, 20), 4)

    assert answer.points
    assert {point.cosine for point in answer.points} == {1.0}
    assert max(len(point.caption or "") for point in answer.points) == 160


def test_similarity_to_nothing_is_refused(crowd: Catalogue) -> None:
    with pytest.raises(UserError, match="needs a query that ranks by cosine"):
        map_cells(crowd, Query(colour="similarity"), WORLD, 2)


def test_a_full_cell_is_judged_by_some_and_a_small_one_by_all() -> None:
    random = np.random.default_rng(4)
    vectors = random.normal(size=(200_000, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cells = np.where(np.arange(len(vectors)) < 199_990, 0, 1).astype(np.int32)
    read: list[int] = []

    class Read:
        def __getitem__(self, ids: np.ndarray) -> np.ndarray:
            read.append(len(ids))
            return vectors[ids]

    class Held:
        vectors = Read()

    vector = vectors[:50_000].mean(axis=0)
    vector /= np.linalg.norm(vector)
    ids = np.arange(len(vectors), dtype=np.int32)
    means = mean_cosines(Held(), vector, ids, cells, np.bincount(cells))  # type: ignore[arg-type]

    exact = [float((vectors[cells == cell] @ vector).mean()) for cell in (0, 1)]
    assert means[0] == pytest.approx(exact[0], abs=4 * 0.36 / DRAWN**0.5 * 2**0.5)
    assert means[1] == pytest.approx(exact[1], abs=1e-6)
    assert sum(read) <= 1.1 * DRAWN
