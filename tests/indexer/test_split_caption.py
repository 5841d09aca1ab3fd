from __future__ import annotations

import csv
import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.captions import repair_degrees, split_caption, utm_columns

FMOW = (
    "passing high over Nil?polis, Brazil in its Winter, the camera saw military_facility placed at "
    "the center and top-left blocks. the ground sample distance is 2.60m. it lies in utm zone 23K, taken "
    "at 13 o'clock, August 9, 2016. clouds: 4%, scan forward. angles: target azimuth: 314.30? and off-nadir: "
    "33.10?. an aerial view of a base"
)
BEN = (
    "this 'pastures, broad-leaved forest' satellite image of Fall lies in utm zone 34N and is marked "
    "9 o'clock, August 21, 2017. is that a field?"
)


def test_fmow_caption_comes_apart_into_typed_columns() -> None:
    parts = split_caption(FMOW)
    assert parts.generated == "an aerial view of a base"
    assert parts.meta is not None and parts.meta.endswith("off-nadir: 33.10°.")
    assert parts.columns == {
        "city": "Nil?polis",
        "country": "Brazil",
        "class": "military_facility",
        "season": "Winter",
        "month": 8,
        "taken_at": datetime(2016, 8, 9, 13),
        "gsd_m": 2.6,
        "cloud_cover": 4.0,
        "azimuth_deg": 314.3,
        "off_nadir_deg": 33.1,
        "utm_zone": 23,
        "utm_band": "K",
        "utm_hemisphere": "S",
    }


def test_bigearthnet_writes_a_hemisphere_where_fmow_writes_a_band() -> None:
    parts = split_caption(BEN)
    assert parts.generated == "is that a field?"
    assert parts.columns == {
        "class": "pastures, broad-leaved forest",
        "season": "Autumn",
        "month": 8,
        "taken_at": datetime(2017, 8, 21, 9),
        "utm_zone": 34,
        "utm_hemisphere": "N",
    }


def test_band_s_is_north_but_hemisphere_s_is_south() -> None:
    assert utm_columns(38, band="S") == {"utm_zone": 38, "utm_band": "S", "utm_hemisphere": "N"}
    assert utm_columns(38, hemisphere="S") == {"utm_zone": 38, "utm_hemisphere": "S"}
    assert utm_columns(38, band="M")["utm_hemisphere"] == "S"


@pytest.mark.parametrize(("zone", "band"), [(0, "T"), (61, "T"), (12, "I"), (12, "Z")])
def test_zones_and_bands_that_do_not_exist_give_nothing(zone: int, band: str) -> None:
    assert utm_columns(zone, band=band) == {}


@pytest.mark.parametrize(
    ("place", "city", "country"),
    [
        ("Washington, D.C., United States", "Washington, D.C.", "United States"),
        ("Tehran, Iran, Islamic Republic of", "Tehran", "Iran, Islamic Republic of"),
        ("Taipei, Taiwan, Province of China", "Taipei", "Taiwan, Province of China"),
        ("Spring Valley, United States", "Spring Valley", "United States"),
        ("Budapest XI. ker?let, Hungary", "Budapest XI. ker?let", "Hungary"),
    ],
)
def test_cities_and_countries_may_hold_commas_seasons_and_dots(place: str, city: str, country: str) -> None:
    columns = split_caption(FMOW.replace("Nil?polis, Brazil", place)).columns
    assert (columns["city"], columns["country"], columns["season"]) == (city, country, "Winter")


def test_an_unknown_country_is_no_country() -> None:
    columns = split_caption(FMOW.replace("Brazil", "Unknown country code")).columns
    assert columns["city"] == "Nil?polis" and "country" not in columns


def test_a_day_that_does_not_exist_leaves_the_month() -> None:
    columns = split_caption(BEN.replace("August 21", "February 30")).columns
    assert columns["month"] == 2 and "taken_at" not in columns


def test_other_captions_stay_whole() -> None:
    web = "Satellite image of Fall colours in utm zone 18T"
    assert split_caption(web).meta is None and split_caption(web).generated is None
    assert split_caption(web, "model").generated == web
    assert split_caption("  ", "model").generated is None


