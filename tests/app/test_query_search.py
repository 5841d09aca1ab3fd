from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.encoding import QueryEncoder
from app.errors import NotFoundError, UnavailableError
from app.query import BBox, Filters, Query, loosen, mode_of, search
from app.query.nearest import nearest
from app.query.passing import Passing
from app.query_images import AppVectors, QueryImages
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from tests.app.conftest import CLASSES, EACH
from tests.catalogues import make_catalogue


@pytest.fixture(scope="module")
def vectors(catalogue: Catalogue) -> AppVectors:
    return AppVectors(QueryEncoder(catalogue), QueryImages(4))


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """400 samples of which each five share one vector: ties at every place."""
    folder = tmp_path_factory.mktemp("crowd") / "catalogue"
    distinct = np.random.default_rng(1).standard_normal((80, 24))
    with make_catalogue(folder, [{"caption": "x"} for _ in range(400)], np.tile(distinct, (5, 1))) as made:
        yield made


def exact_ranking(catalogue: Catalogue, vector: np.ndarray, ids: np.ndarray) -> list[int]:
    scores = np.round(np.asarray(catalogue.vectors, np.float64)[ids] @ vector, 6)
    return ids[np.lexsort((ids, -scores))].tolist()


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**16), share=st.floats(0.003, 1), places=st.integers(1, 450))
def test_nearest_is_the_exact_ranking_of_what_passes(
    crowd: Catalogue, seed: int, share: float, places: int
) -> None:
    random = np.random.default_rng(seed)
    vector = random.standard_normal(24).astype(np.float32)
    vector /= np.linalg.norm(vector)
    ids = np.flatnonzero(random.random(400) < share).astype(np.int64)

    found = nearest(crowd, vector, Passing.of_ids(400, ids), places)

    assert found.ids.tolist() == exact_ranking(crowd, vector, ids)[:places]
    assert np.all(np.diff(found.scores) <= 0)
    assert found.how.exact


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_is_found_by_its_name(catalogue: Catalogue, vectors: AppVectors, name: str) -> None:
    answer = search(catalogue, Query(q=f"a satellite image of a {name}", k=EACH), vectors)

    assert [hit.row["class"] for hit in answer.hits] == [name] * EACH
    assert (answer.kind, answer.method) == ("meaning", "exact")
    assert answer.hits[0].score == pytest.approx(1, abs=0.05)


def test_filters_come_first_so_k_results_come_back_whenever_k_pass(
    catalogue: Catalogue, vectors: AppVectors
) -> None:
    rare = Filters(class_=("desert",), country=("Chad",))

    answer = search(catalogue, Query(q="airport", k=4, filters=rare), vectors)

    assert (len(answer.hits), answer.matching, answer.total) == (3, 3, catalogue.manifest.kept)
    assert {hit.row["class"] for hit in answer.hits} == {"desert"}


def test_a_sample_without_a_vector_is_never_ranked_by_meaning(
    catalogue: Catalogue, vectors: AppVectors
) -> None:
    answer = search(catalogue, Query(q="airport", k=1000), vectors)

    assert answer.found == len(answer.hits) == 60
    assert answer.matching == 62


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(sort="longest"),
        Query(sort="oldest"),
        Query(sort="id", filters=Filters(source=("FMoW",))),
        Query(q="aerial photograph", mode="caption"),
        Query(q="aerial photograph", mode="caption", sort="shortest"),
        Query(q="harbour"),
        Query(like=(3,)),
    ],
)
def test_pages_follow_one_another_without_gap_or_repeat(
    catalogue: Catalogue, vectors: AppVectors, query: Query
) -> None:
    whole = search(catalogue, query.with_(k=1000), vectors)
    paged, page = [], query.with_(k=7)
    while True:
        answer = search(catalogue, page, vectors)
        paged += answer.hits
        if answer.next_cursor is None:
            break
        page = page.after(answer.next_cursor)

    assert [(hit.rank, hit.id, hit.score) for hit in paged] == [
        (hit.rank, hit.id, hit.score) for hit in whole.hits
    ]
    assert [hit.rank for hit in paged] == list(range(1, whole.found + 1))


