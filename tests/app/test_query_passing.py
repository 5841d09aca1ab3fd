"""Filters as bitmaps: the same samples as the same filters in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.lru import LRU
from app.query import BBox, Filters, Passing, Query, count, facets, passing, passing_vectors
from app.query.passing import cell_counts, in_cells
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue

SOURCES = ("FMoW", "LAION2B", "(none)", "Atlantis")
CLASSES = ("port", "lake", "(none)")
MONTHS = ("1", "7", "12", "(none)")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """300 samples with every combination of a few values, missing ones and one spelt `(none)` included."""
    random = np.random.default_rng(3)

    def one_of(*values: object) -> object:
        return values[random.integers(len(values))]

    rows = [
        {
            "source": one_of("FMoW", "LAION2B", None),
            "subset": one_of("RS3", "PUB11"),
            "class": one_of("port", "lake", None, "(none)"),
            "country": one_of("Chad", None),
            "month": one_of(1, 7, 12, None),
            "caption_origin": one_of("web", "model"),
            "stage": one_of("kept", "kept", "duplicate"),
            "has_vector": one_of(True, True, False),
            "latitude": one_of(None, *random.uniform(-90, 90, 3)),
            "longitude": one_of(None, -180.0, 180.0, *random.uniform(-180, 180, 3)),
        }
        for _ in range(300)
    ]
    vectors = np.where([[row["has_vector"]] for row in rows], random.normal(size=(300, 8)), 0)
    with make_catalogue(tmp_path_factory.mktemp("passing") / "world", rows, vectors) as catalogue:
        yield catalogue


def subsets(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(
        lambda picked: tuple(sorted(picked))
    )


boxes = st.builds(
    lambda west, east, south, height: BBox(west, south, east, min(90.0, south + height)),
    st.floats(-180, 180),
    st.floats(-180, 180),
    st.floats(-90, 89),
    st.floats(1, 180),
)
filters = st.builds(
    Filters,
    subset=subsets("RS3", "PUB11"),
    source=subsets(*SOURCES),
    class_=subsets(*CLASSES),
    country=subsets("Chad", "(none)"),
    month=subsets(*MONTHS),
    coordinates=st.sampled_from((None, "yes", "no")),
    origin=subsets("web", "model"),
    stage=st.sampled_from(("kept", "duplicate", "any", "unheard of")),
    bbox=st.none() | boxes,
)
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(asked=filters)
def test_bitmap_cube_and_sql_agree_on_any_filters(world: Catalogue, asked: Filters) -> None:
    where = asked.where()
    sql = f"SELECT id, has_vector FROM samples WHERE {where.sql} ORDER BY id"  # noqa: S608
    expected = world.connect().execute(sql, where.params).fetchall()

    assert passing(world, asked).ids().tolist() == [id_ for id_, _ in expected]
    assert passing_vectors(world, asked).ids().tolist() == [id_ for id_, has in expected if has]
    assert passing(world, asked).count == count(world, asked) == len(expected)
    counted = np.where(in_cells(world, asked), cell_counts(world, asked), 0)
    assert counted.sum() == len(expected)


@many
@given(asked=filters)
def test_a_facet_counts_what_picking_one_value_alone_gives(world: Catalogue, asked: Filters) -> None:
    query = Query(filters=asked)
    for name, counted in facets(world, query).items():
        for value, number, _ in counted:
            field = "class_" if name == "class" else name
            alone = query.with_(**{field: value if name in ("stage", "coordinates") else (value,)})
            assert number == count(world, alone.filters), (name, value)


@given(samples=st.integers(0, 200), data=st.data())
def test_a_bitmap_is_the_set_of_its_ids(samples: int, data: st.DataObject) -> None:
    numbers = st.sets(st.integers(0, max(samples - 1, 0))) if samples else st.just(set())
    one, other = data.draw(numbers), data.draw(numbers)
    first, second = (Passing.of_ids(samples, np.array(sorted(ids), np.int64)) for ids in (one, other))

    assert first.count == len(one)
    assert first.ids().tolist() == sorted(one)
    assert first.contains(np.arange(samples)).tolist() == [id_ in one for id_ in range(samples)]
    assert (first & second).ids().tolist() == sorted(one & other)
    assert len(first.bitmap) == -(-samples // 8)


def test_few_bits_among_many_are_found(tmp_path: Path) -> None:
    few = Passing.of_ids(100_000, np.array([99_999, 0, 7, 8, 65_536]))

    assert few.ids().tolist() == [0, 7, 8, 65_536, 99_999]


def test_a_bitmap_is_faiss_s() -> None:
    faiss = pytest.importorskip("faiss")
    selector = faiss.IDSelectorBitmap(Passing.of_ids(20, np.array([0, 9, 19])).bitmap)

    assert [id_ for id_ in range(20) if selector.is_member(id_)] == [0, 9, 19]


def test_a_bitmap_is_made_once_for_all_who_ask_at_once() -> None:
    cache: LRU[str, int] = LRU(8)
    together = Barrier(8)
    made = []

    def make() -> int:
        sleep(0.02)
        made.append(1)
        return len(made)

    def ask(_: int) -> int:
        together.wait()
        return cache.computed("filters", make)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [1] * 8
    assert cache.computed("filters", make) == 1


def test_what_cannot_be_made_is_tried_again() -> None:
    cache: LRU[str, int] = LRU(8)

    def fail() -> int:
        raise ValueError

    with pytest.raises(ValueError):
        cache.computed("filters", fail)
    assert cache.computed("filters", lambda: 3) == 3
