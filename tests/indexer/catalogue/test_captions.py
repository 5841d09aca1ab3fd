"""The caption index: what is written, and how it answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.catalogue import Catalogue, caption_writer, captions
from indexer.catalogue.caption_conditions import Box, Within
from indexer.catalogue.caption_writer import PLACES, write_captions
from indexer.catalogue.captions import CaptionIndex
from indexer.catalogue.layout import CAPTIONS
from indexer.errors import UserError
from tests.catalogues import make_catalogue

ROWS = [
    {"caption": "Two airports beside a river", "source": "LAION2B", "latitude": -0.0, "longitude": 179.5},
    {"caption": "a river in a forest", "source": "FMoW", "latitude": 0.0, "longitude": -179.5},
    {"caption": "advertisement", "source": "y" * 30_000, "stage": "keyword"},
    {"caption": "", "source": "FMoW"},
    {"caption": None, "source": "FMoW"},
    {"caption": "a river in a forest", "source": "FMoW", "latitude": 10.0},
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with make_catalogue(tmp_path_factory.mktemp("captions") / "catalogue", ROWS) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("river", [0, 1, 5]),
        ("RIVERS", [0, 1, 5]),
        ("airport river", [0]),
        ('"river in a forest"', [1, 5]),
        ('"forest river"', []),
        ("river -forest", [0]),
        ("airport OR advertisement", [0, 2]),
        ("(airport OR forest) river", [0, 1, 5]),
        ("glacier", []),
        ("-river", [2]),
        ("river:", [0, 1, 5]),
    ],
)
def test_a_query_is_words_phrases_and_what_must_not_occur(
    catalogue: Catalogue, text: str, ids: list[int]
) -> None:
    hits = catalogue.captions.search(text, 10)

    assert sorted(hits.ids) == ids
    assert (len(hits.scores), hits.found) == (len(ids), len(ids))


@pytest.mark.parametrize("word", ["river", "AIRPORTS", "advertisement", "beside", "glacier", "x" * 50, "a"])
def test_the_frequency_of_a_word_is_how_many_captions_hold_it(catalogue: Catalogue, word: str) -> None:
    assert catalogue.captions.frequency(word) == catalogue.captions.search(word, 0).found


def test_captions_alike_come_in_order_of_their_ids(catalogue: Catalogue) -> None:
    assert catalogue.captions.search("forest", 1).ids == [1]
    assert catalogue.captions.search("forest", 1, offset=1).ids == [5]


@pytest.mark.parametrize(
    "text", ['"', "AND OR", "caption:(", "id:[0 TO", "*", "", "   ", "\x00", "-", '""', "()"]
)
def test_a_query_without_words_that_occur_finds_nothing(catalogue: Catalogue, text: str) -> None:
    assert catalogue.captions.search(text, 10) == captions.CaptionHits([], [], 0)


@pytest.mark.parametrize(
    "text", ["facet:kept", 'facet:"source=FMoW"', "latitude:[0 TO 90]", "id:1", "cell:0", "facet:*"]
)
def test_words_reach_nothing_but_captions(catalogue: Catalogue, text: str) -> None:
    assert catalogue.captions.search(text, 10).found == 0


@settings(deadline=None, max_examples=300)
@given(
    text=st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["river", "-", "+", '"', "'", "(", ")", " OR ", " AND ", "NOT ", "^9", "~2", ":", "[", "*"]
        ),
        max_size=40,
    ).map("".join)
)
def test_no_query_raises_and_no_score_is_out_of_bounds(catalogue: Catalogue, text: str) -> None:
    hits = catalogue.captions.search(text, 10, within=Within({"stage": ["kept"]}))

    assert hits.found == len(hits.ids) <= 4
    assert np.isfinite(hits.scores).all()
    catalogue.captions.highlight(text, "two airports beside a river")


@pytest.mark.parametrize(
    "text", ["(" * 1000 + "river", "-(" * 300 + "river" + ")" * 300, '"' * 999 + "river"]
)
def test_a_thousand_characters_of_nesting_are_read(catalogue: Catalogue, text: str) -> None:
    assert catalogue.captions.search(text[:1000], 10).found <= 4


@pytest.mark.parametrize(
    ("box", "ids"),
    [
        (Box(-180, -90, 180, 90), [0, 1]),
        (Box(179, -1, -179, 1), [0, 1]),
        (Box(179, 0.0, 180, 5), [0]),
        (Box(-180, -1, -179.5, -0.0), [1]),
        (Box(-179.4, -90, 179.4, 90), []),
    ],
)
def test_a_box_includes_its_edges_and_may_cross_the_antimeridian(
    catalogue: Catalogue, box: Box, ids: list[int]
) -> None:
    assert catalogue.captions.search("river", 10, within=Within(box=box)).ids == ids


def test_a_value_too_long_for_a_token_still_counts_as_another_value(catalogue: Catalogue) -> None:
    others = Within({"source": ["FMoW", "LAION2B"]})

    assert catalogue.captions.search("river OR advertisement", 10, within=others).found == 3


def test_a_sort_orders_by_it_and_has_no_scores(catalogue: Catalogue) -> None:
    assert catalogue.captions.search("river", 10, sort="longest") == captions.CaptionHits([0, 1, 5], [], 3)
    assert catalogue.captions.search("river", 10, sort="shortest").ids == [1, 5, 0]
    assert catalogue.captions.search("river", 1, sort="id", offset=2).ids == [5]


def test_places_too_deep_for_memory_are_refused_and_those_beyond_the_end_are_empty(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert catalogue.captions.search("river", 10, offset=10**12) == captions.CaptionHits([], [], 3)
    monkeypatch.setattr(captions, "MAX_PLACES", 2)
    assert catalogue.captions.search("river", 1, offset=1).ids == [1]
    with pytest.raises(UserError, match="first 2 captions"):
        catalogue.captions.search("river", 1, offset=2)


def test_highlights_are_character_ranges(catalogue: Catalogue) -> None:
    caption = "Über Zürich: two airports, one AIRPORT"
    ranges = catalogue.captions.highlight("airport", caption)

    assert [caption[start:end] for start, end in ranges] == ["airports", "AIRPORT"]
    assert catalogue.captions.highlight("glacier", caption) == []


@pytest.mark.parametrize("chars", [1_000_000, 2_000, 200])
def test_however_many_parts_were_written_there_is_one_segment_in_order_of_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chars: int
) -> None:
    rows = [{"caption": "a river" if number % 3 else "road"} for number in range(1_500)]
    with make_catalogue(tmp_path / "catalogue", rows) as made:
        orders = {name: made.order(name) for name in PLACES}
        monkeypatch.setattr(caption_writer, "_SEGMENT_CHARS", chars)
        write_captions(tmp_path / "again", made.connect(), orders)

    assert tantivy.Index.open(str(tmp_path / "again")).searcher().num_segments == 1
    hits = CaptionIndex(tmp_path / "again").search("river", 1_500)
    assert hits.ids == [number for number in range(1_500) if number % 3]


def test_an_index_of_no_captions_finds_nothing(tmp_path: Path) -> None:
    with make_catalogue(tmp_path / "catalogue", [{"caption": None}]) as made:
        assert made.captions.search("river", 10, within=Within({"stage": ["kept"]})).found == 0
        assert made.captions.search("river", 10, without=0).ids == []


def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    with make_catalogue(tmp_path / "catalogue", ROWS) as made:
        (made.path / CAPTIONS / "meta.json").write_text("{")
        with pytest.raises(UserError, match="captions cannot be opened"):
            _ = made.captions
