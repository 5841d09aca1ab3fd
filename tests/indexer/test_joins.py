from __future__ import annotations

import csv
from pathlib import Path

import pytest

from indexer.errors import UserError
from indexer.joins import Join, load_joins
from indexer.sources import find_shards

FMOW_META = (
    "passing over Turin, Italy in its Winter, the camera saw stadium at the center. the ground sample "
    "distance is 2.60m. it lies in utm zone 32T, taken at 13 o'clock, August 9, 2016. target azimuth: "
    "314.30? and off-nadir: 33.10?."
)


def join(tmp_path: Path, *lines: str, name: str = "metadata.csv") -> Join:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    [found] = load_joins([path])
    return found


def test_fmow_geometa_gives_a_point_and_a_band(tmp_path: Path) -> None:
    found = join(
        tmp_path,
        "img_name,geometa_cap,country,month,latitude,longitude,utm",
        f'stadium_211_3_msrgb.jpg,"{FMOW_META}",ITA,8,45.1,7.6,32T',
    )
    columns = found.lookup("fmow_stadium_211_3_msrgb.jpg")
    assert columns is not None
    assert columns["meta_caption"] == FMOW_META.replace("?", "°")
    assert (columns["country"], columns["city"], columns["class"]) == ("ITA", "Turin", "stadium"), (
        "the column wins"
    )
    assert (columns["latitude"], columns["longitude"], columns["month"]) == (45.1, 7.6, 8)
    assert (columns["utm_zone"], columns["utm_band"], columns["utm_hemisphere"]) == (32, "T", "N")
    report = found.report()
    assert (report.kind, report.rows, report.joined, report.not_joined) == ("FMoW geometa", 1, 1, 0)


def test_bigearthnet_geometa_names_rows_by_number_and_has_hemispheres(tmp_path: Path) -> None:
    found = join(
        tmp_path, "img_name,geometa_cap,country,month,utm", "258884,,,7,29N", "9.jpg,,,July,34S", "77,,,7,35V"
    )
    assert found.lookup("ben_258884.jpg") == {"month": 7, "utm_zone": 29, "utm_hemisphere": "N"}
    assert found.lookup("ben_9.jpg") == {"month": 7, "utm_zone": 34, "utm_hemisphere": "S"}
    assert found.lookup("laion2b_258884.jpg") is None, "a number is nobody else's name"
    assert found.lookup("258884.jpg") is None, "and proves nothing by itself"
    assert found.lookup("ben_77.jpg") == {"month": 7}
    assert found.report().notes == ("1 row: utm names no zone; left out",)
    assert (found.report().joined, found.report().not_joined, found.report().samples) == (3, 0, 3)


def test_label_files_give_places_and_addresses_but_never_captions(tmp_path: Path) -> None:
    found = join(
        tmp_path,
        "img_name,text,url,download_status,meta_caption,country,month,longitude,latitude",
        "yfcc15m_1.jpg,a lake,https://example.org/1.jpg,success,taken in Chad,Chad,March,14.5,13.1",
        "yfcc15m_2.jpg,a sea,,,,,0,7,91",
        "yfcc15m_3.jpg,a sea,,,,,,0,0",
        "yfcc15m_4.jpg,a sea,,,,,,nan,nan",
    )
    assert found.lookup("yfcc15m_1.jpg") == {
        "url": "https://example.org/1.jpg",
        "download_status": "success",
        "meta_caption": "taken in Chad",
        "country": "Chad",
        "month": 3,
        "longitude": 14.5,
        "latitude": 13.1,
    }
    assert [found.lookup(f"yfcc15m_{number}.jpg") for number in (2, 3, 4)] == [{}, {}, {}]
    assert found.report().notes == (
        "2 rows: latitude and longitude are no place on Earth; left out",
        "1 row: month is no month; left out",
    )


def test_ratings_are_means_and_blanks_are_nothing(tmp_path: Path) -> None:
    found = join(
        tmp_path,
        "image_path,description,relevance_detail,hallucination,fluency",
        "static/millionaid_P1.jpg,text,5,4,5",
        "static/millionaid_P1.jpg,text,2,,4",
        "static/millionaid_P2.jpg,text,,9,nice",
    )
    assert found.lookup("millionaid_P1.jpg") == {"relevance": 3.5, "hallucination": 4.0, "fluency": 4.5}
    assert found.lookup("millionaid_P2.jpg") == {}
    report = found.report()
    assert (report.rows, report.joined, report.samples) == (3, 3, 2)
    assert report.notes == (
        "1 row: fluency is no score from 1 to 5; left out",
        "1 row: hallucination is no score from 1 to 5; left out",
    )