def test_sorts_put_captions_in_order(catalogue: Catalogue) -> None:
    longest = search(catalogue, Query(sort="longest", k=1000))
    shortest = search(catalogue, Query(sort="shortest", q="picture", mode="caption", k=1000))

    lengths = [hit.row["caption_chars"] for hit in longest.hits]
    assert lengths == sorted(lengths, reverse=True)
    lengths = [hit.row["caption_chars"] for hit in shortest.hits]
    assert lengths == sorted(lengths)
    assert shortest.found == 60


def test_words_find_captions_that_hold_them_all(catalogue: Catalogue) -> None:
    answer = search(catalogue, Query(q="airport picture", mode="caption", k=100))

    assert answer.kind == "words"
    assert sorted(hit.id for hit in answer.hits) == list(range(0, 60, 6))


def test_like_finds_the_same_class_and_not_the_sample_itself(catalogue: Catalogue) -> None:
    answer = search(catalogue, Query(like=(2,), k=EACH - 1))

    assert {hit.row["class"] for hit in answer.hits} == {CLASSES[2]}
    assert 2 not in [hit.id for hit in answer.hits]


def test_like_a_caption_without_picture_goes_by_its_words(catalogue: Catalogue) -> None:
    answer = search(catalogue, Query(like=(62,), k=5))

    assert answer.kind == "likeness"
    assert {hit.row["class"] for hit in answer.hits} <= {"airport", None}
    assert 62 not in [hit.id for hit in answer.hits]


def test_like_an_unknown_sample_says_so(catalogue: Catalogue) -> None:
    with pytest.raises(NotFoundError, match="no sample 999"):
        search(catalogue, Query(like=(999,)))


def test_an_unknown_query_image_says_what_to_do(catalogue: Catalogue, vectors: AppVectors) -> None:
    with pytest.raises(NotFoundError, match="Upload the picture again"):
        search(catalogue, Query(image="0123456789abcdef"), vectors)


@pytest.mark.parametrize("cursor", ["x", "1.2", "-3", "9" * 40, "1.2.3'; --"])
@pytest.mark.parametrize("query", [Query(like=(1,)), Query()])
def test_a_cursor_of_another_kind_is_refused(catalogue: Catalogue, query: Query, cursor: str) -> None:
    with pytest.raises(UserError, match="cursor"):
        search(catalogue, query.after(cursor))


def test_no_result_says_what_each_removed_condition_would_give(
    catalogue: Catalogue, vectors: AppVectors
) -> None:
    query = Query(filters=Filters(class_=("airport",), source=("FMoW",), bbox=BBox(-180, -90, 180, 90)))

    assert search(catalogue, query, vectors).hits == []
    assert {(option.chip.name, option.count) for option in loosen(catalogue, query)} == {
        ("class", 10),
        ("source", 10),
        ("bbox", 0),
    }


def test_loosening_a_word_search_counts_captions_with_the_words(catalogue: Catalogue) -> None:
    query = Query(q="runway", mode="caption", filters=Filters(source=("LAION2B",)))

    assert [(option.chip.name, option.count) for option in loosen(catalogue, query)] == [
        ("q", 20),
        ("source", 1),
    ]


def test_a_catalogue_without_vectors_is_searched_by_words(tmp_path: Path) -> None:
    rows = [{"caption": "a harbour"}, {"caption": "a farm"}]
    with make_catalogue(tmp_path / "captions", rows) as captions:
        assert mode_of(captions, Query(q="harbour")) == "caption"
        assert [hit.id for hit in search(captions, Query(q="harbour")).hits] == [0]
        with pytest.raises(UnavailableError, match="no image vectors"):
            search(captions, Query(q="harbour", mode="image"))
