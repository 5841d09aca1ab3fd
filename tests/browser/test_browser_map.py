"""The map follows the hand, and its view is a filter."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open


def drag(page: Page, right: int, down: int) -> None:
    box = page.locator(".folium-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=8)
    page.mouse.up()


def test_panning_asks_the_server_for_the_new_view_and_moves_the_address(open_page: Open) -> None:
    page = open_page("/map")
    expect(page.locator("#map-status")).to_contain_text("in view")
    expect(page.locator(".map-land").first).to_be_attached()
    before = page.url
    with page.expect_response(re.compile("/api/map")) as answer:
        drag(page, 300, 0)
    assert answer.value.json()["in_view"] >= 0
    page.wait_for_function("before => location.href !== before", arg=before)
    expect(page).to_have_url(re.compile(r"#\d+(\.\d+)?/-?\d+\.\d+/-?\d+\.\d+$"))


def test_a_view_becomes_a_search(open_page: Open) -> None:
    page = open_page("/map#5/50/8")
    expect(page.locator("#map-status")).to_contain_text("in view")
    shown = re.search(r"^[\d,]+", page.locator("#map-status").inner_text())
    assert shown is not None
    page.locator("#search-here").click()
    page.wait_for_url(re.compile(r"/\?bbox="))
    expect(page.locator(".chip")).to_contain_text("Area")
    expect(page.locator("#truth")).to_contain_text(re.compile(rf"^{shown[0]} of "))


def test_a_filter_redraws_the_map_in_place(open_page: Open) -> None:
    page = open_page("/map")
    expect(page.locator("#map-status")).to_contain_text("in view")
    with page.expect_response(re.compile(r"/api/map\?source=FMoW")) as answer:
        page.locator(".facet-value", has_text="FMoW").click()
    in_view = answer.value.json()["in_view"]
    expect(page.locator("#map-status")).to_contain_text(f"{in_view} sample")


def test_tiers_are_told_apart_and_zones_can_be_hidden(open_page: Open) -> None:
    page = open_page("/map")
    expect(page.locator("#map-legend")).to_contain_text("UTM zone only")
    expect(page.locator(".map-zone").first).to_be_attached()
    page.locator("#map-legend input").uncheck()
    expect(page.locator(".map-zone")).to_have_count(0)


def test_a_point_shows_its_picture_and_leads_to_its_sample(open_page: Open) -> None:
    page = open_page("/map")
    page.locator(".map-point").first.dispatch_event("click")
    popup = page.locator(".leaflet-popup-content a")
    expect(popup).to_have_attribute("href", re.compile(r"^/samples/\d+$"))
    expect(popup.locator("img")).to_have_js_property("naturalWidth", 128)


def test_a_sample_with_a_point_has_a_small_map(open_page: Open) -> None:
    page = open_page("/?coordinates=yes")
    page.locator(".card-link").first.click()
    expect(page.locator(".mini-map .map-point")).to_be_attached()
    expect(page.locator(".mini-map .map-land").first).to_be_attached()