@pytest.mark.parametrize(
    ("cell", "entities"),
    [
        ("['Paris', \"Val-d'Oise\", 'Paris']", ["Paris", "Val-d'Oise"]),
        ("['S\\u00e3o Paulo',]", ["S\u00e3o Paulo"]),
        ("[]", []),
        ("", None),
        ("[__import__('os').system('true')]", None),
        ("['a', ['b']]", None),
        ("[" * 5000, None),
        ("'Paris'", None),
        ("['a' 'b']", None),
        ("['" + "x" * 30_000 + "']", None),
    ],
)
def test_entities_are_lists_of_strings_and_nothing_else(
    tmp_path: Path, cell: str, entities: list[str] | None
) -> None:
    path = tmp_path / "ner.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("img_name", "text", "entity"), ("cc3m_1.jpg", "a caption", cell)])
    [found] = load_joins([path])
    assert found.lookup("cc3m_1.jpg") == ({} if entities is None else {"entities": entities})


def test_rows_that_no_image_has_are_counted(tmp_path: Path) -> None:
    found = join(
        tmp_path,
        "img_name,url",
        "cc3m_1.jpg,https://example.org/1",
        "cc3m_1.jpg,https://example.org/again",
        "cc3m_2.jpg,https://example.org/2",
        ",https://example.org/3",
        "cc3m_4.jpg,too,many",
    )
    assert found.lookup("cc3m_1.jpg") == {"url": "https://example.org/1"}, "the first row counts"
    assert found.lookup("cc3m_9.jpg") is None
    report = found.report()
    assert (report.rows, report.joined, report.not_joined, report.samples) == (5, 2, 3, 1)
    assert report.notes == (
        "1 row: an earlier row names the same image; left out",
        "1 row: the row cannot be read; left out",
        "1 row: the row names no image; left out",
    )


def test_folders_join_only_where_they_agree(tmp_path: Path) -> None:
    found = join(
        tmp_path, "img_name,url", "damage/x1.jpeg,https://example.org/d", "y1.jpeg,https://example.org/y"
    )
    assert found.lookup("data/damage/x1.jpeg") is not None
    assert found.lookup("x1.jpeg") is not None
    assert found.lookup("no_damage/x1.jpeg") is None
    assert found.lookup("anywhere/y1.jpg") is not None, "another suffix is the same image"


def test_prefixes_join_only_where_they_agree(tmp_path: Path) -> None:
    found = join(
        tmp_path,
        "img_name,url",
        "fmow_barn_1_0_rgb.jpg,https://example.org/f",
        "P17.jpg,https://example.org/p",
    )
    assert found.lookup("barn_1_0_rgb.png") is not None
    assert found.lookup("millionaid_barn_1_0_rgb.jpg") is None
    assert found.lookup("millionaid_P17.jpg") is not None


def test_files_that_cannot_be_joined_say_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not known: a, b") as caught:
        join(tmp_path, "a,b", "1,2")
    assert "geometa" in caught.value.hint
    with pytest.raises(UserError, match="is no table"):
        join(tmp_path, "img_name,url", name="labels.txt")
    with pytest.raises(UserError, match="is a pickle"):
        join(tmp_path, "x", name="labels.pkl")
    with pytest.raises(UserError, match="no file to join"):
        load_joins([tmp_path / "nowhere.csv"])


def test_the_real_ratings_join_the_real_dump(realdata: Path) -> None:
    [ratings] = load_joins([realdata / "rs5m" / "ratings_1_500.csv"])
    names = [
        sample.name
        for shard in find_shards([str(realdata / "rs5m" / "rs3_dump.csv")])
        for sample in shard.read()
    ]
    found = [columns for name in names if (columns := ratings.lookup(name)) is not None]
    report = ratings.report()
    assert (report.rows, report.joined, report.not_joined, report.samples) == (500, 500, 0, 500)
    assert sum(len(columns) == 3 for columns in found) == 499, "one score is blank"
    assert report.notes == ()
