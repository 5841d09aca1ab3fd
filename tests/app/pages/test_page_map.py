"""`/map`: a folium map whose every asset is this site's own."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from tests.app.pages.conftest import Get


def test_the_page_says_what_has_a_place_and_what_has_not(get: Get) -> None:
    assert get("/map").one("p", id="truth").text == "30 of 62 samples have a point - 32 no place to draw"


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
