"""`/map.svg`, `/map.png` and `/map.html`: a view to take along, with nothing in it that runs or loads."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.atlas import countries
from app.main import create_app
from app.query import BBox
from app.settings import Settings
from app.views import amounts
from app.views.map_picture import WIDTH, Frame
from tests.catalogues import make_catalogue

HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(2)}`{{ 7 * 7 }}{% raw %}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    rows = [
        {
            "caption": HOSTILE,
            "class": HOSTILE,
            "latitude": 10.0,
            "longitude": 20.0,
            "url": "javascript:1",
        },
        {"caption": "another", "latitude": -10.0, "longitude": -20.0, "url": "https://example.org/a.jpg"},
        {"geo_tier": "zone", "utm_zone": 34, "utm_hemisphere": "N"},
    ]
    world = make_catalogue(tmp_path_factory.mktemp("hostile") / "world", rows)
    return TestClient(create_app(world, Settings()), base_url="http://127.0.0.1")


def circles(svg: str) -> list[tuple[float, float]]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - this project's own
    group = root.findall(f"{SVG}g")[0]
    return [(float(mark.attrib["cx"]), float(mark.attrib["cy"])) for mark in group.iter(f"{SVG}circle")]


def test_every_point_is_a_circle_where_it_lies(client: TestClient) -> None:
    answer = client.get("/map.svg", params={"view": "-180,-60,180,60", "class": "airport"})
    drawn = circles(answer.text)

    listed = client.get("/api/map", params={"view": "-180,-60,180,60", "class": "airport"}).json()["points"]
    frame = Frame.around(BBox(-180, -60, 180, 60))
    assert len(drawn) == len(listed) > 3
    assert set(drawn) == {frame.place(point["longitude"], point["latitude"]) for point in listed}
    assert answer.headers["content-type"] == "image/svg+xml"
    assert re.search(r'filename="rs5m-map-class-airport-\w+\.svg"', answer.headers["content-disposition"])


def test_the_picture_says_what_it_shows(client: TestClient) -> None:
    text = client.get("/map.svg", params={"class": "airport", "bbox": "-180,-60,180,0"}).text

    assert "Class: airport - Area: 60.00° S to 0.00° N" in text
    assert re.search(r"\d+ samples? in view", text)


def test_a_png_has_two_pixels_a_unit_and_letters(client: TestClient) -> None:
    picture = Image.open(io.BytesIO(client.get("/map.png").content))
    below = np.asarray(picture.convert("L"))[-120:, : WIDTH // 2]

    assert picture.format == "PNG"
    assert picture.width == 2 * WIDTH
    assert (below < 128).sum() > 500


def test_likeness_is_drawn_for_every_sample(client: TestClient) -> None:
    text = client.get("/map.svg", params={"like": 0, "colour": "similarity"}).text

    assert "Mean cosine with the query" in text
    assert len(circles(text)) == 30


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/map.svg?view=1,2", "view"),
        ("/map.png?nonsense=1", "nonsense"),
        ("/map.html?colour=red", "colour"),
        ("/map.svg?colour=similarity&bbox=0,0,1,1&zone=99", "zone"),
        ("/map.gif", "form"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(client: TestClient, path: str, says: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 400
    assert says in answer.text


class Scripts(HTMLParser):
    """Collects what a page loads and runs."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]


def facts_of(page: str) -> dict[str, object]:
    found = re.search(r"drawMapFile\(L\.map\([^)]*\), (\{.*\})\);", page)
    assert found is not None
    facts: dict[str, object] = json.loads(found[1])
    return facts


def test_the_html_file_loads_nothing(hostile: TestClient) -> None:
    page = hostile.get("/map.html").text
    read = Scripts()
    read.feed(page)

    assert read.loaded == []
    assert "folium" in page or "drawMapFile" in page
    assert page.count("<script") == page.count("</script>") == 3


def test_hostile_captions_stay_text_in_the_html_file(hostile: TestClient) -> None:
    page = hostile.get("/map.html", params={"class": HOSTILE}).text
    read = Scripts()
    read.feed(page)

    assert "img" not in read.tags
    assert "49" not in page.split("<header>")[1].split("</header>")[0]
    (point,) = facts_of(page)["points"]  # type: ignore[misc]
    assert point["caption"] == HOSTILE


def test_the_html_file_holds_points_zones_and_pictures(client: TestClient, hostile: TestClient) -> None:
    page = hostile.get("/map.html").text
    facts = facts_of(page)
    assert [zone["zone"] for zone in facts["zones"]] == [34]  # type: ignore[attr-defined]
    assert len(facts["marks"]) == len(facts["points"]) == 2  # type: ignore[arg-type]
    assert "non-commercial" in page

    pictured = facts_of(client.get("/map.html", params={"class": "airport"}).text)["points"]
    assert pictured
    assert all(point["picture"].startswith("data:image/jpeg;base64,") for point in pictured)  # type: ignore[attr-defined]


def test_a_picture_may_run_nothing(hostile: TestClient) -> None:
    answer = hostile.get("/map.svg", params={"class": HOSTILE})

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert ElementTree.fromstring(answer.text).tag == f"{SVG}svg"  # noqa: S314
    assert "<img" not in answer.text


@given(st.floats(-180, 180), st.floats(-80, 70), st.floats(0.01, 359), st.floats(0.01, 60))
def test_a_frame_shows_all_of_the_view(west: float, south: float, width: float, height: float) -> None:
    view = BBox.parse(f"{west},{south},{west + width},{min(south + height, 84)}")
    frame = Frame.around(view)

    assert 400 <= frame.height <= 1280
    for longitude in (view.west, view.west + ((view.east - view.west) % 360) / 2):
        for latitude in (view.south, view.north):
            x, y = frame.place(longitude, latitude)
            assert -1 <= x <= WIDTH + 1 or x % (frame.side) < 1
            assert -1 <= y <= frame.height + 1


def test_the_atlas_covers_the_land_in_rings_without_jumps() -> None:
    rings = [ring for polygon in countries() for ring in polygon]

    assert len(rings) > 280
    assert max(float(np.abs(np.diff(ring[:, 0])).max()) for ring in rings if abs(ring[:, 1]).max() < 89) < 180
    assert all((ring[0] == ring[-1]).all() for ring in rings)


def test_steps_are_those_of_the_page_s_legend() -> None:
    assert amounts.breaks(1) == [1]
    assert amounts.breaks(8032) == [1, 4, 10, 50, 200, 600, 2000]
    assert amounts.ranges([1, 4, 10])[:2] == [(amounts.COLOURS[0], "1 to 3"), (amounts.COLOURS[3], "4 to 9")]
    assert amounts.colour(5, [1, 4, 10]) == amounts.COLOURS[3]
