"""`/samples/{id}`: everything known about one sample, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.app.conftest import KEPT
from tests.app.pages.conftest import Get, getter
from tests.catalogues import make_catalogue

POINT = {"geo_tier": "point", "latitude": 45.07, "longitude": 7.68, "country_code": "IT", "mgrs": "32TLQ9692"}


@pytest.fixture(scope="module")
def get_placed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """Gets a page of three samples: a point that is a corner, one that is a centre, and a zone."""
    rows = [
        POINT | {"country": "Italy", "geo_origin": "join", "point_kind": "corner"},
        POINT | {"geo_origin": "geotiff", "point_kind": "centre"},
        {"geo_tier": "zone", "geo_origin": "patch_name", "utm_zone": 35, "utm_hemisphere": "N"},
    ]
    folder: Path = tmp_path_factory.mktemp("placed") / "catalogue"
    with (
        make_catalogue(folder, rows, np.eye(3, 8)) as made,
        TestClient(create_app(made, Settings()), base_url="http://127.0.0.1") as client,
    ):
        yield getter(client)


@pytest.mark.parametrize(
    ("id_", "said", "unsaid"),
    [
        (0, ("a corner of the scene, not its centre", "a metadata file", "32TLQ9692", "Italy - IT"), ()),
        (1, ("the scene's centre", "the image's GeoTIFF tags", "32TLQ9692", "IT"), ("corner",)),
        (2, ("a UTM zone only", "the name of the patch"), ("The point is", "MGRS cell", "Country")),
    ],
)
def test_a_place_says_how_it_is_known(
    get_placed: Get, id_: int, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    table = " | ".join(cell.text for cell in get_placed(f"/samples/{id_}").all("td"))
    headings = " | ".join(cell.text for cell in get_placed(f"/samples/{id_}").all("th"))
    assert all(fact in table for fact in said)
    assert not any(fact in f"{headings} | {table}" for fact in unsaid)


def test_a_sample_shows_picture_caption_place_and_ledger(get: Get) -> None:
    page = get("/samples/0")
    image = page.one("img")
    assert image.attributes["src"].startswith("/images/0?size=1024")
    assert image.attributes["alt"] == "An aerial photograph of a airport, picture 0."
    assert "Kept: no stage removed it." in page.one("section", "ledger").text
    assert page.one("div", "mini-map").attributes["data-latitude"] == "-60.0"
    assert "60.0000° S, 177.0000° W" in " ".join(td.text for td in page.all("td"))


def test_previous_and_next_end_where_the_catalogue_does(get: Get) -> None:
    first, last = get("/samples/0"), get(f"/samples/{KEPT + 3}")
    assert not first.all("a", rel="prev")
    assert first.one("a", rel="next").attributes["href"] == "/samples/1"
    assert last.one("a", rel="prev").attributes["href"] == f"/samples/{KEPT + 2}"
    assert not last.all("a", rel="next")


def test_a_duplicate_points_to_the_copy_that_was_kept(get: Get) -> None:
    page = get(f"/samples/{KEPT}")
    ledger = page.one("section", "ledger").text
    assert "Removed by the duplicate stage: near duplicate." in ledger
    assert "The stage measured 0.99, held against 0.95." in ledger
    assert page.link("sample 0.") == "/samples/0"


def test_a_sample_without_a_picture_shows_its_caption_instead(get: Get) -> None:
    page = get(f"/samples/{KEPT + 2}")
    assert not page.all("img")
    assert page.one("blockquote").text == "airport runway seen in a report"


def test_the_strip_holds_the_nearest_samples(get: Get) -> None:
    strip = get("/samples/0/neighbours", HX_Request="true")
    captions = [image.attributes["alt"] for image in strip.all("img")]
    assert len(captions) == 16
    assert all("of a airport" in caption for caption in captions[:9])
    assert "/samples/0" not in {a.attributes["href"] for a in strip.all("a")}


def test_copy_buttons_name_the_sample_and_its_catalogue(get: Get) -> None:
    page = get("/samples/7")
    buttons = {b.text: b.attributes for b in page.all("button")}
    assert buttons["Id"]["data-copy"] == "7"
    assert buttons["Address"]["data-copy-url"] == "/samples/7"
    assert buttons["JSON"]["data-copy-from"] == "/api/samples/7"
    assert "arXiv:2306.11300" in buttons["Citation"]["data-copy"]


def test_an_unknown_sample_is_a_page_that_says_what_there_is(get: Get) -> None:
    page = get("/samples/4000", status=404)
    assert page.one("h1").text == "There is no sample 4000."
    assert "0 to 63" in page.one("main").text
