"""Entities that RS5M's authors found, as places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.gazetteer.entities import resolve_entities
from indexer.gazetteer.gazetteer import Gazetteer, open_gazetteer


def test_entities_mean_what_they_would_in_the_caption(gazetteer: Gazetteer) -> None:
    found = resolve_entities("Aerial view of Paris, Texas", ["Paris", "Texas"], gazetteer)
    assert [(one.text, one.place.region) for one in found] == [("Paris", "US.TX"), ("Texas", "US.TX")]


def test_without_the_caption_nothing_stands_between_them(gazetteer: Gazetteer) -> None:
    found = resolve_entities("", ["Paris", "Texas"], gazetteer)
    assert [(one.text, one.place.region) for one in found] == [("Paris", "FR.11"), ("Texas", "US.TX")]


def test_ordinary_words_and_other_spellings_count_as_somebody_took_them_for_names(
    gazetteer: Gazetteer,
) -> None:
    found = resolve_entities("", ["nice", "the United States", "SAN FRANCISCO", "Mordor", ""], gazetteer)
    assert [(one.text, one.place.name) for one in found] == [
        ("nice", "Nice"),
        ("the United States", "United States"),
        ("SAN FRANCISCO", "San Francisco"),
    ]


@given(st.text(), st.lists(st.one_of(st.text(), st.sampled_from(["Paris", "the ", "Texas", "the Texas"]))))
def test_any_entities_are_read(caption: str, entities: list[str]) -> None:
    found = resolve_entities(caption, entities, open_gazetteer())
    assert len(found) <= len(entities)
