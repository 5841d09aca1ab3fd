"""Example queries: said by the catalogue's own captions, without what every caption begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.views.examples import examples
from tests.catalogues import make_catalogue


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("a satellite photo of a mountain lake", "a mountain lake"),
        ("This aerial image shows stepped rice fields.", "stepped rice fields"),
        ("boats in a marina", "boats in a marina"),
    ],
)
def test_a_caption_becomes_a_query(tmp_path: Path, caption: str, words: str) -> None:
    catalogue = make_catalogue(tmp_path / "catalogue", [{"caption": caption, "caption_origin": "model"}])

    assert [example.words for example in examples(catalogue)] == [words]


def test_a_caption_of_numbers_and_names_becomes_none(tmp_path: Path) -> None:
    catalogue = make_catalogue(tmp_path / "catalogue", [{"caption": "DJI_0214 #planes, Stock Photo 7"}])

    assert examples(catalogue) == []
