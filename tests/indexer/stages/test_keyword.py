"""The keyword stage."""

from __future__ import annotations

import pytest

from indexer.stages.keyword import Keyword, find_keyword


@pytest.mark.parametrize(
    ("caption", "keyword"),
    [
        ("REMOTE SENSING of crops", "remote sensing"),
        ("remote-sensing image", "remote sensing"),
        ("Earth Observatory picture", "earth observ*"),
        ("earth-observing satellites", "earth observ*"),
        ("Aerial photography of Rome", "aerial photo*"),
        ("aerial images", "aerial imag*"),
        ("stock aerialview", "aerial view*"),
        ("satellite data of a storm", "satellite data*"),
        ("satellite surveillance", "satellite surveillance*"),
        ("Spaceborne imagery", "space-borne imag*"),
        ("space-borne imagery", "space-borne imag*"),
        ("view from space: space photos", "space photo*"),
        ("space surveillance network", "space surveillance"),
        ("Sentinel 2 scene", "Sentinel-2"),
        ("sentinel-1 SAR", "Sentinel-1"),
        ("(USGS)", "USGS"),
        ("Landsat8 false colour", "Landsat"),
        ("Landsat 8 false colour", "Landsat"),
        ("geographic information systems", "Geographic Information System"),
        ("maxar", "Maxar"),
    ],
)
def test_a_keyword_is_found_as_the_list_names_it(caption: str, keyword: str | None) -> None:
    assert find_keyword(caption) == keyword


@pytest.mark.parametrize(
    "caption",
    ["", "a red bicycle", "aerial yoga", "satellite dish", "outer space art", "commodish", "naipes"],
)
def test_other_captions_have_none(caption: str) -> None:
    assert find_keyword(caption) is None


def test_only_web_pairs_are_judged() -> None:
    stage = Keyword()
    assert stage.judge({"subset": "RS3", "caption": "a harbour"}, None) is None
    assert stage.judge({"subset": "unknown", "caption": "a harbour"}, None) is None
    removed = stage.judge({"subset": "PUB11", "caption": "a harbour"}, None)
    assert removed is not None
    assert (removed.removed, removed.reason) == (True, "no_keyword")
    kept = stage.judge({"subset": "PUB11", "caption": "aerial view of a harbour"}, None)
    assert kept is not None
    assert (kept.removed, kept.keyword) == (False, "aerial view*")
    without_caption = stage.judge({"subset": "PUB11", "caption": None}, None)
    assert without_caption is not None
    assert without_caption.removed
