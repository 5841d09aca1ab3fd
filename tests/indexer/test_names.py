from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.names import caption_origin_of, has_image_suffix, join_name, source_of


@pytest.mark.parametrize(
    ("name", "source", "subset"),
    [
        ("fmow_stadium_211_3_msrgb.jpg", "FMoW", "RS3"),
        ("ben_258884.jpg", "BigEarthNet", "RS3"),
        ("millionaid_P0173410.jpg", "MillionAID", "RS3"),
        ("laion2b_0_1234.jpg", "LAION2B", "PUB11"),
        ("laion400m_12.jpg", "LAION400M", "PUB11"),
        ("laioncoco_7_99.png", "LAIONCOCO", "PUB11"),
        ("coyo700m_55.jpg", "COYO700M", "PUB11"),
        ("wit_0012.jpg", "WIT", "PUB11"),
        ("yfcc15m_3.jpg", "YFCC15M", "PUB11"),
        ("cc12m_8.jpg", "CC12M", "PUB11"),
        ("cc3m_8.jpg", "CC3M", "PUB11"),
        ("redcaps_1a.jpg", "Redcaps", "PUB11"),
        ("sbu_4.jpg", "SBU", "PUB11"),
        ("vg_2343.jpg", "VG", "PUB11"),
    ],
)
def test_every_source_of_rs5m_is_known_by_its_names(name: str, source: str, subset: str) -> None:
    assert source_of(name) == (source, subset)
    assert source_of(f"static/{name.upper()}") == (source, subset)


@pytest.mark.parametrize(
    ("name", "source"),
    [("redcaps/00001.jpg", "Redcaps"), ("yfcc_9.jpg", "YFCC15M"), ("LAION-COCO_1.jpg", "LAIONCOCO")],
)
def test_folders_and_other_spellings_count(name: str, source: str) -> None:
    found = source_of(name)
    assert found is not None and found[0] == source


@pytest.mark.parametrize(
    "name",
    [
        "wit_and_humour.jpg",
        "benedict_12.jpg",
        "airport_1.jpg",
        "",
        "https://example.org/wit/wit_1.jpg",
        "vg.jpg",
    ],
)
def test_other_names_tell_nothing(name: str) -> None:
    assert source_of(name) is None


def test_who_writes_a_sources_captions() -> None:
    assert caption_origin_of("LAIONCOCO") == "model"
    assert caption_origin_of("FMoW") == "model"
    assert caption_origin_of("LAION2B") == "web"
    assert caption_origin_of("VG") == "human"
    assert caption_origin_of("my own") == "unknown"
    assert caption_origin_of(None) == "unknown"


def test_names_of_one_image_in_shard_and_metadata_have_one_stem() -> None:
    assert join_name("ben_258884.jpg").stem == join_name("258884").stem == "258884"
    assert join_name("static/fmow_stadium_211_3_msrgb.jpg").stem == join_name("stadium_211_3_msrgb.jpg").stem
    assert join_name("-95.06_29.76.jpeg").stem == "-95.06_29.76", "a dot in a number is no suffix"


def test_mere_numbers_are_bare_and_folders_are_kept() -> None:
    assert join_name("258884").bare and join_name("laion2b_0_1234.jpg").bare
    assert not join_name("stadium_211_3_msrgb.jpg").bare
    assert join_name("damage/x.jpeg").folder == "damage"
    assert join_name("static/x.jpeg").folder == ""


STEMS = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=20)


@given(
    STEMS,
    st.sampled_from(["fmow_", "ben_", "millionaid_", "laion2b_"]),
    st.sampled_from([".jpg", ".PNG", ""]),
)
def test_prefix_and_suffix_come_off_every_name(stem: str, prefix: str, suffix: str) -> None:
    stem = f"9{stem}"
    found = join_name(f"{prefix}{stem}{suffix}")
    assert (found.stem, found.folder) == (stem, "")
    assert source_of(f"{prefix}{stem}{suffix}") is not None


@given(st.text(max_size=60))
def test_no_name_is_too_strange(name: str) -> None:
    source_of(name)
    join_name(name)
    has_image_suffix(name)
