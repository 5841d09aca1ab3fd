"""Named places in words, on the page of their sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.views.named_places import ambiguity_in_words, named_place
from indexer.catalogue import Catalogue
from indexer.catalogue.named_places import NamedPlace
from indexer.gazetteer.run import name_places
from tests.catalogues import make_catalogue


def test_a_place_says_what_it_is_where_and_how_certain_that_is() -> None:
    paris = NamedPlace(0, "Paname", "Paris", "city", 48.85, 2.35, "FR", 0.6, 0, "upstream")
    assert named_place(paris) == (
        "Paname",
        "Paris, a city in FR at 48.8500° N, 2.3500° E: a guess, most people live in other places of this "
        "name, named by the metadata",
    )
    chad = NamedPlace(0, "Chad", "Chad", "country", 12.0, 16.0, "TD", 0.0, 0, "gazetteer")
    assert named_place(chad)[1] == (
        "Chad, a country at 12.0000° N, 16.0000° E: no other place of note has this name"
    )


def test_words_get_less_certain_with_ambiguity() -> None:
    assert len({ambiguity_in_words(value) for value in (0.0, 0.1, 0.3, 0.9)}) == 4


def test_the_page_of_a_sample_lists_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.gazetteer.run.SMALLEST_CITY", 15_000)
    make_catalogue(tmp_path / "c", [{"caption": "Houston, Texas"}, {"caption": "a river"}]).close()
    name_places(tmp_path / "c")
    with (
        Catalogue.open(tmp_path / "c") as catalogue,
        TestClient(create_app(catalogue, Settings()), base_url="http://127.0.0.1") as client,
    ):
        named, without = client.get("/samples/0").text, client.get("/samples/1").text
    assert "Places named in the caption" in named
    assert "Houston, a city in US at" in named
    assert "Places named in the caption" not in without
