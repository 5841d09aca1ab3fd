from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from app.query import Filters, Query, search
from app.query.batches import COLUMNS
from app.query.export import export, exported
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
PLAIN = ['say "hi", twice', "two\nlines", "Nil?polis, 314.30°", "日本 🛰", "a=b", "O'Hare", "", " =1"]


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.fixture
def hostile(tmp_path: Path) -> Catalogue:
    rows = [{"caption": text, "name": text} for text in FORMULAS + PLAIN]
    rows[0] |= {
        "latitude": -29.763028000000002,
        "longitude": 95.0,
        "gsd_m": 0.3,
        "month": 7,
        "phash": 2**64 - 1,
        "taken_at": datetime(2016, 7, 4, 10),
        "entities": ["Paris", 'L"A'],
        "extra": '{"a": 1}',
    }
    return make_catalogue(tmp_path / "hostile", rows, np.eye(len(rows)))


def test_a_spreadsheet_runs_nothing_and_reads_the_rest_as_written(hostile: Catalogue) -> None:
    rows = read(b"".join(export(hostile, Query()).chunks))

    assert [row["caption"] for row in rows] == [f"'{text}" for text in FORMULAS] + PLAIN
    assert all(row["name"] == row["caption"] for row in rows)


def test_numbers_stay_numbers_with_the_fewest_digits(hostile: Catalogue) -> None:
    row = read(b"".join(export(hostile, Query()).chunks))[0]

    assert (row["latitude"], row["longitude"], row["gsd_m"]) == ("-29.763028000000002", "95.0", "0.3")
    assert (row["month"], row["phash"], row["taken_at"]) == ("7", str(2**64 - 1), "2016-07-04T10:00:00")
    assert (row["entities"], row["extra"], row["width"]) == ('["Paris","L\\"A"]', '{"a": 1}', "")


def test_lines_end_as_rfc_4180_says(hostile: Catalogue) -> None:
    content = b"".join(export(hostile, Query()).chunks)

    assert content.startswith(b"id,key,name,source,")
    assert content.endswith(b"kept\r\n")
    assert not content.startswith(b"\xef\xbb\xbf")


def test_a_list_holds_every_match_by_id(catalogue: Catalogue) -> None:
    query = Query(filters=Filters(source=("FMoW",)), cursor="50.1.1")

    made = export(catalogue, query)
    rows = read(b"".join(made.chunks))

    found = search(catalogue, query.with_(k=1000))
    assert len(rows) == made.rows == found.matching == exported(query, found.found)
    assert [int(row["id"]) for row in rows] == sorted(hit.id for hit in found.hits)
    assert list(rows[0]) == [column.name for column in COLUMNS]


def test_words_in_the_order_of_a_sort_have_ranks_and_no_scores(tmp_path: Path) -> None:
    rows = [{"caption": text} for text in ("a river", "a road", "a longer river")]
    with make_catalogue(tmp_path / "catalogue", rows) as made:
        content = b"".join(export(made, Query(q="river", mode="caption", sort="longest")).chunks)

    assert [(row["rank"], row["score"], row["id"]) for row in read(content)] == [
        ("1", "", "2"),
        ("2", "", "0"),
    ]


def test_a_ranking_holds_the_best_k_in_order(catalogue: Catalogue) -> None:
    made = export(catalogue, Query(like=(3,), k=25))
    rows = read(b"".join(made.chunks))

    hits = search(catalogue, Query(like=(3,), k=25)).hits
    assert [(int(row["rank"]), int(row["id"]), float(row["score"])) for row in rows] == [
        (hit.rank, hit.id, hit.score) for hit in hits
    ]
    assert made.rows == 25
    assert list(rows[0])[:3] == ["rank", "score", "id"]


def test_k_may_be_all(catalogue: Catalogue) -> None:
    made = export(catalogue, Query(like=(3,), k=10**9))

    assert len(read(b"".join(made.chunks))) == made.rows == 59


def test_no_match_is_a_header(catalogue: Catalogue) -> None:
    made = export(catalogue, Query(filters=Filters(class_=("moon",))))

    assert (made.rows, len(b"".join(made.chunks).splitlines())) == (0, 1)


def test_more_rows_than_one_batch_all_come(tmp_path: Path) -> None:
    with make_catalogue(tmp_path / "many", [{"caption": str(number)} for number in range(4001)]) as many:
        rows = read(b"".join(export(many, Query()).chunks))

    assert [row["caption"] for row in rows] == [str(number) for number in range(4001)]


def test_the_file_name_says_query_and_catalogue(catalogue: Catalogue) -> None:
    identity = catalogue.manifest.catalogue_id
    query = Query(q='Ships; rm -rf "/"', mode="caption", filters=Filters(source=("FMoW",)))

    assert export(catalogue, query).filename == f"rs5m-ships-rm-rf-source-fmow-{identity}.csv"
    assert export(catalogue, Query()).filename == f"rs5m-all-{identity}.csv"
    assert export(catalogue, Query(like=(7,))).filename == f"rs5m-like-7-{identity}.csv"


@pytest.mark.parametrize("k", [None, 5, 40])
def test_a_list_is_written_in_its_order_stretch_by_stretch(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, k: int | None
) -> None:
    monkeypatch.setattr("app.query.export._ROWS_AT_ONCE", 3)
    monkeypatch.setattr("app.query.listing._BLOCK", 8)
    query = Query(filters=Filters(subset=("PUB11", "RS3")), sort="longest", k=k)
    made = export(catalogue, query)
    listed = [hit.id for hit in search(catalogue, query, limit=k or 100).hits]

    rows = read(b"".join(made.chunks))

    assert [int(row["id"]) for row in rows] == listed
    assert made.rows == len(rows)


def test_geojson_has_the_samples_with_a_point_and_what_is_known_of_them(hostile: Catalogue) -> None:
    made = export(hostile, Query(), form="geojson")
    file = json.loads(b"".join(made.chunks))

    assert made.rows == len(file["features"]) == 1
    assert (file["type"], file["catalogue_id"]) == ("FeatureCollection", hostile.manifest.catalogue_id)
    assert "non-commercial" in file["licence"]
    (feature,) = file["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [95.0, -29.763028000000002]}
    facts = feature["properties"]
    assert (facts["caption"], facts["gsd_m"], facts["entities"]) == ("=1+1", 0.3, ["Paris", 'L"A'])
    assert facts["taken_at"] == "2016-07-04T10:00:00"
    assert "width" not in facts


def test_geojson_of_a_ranking_has_ranks_of_samples_with_a_point(catalogue: Catalogue) -> None:
    made = export(catalogue, Query(like=(0,), k=7), form="geojson")
    facts = [feature["properties"] for feature in json.loads(b"".join(made.chunks))["features"]]

    assert [fact["rank"] for fact in facts] == list(range(1, 8))
    assert [fact["score"] for fact in facts] == sorted((fact["score"] for fact in facts), reverse=True)


def test_geojson_of_nothing_is_an_empty_collection(catalogue: Catalogue) -> None:
    nowhere = Query.from_params([("bbox", "0.1,89,0.2,89.5")])

    assert json.loads(b"".join(export(catalogue, nowhere, form="geojson").chunks))["features"] == []


def test_geojson_of_many_batches_is_one_file(tmp_path: Path) -> None:
    rows = [{"latitude": 1.0, "longitude": float(number % 180)} for number in range(20_500)]
    with make_catalogue(tmp_path / "many", rows) as many:
        file = json.loads(b"".join(export(many, Query(), form="geojson").chunks))

    assert [feature["id"] for feature in file["features"]] == list(range(20_500))
