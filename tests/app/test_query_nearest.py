"""The planner over inverted lists, held against exact search."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app.query.nearest as planner
from app.query import Filters, Query, search
from app.query.nearest import nearest
from app.query.passing import Passing, passing_vectors
from indexer.catalogue import Catalogue
from tests.listed import clustered, make_listed_catalogue, near

COUNT = 12_000
COPIES = 40


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """12,000 samples in clusters; classes follow the clusters, sources do not; the last are near-copies."""
    vectors = clustered(COUNT)
    noise = np.random.default_rng(3).standard_normal((COPIES, vectors.shape[1])) * 0.01
    vectors[-COPIES:] = vectors[:COPIES] + noise
    centres = clustered(20, seed=9)
    label = np.argmax(vectors @ centres.T, axis=1)
    rows = [
        {"caption": "x", "class": f"class {label[row]}", "source": f"source {row % 7}"}
        for row in range(COUNT)
    ]
    with make_listed_catalogue(tmp_path_factory.mktemp("listed") / "c", rows, vectors) as made:
        yield made


@pytest.fixture(autouse=True)
def few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "EXACT_ROWS", 200)


def recall(catalogue: Catalogue, passing: Passing, queries: np.ndarray, places: int) -> float:
    found = 0
    for query in queries:
        ids = passing.ids()
        scores = np.asarray(catalogue.vectors, np.float32)[ids] @ query
        true = ids[np.argsort(-scores, kind="stable")[:places]]
        found += np.isin(true, nearest(catalogue, query, passing, places).ids).sum()
    return found / (len(queries) * min(places, passing.count))


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(source=("source 3",)),
        Filters(class_=("class 4",)),
        Filters(class_=("class 1", "class 2"), source=("source 1", "source 5")),
    ],
)
def test_recall_holds_whether_or_not_the_filter_has_to_do_with_the_query(
    listed: Catalogue, filters: Filters
) -> None:
    passing = passing_vectors(listed, filters)

    assert recall(listed, passing, near(listed.vectors, 60, seed=11), 10) >= 0.97


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**16),
    share=st.sampled_from([0.0005, 0.01, 0.03, 0.2, 0.7]),
    places=st.integers(1, 900),
)
def test_as_many_come_back_as_are_asked_for_or_pass(
    listed: Catalogue, seed: int, share: float, places: int
) -> None:
    random = np.random.default_rng(seed)
    passing = Passing.of_mask(random.random(COUNT) < share)

    found = nearest(listed, clustered(1, seed=seed)[0], passing, places)

    assert len(found.ids) == len(set(found.ids)) == min(places, passing.count)
    assert passing.contains(found.ids).all()
    assert np.all(np.diff(found.scores) <= 0)


def test_few_passing_samples_are_all_compared(listed: Catalogue) -> None:
    passing = Passing.of_ids(COUNT, np.arange(0, COUNT, 100))

    found = nearest(listed, clustered(1, seed=4)[0], passing, 500)

    assert (found.how.way, found.how.rescored, len(found.ids)) == ("compared", 120, 120)
    assert found.how.exact


def test_lists_without_a_passing_sample_are_left_out(listed: Catalogue) -> None:
    passing = passing_vectors(listed, Filters(class_=("class 4",)))

    how = nearest(listed, clustered(1, seed=4)[0], passing, 10).how

    assert how.way == "lists"
    assert how.lists <= how.of_lists < listed.index.lists


def test_pages_are_stretches_of_one_ranking(listed: Catalogue) -> None:
    query = Query(like=(7,), k=50)
    pages = [search(listed, query.after(str(offset))) for offset in (0, 50, 100, 150)]
    together = search(listed, Query(like=(7,), k=200))

    assert [hit.id for page in pages for hit in page.hits] == [hit.id for hit in together.hits]
    assert together.method == "approximate"
    assert pages[0].next_cursor == "50"


def test_places_beyond_every_depth_are_found_by_comparing_all(
    listed: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "_DEPTHS", (250,))
    query = clustered(1, seed=2)[0]
    passing = passing_vectors(listed, Filters())

    found = nearest(listed, query, passing, 1_000)

    scores = np.asarray(listed.vectors, np.float32) @ query
    assert found.how.exact
    assert set(found.ids) == set(np.argsort(-scores, kind="stable")[:1_000])


def test_a_least_score_cuts_the_ranking(listed: Catalogue) -> None:
    everything = search(listed, Query(like=(7,), k=100))
    least = everything.hits[30].score
    assert least is not None

    cut = search(listed, Query(like=(7,), k=100, min_score=least))

    assert [hit.id for hit in cut.hits] == [hit.id for hit in everything.hits if (hit.score or 0) >= least]
    assert (cut.found, cut.next_cursor, cut.at_least) == (len(cut.hits), None, False)


def test_a_page_that_a_least_score_does_not_cut_says_that_there_is_more(listed: Catalogue) -> None:
    answer = search(listed, Query(like=(7,), k=10, min_score=-1.0))

    assert (len(answer.hits), answer.next_cursor, answer.at_least) == (10, "10", True)


def test_of_several_samples_the_mean_is_looked_for_and_they_are_left_out(listed: Catalogue) -> None:
    few = (3, 4, 5)
    mean = np.asarray(listed.vectors[list(few)], np.float32).sum(axis=0)
    mean /= np.linalg.norm(mean)
    scores = np.asarray(listed.vectors, np.float32) @ mean
    scores[list(few)] = -2

    answer = search(listed, Query(like=few, k=5))

    assert [hit.id for hit in answer.hits] == np.argsort(-scores, kind="stable")[:5].tolist()
    assert answer.found == COUNT - 3


def test_near_duplicates_are_one_place_each_with_what_is_alike(listed: Catalogue) -> None:
    copied, copy = 0, COUNT - COPIES
    query = Query(like=(200,), k=1_000)
    apart = {hit.id for hit in search(listed, query).hits}

    answer = search(listed, query.with_(group=True, filters=Filters(class_=_class_of(listed, copied))))

    members = {hit.id: set(hit.alike) for hit in answer.hits}
    assert any({copied, copy} <= {leader} | alike for leader, alike in members.items())
    assert not {copied, copy} <= set(members)
    assert apart


def test_pages_of_groups_do_not_overlap(listed: Catalogue) -> None:
    query = Query(like=(0,), group=True, k=20)
    first, second = search(listed, query), search(listed, query.after("20"))

    shown = [{hit.id, *hit.alike} for hit in (*first.hits, *second.hits)]
    assert len(set.union(*shown)) == sum(map(len, shown))
    assert COUNT - COPIES in {0} | {id_ for group in shown for id_ in group}


def _class_of(catalogue: Catalogue, id_: int) -> tuple[str, ...]:
    row = catalogue.connect().execute('SELECT "class" FROM samples WHERE id = ?', [id_]).fetchone()
    assert row is not None
    return (row[0],)
