"""Captions by words inside filters, against a reference that looks at every row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.query import BBox, Filters, Query
from app.query.words import alike_words, count_words, rank_words
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue

# Words that English stemming leaves alone, so that the reference can compare them as they are.
WORDS = ("river", "forest", "port", "desert", "road", "lake", "field", "ship")
SOURCES = (None, "FMoW", "a=b", "(none", 'it\'s "quoted" \\ *', "é漢😀", "x" * 1_000)
CLASSES = (None, *(f"class {number}" for number in range(9)))
STAGES = ("kept", "kept", "kept", "kept", "duplicate", "keyword")
# On the edges of boxes and of the index's cells, at the antimeridian, and zero with either sign.
LATITUDES = (None, -90.0, -5.0, -0.0, 0.0, 4.999999, 5.0, 48.1, 90.0)
LONGITUDES = (None, -180.0, -179.9, -5.0, -0.0, 0.0, 7.25, 10.0, 179.9, 180.0)
ROWS = 400


def _row(random: np.random.Generator) -> dict[str, Any]:
    def one_of(values: tuple[Any, ...]) -> Any:
        return values[random.integers(len(values))]

    words = [one_of(WORDS[: random.integers(1, 9)]) for _ in range(random.integers(0, 9))]
    return {
        "caption": " ".join(words) or one_of((None, "")),
        "source": one_of(SOURCES),
        "class": one_of(CLASSES),
        "month": one_of((None, 1, 2, 12)),
        "stage": one_of(STAGES),
        "latitude": one_of(LATITUDES),
        "longitude": one_of(LONGITUDES),
    }


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    random = np.random.default_rng(3)
    return [_row(random) for _ in range(ROWS)]


@pytest.fixture(scope="module")
def captions(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]) -> Iterator[Catalogue]:
    with make_catalogue(tmp_path_factory.mktemp("words") / "catalogue", rows) as made:
        yield made


@dataclass(frozen=True)
class Words:
    """A query, and which captions it means."""

    wanted: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    unwanted: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.alternatives:
            return " OR ".join(self.alternatives)
        phrases = (f'"{" ".join(phrase)}"' for phrase in self.phrases)
        return " ".join([*self.wanted, *phrases, *(f"-{word}" for word in self.unwanted)])

    def match(self, words: list[str]) -> bool:
        if self.alternatives:
            return not set(self.alternatives).isdisjoint(words)
        return (
            set(self.wanted) <= set(words)
            and set(self.unwanted).isdisjoint(words)
            and all(_occurs(phrase, words) for phrase in self.phrases)
        )


def _occurs(phrase: tuple[str, ...], words: list[str]) -> bool:
    size = len(phrase)
    return any(tuple(words[start : start + size]) == phrase for start in range(len(words) - size + 1))


word = st.sampled_from(WORDS)
asked = st.one_of(
    st.builds(
        Words,
        wanted=st.lists(word, min_size=1, max_size=3).map(tuple),
        phrases=st.lists(st.tuples(word, word), max_size=1).map(tuple),
        unwanted=st.lists(word, max_size=2).map(tuple),
    ),
    st.builds(Words, phrases=st.lists(st.tuples(word, word), min_size=1, max_size=1).map(tuple)),
    st.builds(Words, alternatives=st.lists(word, min_size=2, max_size=5, unique=True).map(tuple)),
)


def values(column: tuple[Any, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    names = ["(none)" if value is None else str(value) for value in column] + ["no such value"]
    return st.lists(st.sampled_from(names), max_size=len(names), unique=True).map(tuple)


edges = st.sampled_from([value for value in LONGITUDES if value is not None])
boxes = st.tuples(edges, st.sampled_from([-90.0, -5.0, 0.0]), edges, st.sampled_from([-0.0, 5.0, 48.1, 90.0]))
filters = st.builds(
    Filters,
    source=values(SOURCES),
    class_=values(CLASSES),
    month=values((None, 1, 2, 12)),
    coordinates=st.sampled_from([None, None, "yes", "no"]),
    stage=st.sampled_from(["kept", "any", "duplicate"]),
    bbox=st.none() | boxes.map(lambda box: BBox(*box)),
)


def passing(catalogue: Catalogue, chosen: Filters) -> set[int]:
    where = chosen.where()
    found = catalogue.connect().execute(f"SELECT id FROM samples WHERE {where.sql}", where.params)  # noqa: S608
    return {id_ for (id_,) in found.fetchall()}


@settings(deadline=None, max_examples=300)
@given(words=asked, chosen=filters)
def test_what_matches_and_passes_is_found_and_nothing_else(
    captions: Catalogue, rows: list[dict[str, Any]], words: Words, chosen: Filters
) -> None:
    expected = {id_ for id_ in passing(captions, chosen) if words.match((rows[id_]["caption"] or "").split())}

    ranking = rank_words(captions, Query(filters=chosen), str(words), 0, ROWS)

    assert sorted(ranking.ids) == sorted(expected)
    assert ranking.found == len(expected) == count_words(captions, chosen, str(words))
    assert ranking.matching == len(passing(captions, chosen))


@settings(deadline=None, max_examples=100)
@given(
    words=asked,
    chosen=filters,
    sort=st.sampled_from(["spread", "longest", "oldest", "id"]),
    size=st.integers(1, 60),
)
def test_pages_of_any_size_are_stretches_of_one_order(
    captions: Catalogue, words: Words, chosen: Filters, sort: str, size: int
) -> None:
    query = Query(filters=chosen, sort=sort)
    whole = rank_words(captions, query, str(words), 0, ROWS)

    ids, scores, offset = [], [], 0
    while True:
        page = rank_words(captions, query, str(words), offset, size)
        ids += page.ids
        scores += page.scores
        if page.next_cursor is None:
            break
        offset = int(page.next_cursor)

    assert (ids, scores) == (whole.ids, whole.scores)
    if sort == "spread":
        assert ids == [id_ for _, id_ in sorted(zip((-score for score in scores), ids, strict=True))]
    else:
        place = {id_: place for place, id_ in enumerate(captions.order(sort).tolist())}
        assert ids == sorted(ids, key=place.__getitem__)


@settings(deadline=None, max_examples=60)
@given(words=st.lists(word, min_size=1, max_size=4, unique=True), chosen=filters)
def test_scores_are_bm25_over_all_captions_whatever_the_filters(
    captions: Catalogue, rows: list[dict[str, Any]], words: list[str], chosen: Filters
) -> None:
    """Robertson and Zaragoza 2009, with the constants and the idf that Lucene and tantivy use."""
    texts = [row["caption"].split() for row in rows if row["caption"]]
    mean = sum(map(len, texts)) / len(texts)

    def bm25(text: list[str]) -> float:
        score = 0.0
        for name in words:
            holding = sum(name in other for other in texts)
            idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            often = text.count(name)
            score += idf * 2.2 * often / (often + 1.2 * (0.25 + 0.75 * len(text) / mean))
        return score

    ranking = rank_words(captions, Query(filters=chosen), " OR ".join(words), 0, ROWS)

    expected = [bm25(rows[id_]["caption"].split()) for id_ in ranking.ids]
    assert ranking.scores == pytest.approx(expected, abs=1e-4)


@settings(deadline=None, max_examples=60)
@given(words=asked, chosen=filters, id_=st.integers(0, ROWS), offset=st.integers(0, 30))
def test_a_sample_left_out_leaves_the_others_in_order(
    captions: Catalogue, words: Words, chosen: Filters, id_: int, offset: int
) -> None:
    query = Query(filters=chosen)
    whole = rank_words(captions, query, str(words), 0, ROWS)
    others = [found for found in whole.ids if found != id_]

    ranking = rank_words(captions, query, str(words), offset, 7, without=id_)

    assert ranking.ids == others[offset : offset + 7]
    assert len(ranking.scores) == len(ranking.ids)
    assert ranking.found == len(others)


def test_words_alike_are_alternatives_the_rarest_first_and_common_ones_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"caption": "river port"},
        {"caption": "river road"},
        {"caption": "The river's ROAD by a lake 42"},
    ]
    with make_catalogue(tmp_path / "catalogue", rows) as made:
        assert alike_words(made, "A river, the River; an old road 42, a lake") == "lake OR road OR river"
        monkeypatch.setattr("app.query.words._ALIKE_CAPTIONS", 3)
        assert alike_words(made, "A river, the River; an old road 42, a lake") == "lake OR road"
        assert alike_words(made, "a river") == "river"
        assert alike_words(made, "a 42") == ""


def test_a_value_of_most_samples_filters_as_exactly_as_a_rare_one(tmp_path: Path) -> None:
    rows = [{"caption": "river", "source": "common" if number else "rare"} for number in range(9)]
    with make_catalogue(tmp_path / "catalogue", rows) as made:
        assert count_words(made, Filters(source=("common",)), "river") == 8
        assert count_words(made, Filters(source=("common", "rare")), "river") == 9
        assert count_words(made, Filters(source=("rare",)), "river") == 1
        assert count_words(made, Filters(source=("(none)",)), "river") == 0
