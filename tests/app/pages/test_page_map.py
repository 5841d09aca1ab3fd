"""`/map`: a folium map whose every asset is this site's own."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings, read_settings
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from tests.app.pages.conftest import Get


def test_the_page_says_what_has_a_place_and_what_has_not(get: Get) -> None:
    assert get("/map").one("p", id="truth").text == "30 of 62 samples have a point - 32 no place to draw"


def test_each_tier_leads_to_its_samples(get: Get) -> None:
    links = {a.text: a.attributes["href"] for a in get("/map").all("a")}

    assert links["30 of 62 samples have a point"] == "/?tier=point"
    assert links["32 no place to draw"] == "/?tier=none"


def test_the_map_is_folium_s_with_own_assets_and_the_page_s_nonce(client: TestClient, get: Get) -> None:
    answer = client.get("/map")
    nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", answer.headers["content-security-policy"])
    assert nonce is not None
    page = get("/map")
    assert page.one("div", "folium-map")
    assert "L.map(" in answer.text
    assert f'<script nonce="{nonce[1]}">' in answer.text
    loaded = [
        e.attributes.get("src") or e.attributes.get("href") for e in page.all("script") + page.all("link")
    ]
    assert all(address is None or address.startswith("/static/") for address in loaded)
    assert {"/static/vendor/leaflet/leaflet.js", "/static/vendor/leaflet/leaflet.css"} <= set(loaded)


def test_nothing_in_a_page_needs_an_inline_style_or_handler(client: TestClient) -> None:
    for address in ("/", "/captions", "/map", "/stages", "/samples/0", "/about", "/docs", "/facets?page=/"):
        html = client.get(address, headers={"accept": "text/html"}).text
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html), address
        assert not re.search(r"<script(?![^>]*(src=|nonce=))", html), address


def test_the_first_view_holds_every_point(client: TestClient) -> None:
    assert "fitBounds" in client.get("/map").text
    corners = re.search(r"fitBounds\(\s*\[\[(.+?)\], \[(.+?)\]\]", client.get("/map?class=airport").text)
    assert corners is not None
    south, west = (float(value) for value in corners[1].split(","))
    assert (south, west) == (-60.0, -177.0)


def test_search_in_this_view_keeps_the_filters(get: Get) -> None:
    link = get("/map?class=airport&bbox=-10,-10,10,10").one("a", id="search-here")
    assert link.attributes["data-parameters"] == "class=airport&bbox=-10%2C-10%2C10%2C10"


def test_an_area_is_a_chip(get: Get) -> None:
    chips = [a.text for a in get("/map?bbox=-98,28,-93,32").all("a", "chip")]
    assert chips == ["Area 28.00 to 32.00° N, 98.00 to 93.00° W (remove)"]


def test_areas_are_drawn_as_they_are(get: Get) -> None:
    answer = get("/map?polygon=170,0;-170,0;-170,10&near=0,0,100&around=-180,-60,180,60").one(
        "div", id="answer"
    )
    areas = json.loads(answer.attributes["data-areas"] or "")

    assert [name for name, _ in areas] == ["polygon", "near", "around"]
    assert areas[0][1][0] == areas[0][1][-1] == [170.0, 0.0]
    assert [190.0, 10.0] in areas[0][1]


def test_colours_by_likeness_are_offered_where_there_is_something_to_be_like(get: Get) -> None:
    plain, liked = get("/map"), get("/map?like=0")
    shown = get("/map?like=0&colour=similarity").one("div", id="answer")

    assert not [a for a in plain.all("a") if a.text == "Similarity"]
    (link,) = [a for a in liked.all("a") if a.text == "Similarity"]
    assert link.attributes["href"] == "/map?like=0&colour=similarity"
    low, high = json.loads(shown.attributes["data-scale"] or "")
    assert low < high


def test_a_link_that_takes_the_text_away_takes_the_colours_too(get: Get) -> None:
    answer = get("/map?colour=similarity").one("div", id="answer")

    assert "data-scale" not in answer.attributes
    assert answer.attributes["data-parameters"] == ""


def test_what_is_in_view_goes_on_with_the_filters(get: Get) -> None:
    page = get("/map?class=airport&like=0")
    links = {a.text: a.attributes for a in page.all("a") if "data-view" in a.attributes}

    assert set(links) == {
        "Similar scenes", "Filter", "Gallery",
        "Samples, CSV", "Samples, GeoJSON", "Map, one HTML file", "Picture, PNG", "Picture, SVG",
    }  # fmt: skip
    assert links["Similar scenes"]["data-parameters"] == "class=airport"
    assert links["Gallery"]["href"] == "/?like=0&class=airport"
    assert links["Samples, CSV"]["data-parameters"] == "like=0&class=airport&coordinates=yes"
    for attributes in links.values():
        assert attributes["data-view"] in ("bbox", "around", "view")


def test_tiles_of_one_s_own_are_let_through_and_no_others(catalogue: Catalogue) -> None:
    settings = Settings(tile_url="https://tiles.example.org/{z}/{x}/{y}.png", tile_attribution="(c) Example")
    with TestClient(create_app(catalogue, settings), base_url="http://127.0.0.1") as own:
        answer = own.get("/map")

    assert (
        "img-src 'self' data: blob: https://tiles.example.org;" in answer.headers["content-security-policy"]
    )
    assert '"url": "https://tiles.example.org/{z}/{x}/{y}.png"' in answer.text


@pytest.mark.parametrize(
    "url",
    [
        "ftp://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://a b; script-src */{z}/{x}/{y}",
        "/{z}/{x}/{y}",
    ],
)
def test_what_is_no_address_of_tiles_is_refused(url: str) -> None:
    with pytest.raises(UserError, match="RS5M_TILE_URL"):
        read_settings(tile_url=url)
