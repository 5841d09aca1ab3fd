"""`/map/zones`: the grid, the long tail, and both as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from indexer.catalogue import Catalogue
from tests.app.pages.conftest import Get, getter
from tests.app.pages.reading import Element, Page
from tests.zoned import HOSTILE, make_zoned_catalogue

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def zoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with make_zoned_catalogue(tmp_path_factory.mktemp("zones") / "world") as made:
        yield made


@pytest.fixture(scope="module")
def zoned_client(zoned: Catalogue) -> Iterator[TestClient]:
    with TestClient(create_app(zoned, Settings()), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def get_zoned(zoned_client: TestClient) -> Get:
    return getter(zoned_client)


def labelled(page: Page) -> list[Element]:
    """Cells and bars: links whose label ends with a number of samples."""
    return [a for a in page.all("a") if a.attributes.get("aria-label", "").endswith(("sample", "samples"))]


def number(words: str) -> int:
    return int(words.rsplit(": ", 1)[-1].split(maxsplit=1)[0].replace(",", ""))


@pytest.mark.parametrize(
    "address",
    [
        "/map/zones",
        "/map/zones?reading=upstream",
        "/map/zones?by=class&source=FMoW&source=BigEarthNet",
        "/map/zones?by=month&country=France&stage=any",
        "/map/zones?by=country&zone=34N",
        "/map/zones?by=source&month=(none)",
    ],
)
def test_every_cell_and_bar_leads_to_as_many_samples_as_it_says(
    get_zoned: Get, zoned_client: TestClient, address: str
) -> None:
    links = labelled(get_zoned(address))

    assert len(links) > 3
    for link in links[::7] + links[-3:]:
        asked = link.attributes["href"].removeprefix("/")
        found = zoned_client.get(f"/api/count{asked}").json()["matching"]
        assert found == number(link.attributes["aria-label"]), (address, asked)


def test_halves_of_zones_stand_apart_from_bands(get_zoned: Get) -> None:
    page = get_zoned("/map/zones")
    words = [link.attributes["aria-label"] for link in labelled(page)]

    assert any(label.startswith("zone 29, northern half: ") for label in words)
    strips = page.all("rect", "zone-strip")
    halves = {label for label in words if "half: " in label and not label[0].isdigit()}
    assert len(strips) == len(halves) > 7
    assert {strip.attributes["width"] for strip in strips} == {"20.0"}
    assert "zone and hemisphere are known, but no band" in page.one("section", "zones-map").text


def test_upstream_s_reading_says_what_is_misplaced(get_zoned: Get) -> None:
    page = get_zoned("/map/zones?reading=upstream&by=class")

    note = page.one("section", "zones-map").text
    assert "a hemisphere, but taken for a band" in note
    assert "BigEarthNet lies between Portugal and Finland" in note
    assert page.all("rect", "zone-strip") == []
    assert page.link("Letters as they are meant") == "/map/zones?by=class"
    assert get_zoned("/map/zones?by=class").link("upstream's plot") == "/map/zones?by=class&reading=upstream"


def test_the_page_names_how_few_groups_hold_half(get_zoned: Get, zoned_client: TestClient) -> None:
    tail = zoned_client.get("/api/map/longtail?by=country").json()

    assert (tail["half"], len(tail["groups"])) == (1, 2)
    words = get_zoned("/map/zones?by=country").one("section", "zones-tail").text
    assert f"2 countries hold {tail['grouped']:,} samples; the largest holds half of them." in words
    assert f"{tail['without']:,} samples have no country." in words


def test_filters_are_kept_everywhere(get_zoned: Get) -> None:
    page = get_zoned("/map/zones?source=BigEarthNet&by=class")

    assert page.one("a", "chip").attributes["href"] == "/map/zones?by=class"
    assert page.link("Month") == "/map/zones?by=month&source=BigEarthNet"
    assert [a.attributes["href"] for a in page.all("a") if a.text == "Map"][-1] == "/map?source=BigEarthNet"
    assert get_zoned("/map?source=FMoW").link("UTM zones") == "/map/zones?source=FMoW"
    fetched = next(e for e in page.all("div") if "hx-get" in e.attributes).attributes["hx-get"]
    facet = get_zoned(fetched, HX_Request="true").link("MillionAID")
    assert facet == "/map/zones?by=class&source=BigEarthNet&source=MillionAID"


def test_htmx_gets_the_answer_alone(get_zoned: Get) -> None:
    page = get_zoned("/map/zones?by=class", HX_Request="true")

    assert page.all("html") == []
    assert page.one("div", id="answer")
    assert page.all("title")[0].text == "UTM zones - RS5M Explorer"


def test_what_ranks_is_left_aside_and_that_is_said(get_zoned: Get) -> None:
    page = get_zoned("/map/zones?q=airport&source=FMoW")

    assert "What ranks samples is left aside" in page.one("p", "notice").text
    assert page.one("a", "chip").text == "Source FMoW (remove)"


def test_without_zones_the_page_says_so(get: Get) -> None:
    page = get("/map/zones")

    assert page.one("p", id="truth").text == "0 of 62 samples have a UTM zone - 62 have none"
    assert "No sample here has a UTM zone" in page.one("section", "zones-map").text
    assert page.all("svg", "zones-grid") == []
    assert get("/map/zones?by=class").all("svg", "tail-figure")


def test_nothing_matches(get_zoned: Get) -> None:
    page = get_zoned("/map/zones?country=Atlantis&by=class")

    assert page.link("Remove Country: Atlantis") == "/map/zones?by=class"
    assert page.all("svg", "tail-figure") == []


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/map/zones?by=colour", "by:"),
        ("/map/zones?reading=tea-leaves", "reading:"),
        ("/map/zones?zone=61", "zone="),
        ("/map/zones.csv?sorce=FMoW", "unknown parameter 'sorce'"),
        ("/map/longtail.svg?q=airport", "unknown parameter 'q'"),
        ("/map/zones.gif", "form:"),
        ("/facets?page=javascript:alert(1)", "page:"),
    ],
)
def test_what_is_wrong_is_said(zoned_client: TestClient, address: str, says: str) -> None:
    answer = zoned_client.get(address)

    assert answer.status_code == 400
    assert says in answer.json()["error"]


@pytest.mark.parametrize(
    "address",
    [
        "/map/zones.svg",
        "/map/zones.svg?reading=upstream&source=BigEarthNet",
        "/map/longtail.svg?by=class",
        "/map/longtail.svg?class=%00%1b%3Cb%3E&by=class",
        "/map/zones.svg?source=nobody",
    ],
)
def test_pictures_are_well_formed_and_start_nothing(zoned_client: TestClient, address: str) -> None:
    answer = zoned_client.get(address)

    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    drawn = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    assert drawn.tag == f"{SVG}svg"
    assert [drawn.find(f"{SVG}{tag}") is not None for tag in ("title", "desc")] == [True, True]
    assert {element.tag for element in drawn.iter()} & {f"{SVG}script", f"{SVG}a", f"{SVG}image"} == set()
    pixels = zoned_client.get(address.replace(".svg", ".png"))
    assert pixels.content.startswith(b"\x89PNG")
    assert int.from_bytes(pixels.content[16:20]) == 2 * int(drawn.attrib["width"])


def test_hostile_class_names_are_text(get_zoned: Get, zoned_client: TestClient) -> None:
    html = zoned_client.get("/map/zones?by=class", headers={"accept": "text/html"}).text
    assert "<script>alert" not in html

    picture = zoned_client.get("/map/longtail.svg?by=class").content
    drawn = ElementTree.fromstring(picture)  # noqa: S314 - our own
    bars = " ".join(element.text or "" for element in drawn.iter(f"{SVG}title"))
    assert '<script>alert("1")</script>' in bars
    assert "bell \N{REPLACEMENT CHARACTER} and \N{REPLACEMENT CHARACTER}" in bars
    for link in labelled(get_zoned("/map/zones?by=class")):
        if "script" in link.attributes["aria-label"]:
            assert unquote(link.attributes["href"]).endswith("</script>")


def test_the_long_tail_as_csv_has_every_group(zoned_client: TestClient) -> None:
    answer = zoned_client.get("/map/longtail.csv?by=class&stage=any")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))

    assert list(rows[0]) == ["rank", "class", "samples", "share", "share_so_far"]
    assert {row["class"] for row in rows} >= {f"'{HOSTILE[1]}", HOSTILE[0], HOSTILE[4]}
    assert [row["rank"] for row in rows] == [str(place) for place in range(1, len(rows) + 1)]
    assert float(rows[-1]["share_so_far"]) == 1
    assert int(answer.headers["x-row-count"]) == len(rows)


def test_zones_as_csv_are_those_of_the_api(zoned_client: TestClient) -> None:
    answer = zoned_client.get("/map/zones.csv?source=FMoW&source=BigEarthNet")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    parts = zoned_client.get("/api/map/zones?source=FMoW&source=BigEarthNet").json()["parts"]

    assert [
        (int(row["zone"]), row["band"] or None, row["hemisphere"], int(row["samples"])) for row in rows
    ] == [(part["zone"], part["band"], part["hemisphere"], part["samples"]) for part in parts]
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1, abs=1e-3)
    assert 'filename="rs5m-zones-source-bigearthnet-source-fmow-' in answer.headers["content-disposition"]


def test_the_json_tells_what_is_not_located(zoned_client: TestClient) -> None:
    ours = zoned_client.get("/api/map/zones").json()
    theirs = zoned_client.get("/api/map/zones?reading=upstream").json()

    assert ours["matching"] == ours["located"] + ours["without"]
    assert sum(part["samples"] for part in ours["parts"]) == ours["located"] == theirs["located"]
    assert ours["hemisphere_only"] == theirs["hemisphere_only"]
    nameless = [part for part in ours["parts"] if part["band"] is None]
    assert sum(part["samples"] for part in nameless) == sum(ours["hemisphere_only"].values())
    assert all(part["band"] for part in theirs["parts"])
