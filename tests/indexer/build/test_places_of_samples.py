"""Where samples are and how that is known, from every kind of source into the catalogue."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from indexer.build import BuildOptions, build
from indexer.build.prepare import NOT_PARSED
from indexer.catalogue import Catalogue
from indexer.sources import SourceOptions, find_shards
from tests.geotagged import jpeg, keys, tiff
from tests.indexer.build.world import ColourEncoder, RowsShard, sample

FMOW = (
    "passing over Turin, Italy in its Winter, the camera saw stadium at the center. the ground sample "
    "distance is 2.60m. it lies in utm zone 32T, taken at 13 o'clock, August 9, 2016. target azimuth: "
    "314.30? and off-nadir: 33.10?."
)
BEN = "a satellite image taken in Summer of 'Pastures', in the utm zone 34N at 10 o'clock, July 9, 2017."
COLUMNS = "geo_tier, geo_origin, point_kind, utm_zone, utm_band, utm_hemisphere, mgrs, country, country_code"


def indexed(tmp_path: Path, *rows: Any, joins: dict[str, str] | None = None) -> Catalogue:
    paths = []
    for name, text in (joins or {}).items():
        paths.append(tmp_path / name)
        paths[-1].write_text(text, encoding="utf-8")
    shards = [RowsShard("rows", list(rows))]
    options = BuildOptions(joins=tuple(paths))
    return build(shards, ColourEncoder(), tmp_path / "out", options)


def told(catalogue: Catalogue, columns: str = COLUMNS) -> list[tuple[Any, ...]]:
    return catalogue.connect().execute(f"SELECT {columns} FROM samples ORDER BY id").fetchall()  # noqa: S608


def notes(catalogue: Catalogue) -> list[list[str]]:
    rows = catalogue.connect().execute("SELECT notes FROM ledger ORDER BY id").fetchall()
    return [list(found or ()) for (found,) in rows]


def test_a_point_of_a_table_brings_zone_cell_and_country(tmp_path: Path) -> None:
    rows = [
        sample("paris", columns={"latitude": 48.85, "longitude": 2.35}),
        sample("bergen", columns={"latitude": 60.39, "longitude": 5.32, "country": "Norge"}),
        sample("pole", columns={"latitude": 89.0, "longitude": 5.0}),
        sample("nowhere", columns={}),
    ]

    assert told(indexed(tmp_path, *rows)) == [
        ("point", "table", None, 31, "U", "N", "31UDQ5210", "France", "FR"),
        ("point", "table", None, 32, "V", "N", "32VKN9700", "Norge", None),
        ("point", "table", None, None, None, None, "ZAF0989", None, None),
        ("none", None, None, None, None, None, None, None, None),
    ]


def test_captions_patch_names_and_tables_tell_zones_and_names(tmp_path: Path) -> None:
    rows = [
        sample("fmow_stadium_1", caption=FMOW),
        sample("ben_1", caption=BEN),
        sample("S2A_MSIL2A_20170717T113321_28_87"),
        sample("S2B_MSIL2A_20180204T094161_N9999_R036_T35VNL_24_34"),
        sample("S2B_MSIL2A_20180204T094151_N9999_R036_T35VNL_24_34"),
        sample("named", columns={"city": "Lyon", "country": "France"}),
    ]
    catalogue = indexed(tmp_path, *rows)

    assert told(catalogue) == [
        ("zone", "caption", None, 32, "T", "N", None, "Italy", "IT"),
        ("zone", "caption", None, 34, None, "N", None, None, None),
        ("none", None, None, None, None, None, None, None, None),
        ("zone", "patch_name", None, 35, "V", "N", None, None, None),
        ("zone", "patch_name", None, 35, "V", "N", None, None, None),
        ("place", "table", None, None, None, None, None, "France", "FR"),
    ]
    times = told(catalogue, "source, month, taken_at")
    assert times[2] == ("BigEarthNet", 7, datetime(2017, 7, 17, 11, 33, 21))
    assert times[3] == ("BigEarthNet", None, None), "a second that does not exist"
    assert times[4] == ("BigEarthNet", 2, datetime(2018, 2, 4, 9, 41, 51))


def test_a_joined_point_of_fmow_is_a_corner_and_goes_over_the_caption_s_zone(tmp_path: Path) -> None:
    joins = {
        "fmow.csv": "img_name,geometa_cap,country,month,latitude,longitude,utm\n"
        "stadium_1.jpg,,ITA,8,45.07,7.68,32T\nport_2.jpg,,ITA,8,45.07,7.68,31T\n",
        "yfcc.csv": "img_name,text,url,download_status,meta_caption,country,month,longitude,latitude\n"
        "yfcc_3.jpg,x,http://example.org/3.jpg,ok,,,,7.68,45.07\n",
    }
    rows = [
        sample("a", name="fmow_stadium_1.jpg", caption=FMOW),
        sample("b", name="fmow_port_2.jpg"),
        sample("c", name="yfcc_3.jpg"),
        sample("d", name="fmow_other_9.jpg", caption=FMOW),
    ]
    catalogue = indexed(tmp_path, *rows, joins=joins)

    assert told(catalogue, "country") == [("Italy",)] * 4, "one spelling for ITA, Italy and the point's own"
    assert told(catalogue, "geo_tier, geo_origin, point_kind, utm_zone, utm_band, country_code") == [
        ("point", "join", "corner", 32, "T", "IT"),
        ("point", "join", "corner", 32, "T", "IT"),
        ("point", "join", None, 32, "T", "IT"),
        ("zone", "caption", None, 32, "T", "IT"),
    ]
    assert "UTM zone 31T was given, but the point lies in 32T; the point's is taken" in notes(catalogue)[1]
    assert not any("UTM zone" in note for note in notes(catalogue)[0])


def test_around_a_pole_there_is_no_zone_whatever_a_table_says(tmp_path: Path) -> None:
    columns = {"latitude": 89.0, "longitude": 5.0, "utm_zone": 33, "utm_band": "X", "utm_hemisphere": "N"}
    catalogue = indexed(tmp_path, sample("pole", columns=columns))

    assert told(catalogue, "geo_tier, utm_zone, utm_band, utm_hemisphere") == [("point", None, None, None)]
    assert notes(catalogue) == [
        ["UTM zone 33X was given, but the point lies around a pole, where there is none"]
    ]


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("91", "5"), ("0", "0"), ("120", "30"), ("inf", "3"), ("5", "")]
)
def test_impossible_places_of_a_metadata_file_are_noted_for_their_sample(
    tmp_path: Path, latitude: str, longitude: str
) -> None:
    header = "img_name,text,url,download_status,meta_caption,country,month,longitude,latitude\n"
    joins = {"labels.csv": f"{header}yfcc_1.jpg,x,,ok,,,,{longitude},{latitude}\n"}
    catalogue = indexed(tmp_path, sample("a", name="yfcc_1.jpg"), sample("b", name="yfcc_2.jpg"), joins=joins)

    assert told(catalogue, "geo_tier, latitude") == [("none", None), ("none", None)]
    assert len(catalogue.places.ids) == 0
    assert notes(catalogue) == [["labels.csv: latitude and longitude are no place on Earth; left out"], []]


def test_images_tell_where_they_lie_unless_their_source_does(tmp_path: Path) -> None:
    grid = {"scale": (0.01, 0.01, 0.0), "tie": (0.0, 0.0, 0.0, 10.0, 50.0, 0.0)}
    geo = tiff(**grid, keys=keys(model=2, geographic=4326))
    other = tiff(**grid, keys=keys(model=1, projected=27700))
    photo = jpeg({1: "N", 2: (48.0, 51.0, 0.0), 3: "E", 4: (2.0, 21.0, 0.0)})
    zero = jpeg({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)})
    folder = tmp_path / "images"
    rows = [
        sample("geo", geo, folder),
        sample("photo", photo, folder),
        sample("told", photo, folder, columns={"latitude": 1.0, "longitude": 2.0}),
        sample("other", other, folder),
        sample("zero", zero, folder),
    ]
    catalogue = indexed(tmp_path, *rows)

    assert told(catalogue, "geo_origin, point_kind, latitude, longitude") == [
        ("geotiff", "centre", 49.76, 10.32),
        ("exif", None, 48.85, 2.35),
        ("table", None, 1.0, 2.0),
        (None, None, None, None),
        (None, None, None, None),
    ]
    assert "EPSG:27700" in notes(catalogue)[3][0]
    assert "unknown place" in notes(catalogue)[4][0]


def test_a_template_that_cannot_be_taken_apart_is_noted(tmp_path: Path) -> None:
    rows = [sample("fmow_1", caption="a stadium, seen from above"), sample("laion2b_1", caption="a stadium")]

    assert notes(indexed(tmp_path, *rows)) == [[NOT_PARSED], []]


def test_every_template_of_the_dump_is_taken_apart(realdata: Path, tmp_path: Path) -> None:
    with (realdata / "rs5m" / "rs3_dump.csv").open(encoding="utf-8", newline="") as file:
        lines = [row for row in csv.reader(file) if row[0].startswith(("fmow", "ben"))]
    rows = [sample(str(number), name=row[0], caption=row[1]) for number, row in enumerate(lines)]
    catalogue = indexed(tmp_path, *rows)
    counts = catalogue.connect().execute(
        """
        SELECT source, count(*), count(meta_caption), count(utm_zone), count(taken_at), count(season)
        FROM samples GROUP BY source ORDER BY source
        """
    )

    assert counts.fetchall() == [("BigEarthNet", *[1724] * 5), ("FMoW", *[3469] * 5)]
    assert not any(NOT_PARSED in found for found in notes(catalogue))
    whole = ("gsd_m", "cloud_cover", "off_nadir_deg", "azimuth_deg", "city", "utm_band", '"class"')
    counted = ", ".join(f"count({column})" for column in whole)
    found = catalogue.connect().execute(f"SELECT {counted} FROM samples WHERE source = 'FMoW'")  # noqa: S608
    assert found.fetchone() == (3469,) * len(whole)


@pytest.mark.parametrize(
    ("latitude", "longitude", "says"),
    [
        (91.0, 5.0, "beyond the pole"),
        (120.0, 30.0, "perhaps swapped with longitude 30"),
        (5.0, 181.0, "beyond 180 degrees"),
        (0.0, 0.0, "unknown place"),
        ("nan", "nan", None),
        ("inf", 3.0, "is no number"),
    ],
)
def test_impossible_places_are_noted_and_never_drawn(
    tmp_path: Path, latitude: object, longitude: object, says: str | None
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f"file_name,caption,latitude,longitude\na,x,{latitude},{longitude}\n", encoding="utf-8")
    shards = find_shards([str(table)], SourceOptions())
    catalogue = build(shards, ColourEncoder(), tmp_path / "out", paths=[str(table)])

    assert told(catalogue, "geo_tier, latitude") == [("none", None)]
    assert len(catalogue.places.ids) == 0
    if says:
        assert says in " ".join(notes(catalogue)[0])
