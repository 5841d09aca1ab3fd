"""Which names in a caption count as places, and what they mean."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.gazetteer.find import by_specificity, find_places
from indexer.gazetteer.gazetteer import Gazetteer, open_gazetteer
from indexer.gazetteer.sources import read_places


def found(text: str) -> list[tuple[str, str, str]]:
    """Mention, kind, and country or region of every place."""
    return [
        (one.text, one.place.kind, one.place.region or one.place.country_code)
        for one in find_places(text, open_gazetteer())
    ]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("an aerial view of Houston", [("Houston", "city", "US.TX")]),
        ("Houston's harbour", [("Houston", "city", "US.TX")]),
        ("the harbour of Houston, Texas.", [("Houston", "city", "US.TX"), ("Texas", "region", "US.TX")]),
        ("Rotterdam/Antwerp", [("Rotterdam", "city", "NL.11"), ("Antwerp", "city", "BE.VLG")]),
        ("Yorkshire", []),
        ("New Yorkers in a park", []),
        ("harbours in houston", []),
        ("HARBOURS IN HOUSTON", []),
        ("", []),
    ],
)
def test_whole_words_with_their_capitals_count(text: str, mentions: list[tuple[str, str, str]]) -> None:
    assert found(text) == mentions


def test_the_longest_name_wins() -> None:
    assert found("New York City by night") == [("New York City", "city", "US.NY")]
    assert found("Salt Lake City from above") == [("Salt Lake City", "city", "US.UT")]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Paris", "FR.11"),
        ("Paris, Texas", "US.TX"),
        ("Paris Texas", "US.TX"),
        ("Paris (Texas)", "US.TX"),
        ("Paris, TX 75460", "US.TX"),
        ("London, Ontario, Canada", "CA.08"),
        ("London, Tokyo", "GB.ENG"),
        ("Birmingham", "GB.ENG"),
        ("Birmingham, Alabama", "US.AL"),
        ("Washington, D.C., United States", "US.DC"),
        ("Bath in the UK", "GB.ENG"),
    ],
)
def test_what_lies_in_the_place_behind_it_is_meant_else_the_largest(text: str, region: str) -> None:
    assert find_places(text, open_gazetteer())[0].place.region == region


def test_the_place_behind_means_what_holds_the_one_before() -> None:
    assert found("Tbilisi, Georgia") == [("Tbilisi", "city", "GE.51"), ("Georgia", "country", "GE")]
    assert found("Atlanta, Georgia") == [("Atlanta", "city", "US.GA"), ("Georgia", "region", "US.GA")]


def test_a_city_that_is_not_in_the_country_behind_it_is_another_one_that_is_not_known() -> None:
    assert found("Houston, Malaysia") == [("Malaysia", "country", "MY")]


@pytest.mark.parametrize(
    "text",
    [
        "Nice Aerial View Of Mobile Homes For Sale In Orange",
        "in March 2014, before Spring and Summer",
        "Many of the houses. Reading a map.",
        "University and Airport in the Central Region",
        "an image taken in March",
        "a Union Forest in Spring",
    ],
)
def test_ordinary_words_are_no_places_by_themselves(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Nice, France", "Nice"),
        ("Mobile, Alabama", "Mobile"),
        ("March, United Kingdom", "March"),
        ("houses in France: Nice from above", "Nice"),
        ("an aerial view of Reading", "Reading"),
        ("Shanghai Map", "Shanghai"),
    ],
)
def test_ordinary_words_count_with_a_country_a_preposition_or_a_million_inhabitants(
    text: str, mention: str
) -> None:
    assert mention in [name for name, _, _ in found(text)]


def test_abbreviations_of_states_count_behind_a_place_only() -> None:
    assert found("OR and IN and ME") == []
    assert found("Portland, OR") == [("Portland", "city", "US.OR"), ("OR", "region", "US.OR")]


def test_names_in_other_languages_and_without_accents_are_known() -> None:
    assert [name for name, _, _ in found("Cologne, Bombay, Saigon, Zurich, Bavaria")] == [
        "Cologne",
        "Bombay",
        "Saigon",
        "Zurich",
        "Bavaria",
    ]


def test_a_word_that_lost_a_letter_is_not_the_name_it_begins_with() -> None:
    assert found("over Goi?nia, Brazil") == [("Brazil", "country", "BR")]
    assert found("San Jos? de Guanipa") == []
    assert found("Is this Houston? Yes") == [("Houston", "city", "US.TX")]


def test_a_city_is_meant_rather_than_the_region_around_it_and_a_country_rather_than_its_city() -> None:
    assert found("New York") == [("New York", "city", "US.NY")]
    assert found("Buffalo, New York")[1] == ("New York", "region", "US.NY")
    assert found("Singapore") == [("Singapore", "country", "SG")]


def test_ambiguity_is_the_share_of_people_who_live_in_other_places_of_the_name(gazetteer: Gazetteer) -> None:
    springfield = find_places("Springfield", gazetteer)[0]
    weights = [one.weight for one in gazetteer.candidates("Springfield") if one.counts == "anywhere"]
    assert springfield.ambiguity == pytest.approx(1 - max(weights) / sum(weights))
    assert springfield.ambiguity > 0.5
    assert find_places("Springfield, Illinois", gazetteer)[0].ambiguity == 0
    assert find_places("Houston", gazetteer)[0].ambiguity < 0.01


def test_cities_come_before_regions_before_countries(gazetteer: Gazetteer) -> None:
    mentions = by_specificity(find_places("United States: Texas: Houston and Springfield", gazetteer))
    assert [one.text for one in mentions] == ["Houston", "Springfield", "Texas", "United States"]


def test_the_countries_of_fmows_captions_are_known(gazetteer: Gazetteer) -> None:
    for name in (
        *("Russian Federation", "Turkey", "Korea, Republic of", "Iran, Islamic Republic of", "Czechia"),
        *("Venezuela, Bolivarian Republic of", "Lao People's Democratic Republic", "Viet Nam", "Cabo Verde"),
    ):
        assert [one.text for one in find_places(f"over {name} in Summer", gazetteer)] == [name]


def test_small_towns_count_beside_their_country_only() -> None:
    towns = open_gazetteer(1_000)
    assert [one.text for one in find_places("Vaduz, Liechtenstein", towns)] == ["Vaduz", "Liechtenstein"]
    assert find_places("Vaduz", towns) == []


def test_points_of_countries_lie_among_their_cities() -> None:
    countries = {
        one.place.country_code: one.place for one in read_places(15_000) if one.place.kind == "country"
    }
    assert len(countries) > 200
    fiji = countries["FJ"]  # on both sides of the antimeridian
    assert -20 < fiji.latitude < -15
    assert abs(fiji.longitude) > 175


NAMES = [
    "Houston",
    "New York",
    "York",
    "Paris",
    "Texas",
    "France",
    "Nice",
    "São Paulo",
    "D.C.",
    "USA",
    "Georgia",
]
PIECES = st.sampled_from(
    [*NAMES, "a", "of", "in", ",", "?", "'s", "(", "-", "\x1f", "\n", "İ", "e\u0301", "😀"]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join))


@given(TEXTS)
def test_any_text_is_read_and_mentions_are_whole_words_of_it(text: str) -> None:
    mentions = find_places(text, open_gazetteer())
    composed = unicodedata.normalize("NFC", text)
    for one in mentions:
        assert composed[one.start : one.end] == one.text
        assert not re.match(r"\w", composed[one.end : one.end + 1]) or not re.match(r"\w", one.text[-1])
        assert not re.match(r"\w", composed[one.start - 1 : one.start]) or one.start == 0
        assert 0 <= one.ambiguity < 1
    assert len({one.place for one in mentions}) == len(mentions)
    assert find_places(text, open_gazetteer()) == mentions


def test_a_very_long_caption_is_read_at_its_beginning(gazetteer: Gazetteer) -> None:
    assert [one.text for one in find_places("Houston, " + "Paris " * 100_000, gazetteer)] == [
        "Houston",
        "Paris",
    ]