def test_degree_signs_come_back_only_after_angles() -> None:
    assert (
        repair_degrees("target azimuth 12.5?, off-nadir: 3.0?.") == "target azimuth 12.5°, off-nadir: 3.0°."
    )
    assert repair_degrees("Is it 12.5? J?zef?w") == "Is it 12.5? J?zef?w"


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(re.split(r"(?<= )", FMOW + " " + BEN)), max_size=60).map("".join)
)
def test_no_caption_is_too_strange_and_nothing_of_it_is_lost(caption: str) -> None:
    parts = split_caption(caption)
    if parts.meta is not None:
        together = parts.meta + (parts.generated or "")
        assert re.sub(r"[\s°]", "", together) == re.sub(r"\s", "", repair_degrees(caption)).replace("°", "")


@pytest.mark.parametrize("filler", ["over A", "a-", "'", "in Fall ", "1%", "target azimuth 1? ", "A, B "])
def test_hostile_captions_take_no_longer_than_their_length(filler: str) -> None:
    start, end = FMOW.split("the camera")
    assert split_caption(f"{start}{filler * 50_000} the camera{end}").columns["utm_zone"] == 23


def test_all_captions_of_the_published_dump_are_understood(realdata: Path) -> None:
    with (realdata / "rs5m" / "rs3_dump.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["name"], split_caption(row["caption"])) for row in csv.DictReader(file)]
    fmow = [(name, parts) for name, parts in rows if name.startswith("fmow_")]
    ben = [parts for name, parts in rows if name.startswith("ben_")]
    assert (len(fmow), len(ben), len(rows)) == (3469, 1724, 10_000)

    assert all(parts.meta and parts.generated for _, parts in fmow)
    measured = {
        "gsd_m",
        "cloud_cover",
        "azimuth_deg",
        "off_nadir_deg",
        "taken_at",
        "utm_band",
        "season",
        "city",
    }
    assert all(measured <= parts.columns.keys() for _, parts in fmow)
    assert sum("country" in parts.columns for _, parts in fmow) == 3464, "five say 'Unknown country code'"
    for name, parts in fmow:
        assert re.fullmatch(rf"fmow_{parts.columns['class']}_\d+_\d+_(ms)?rgb\.jpg", name)

    assert all(parts.generated for parts in ben)
    assert all({"class", "season", "month", "taken_at", "utm_zone"} <= parts.columns.keys() for parts in ben)
    assert {parts.columns["utm_hemisphere"] for parts in ben} == {"N"}
    assert all("utm_band" not in parts.columns for parts in ben)
    assert all(parts.meta is None for name, parts in rows if name.startswith("millionaid_"))


def test_every_published_template_is_understood(realdata: Path) -> None:
    templates = json.loads((realdata / "rs5m" / "geometa_template.json").read_text(encoding="utf-8"))
    fields = {
        "country": "Nil?polis, Brazil",
        "season": "Fall",
        "class_label": "military_facility",
        "class_labels": "pastures, sea and ocean",
        "relative_location": "center and top-left blocks",
        "ground_sample_distance": "2.60",
        "timestamp": "13 o'clock, August 9, 2016",
        "cloud_cover_rate": "4",
        "scan_direction": "forward",
        "target_azimuth": "314.30",
        "off_nadir": "33.10",
    }
    for template in templates["fmow_complex"]:
        parts = split_caption(template.format(**fields, utm_zone="23K") + " a field.")
        expected = split_caption(FMOW).columns | {"season": "Autumn"}
        assert (parts.columns, parts.generated) == (expected, "a field."), template
    for template in templates["ben"]:
        parts = split_caption(template.format(**fields, utm_zone="34S") + " a field.")
        assert parts.generated == "a field.", template
        assert parts.columns["class"] == "pastures, sea and ocean", template
        assert (parts.columns["utm_zone"], parts.columns["utm_hemisphere"]) == (34, "S"), template
        assert (parts.columns["season"], parts.columns["taken_at"]) == ("Autumn", datetime(2016, 8, 9, 13)), (
            template
        )
