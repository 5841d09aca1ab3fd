"""The map follows the hand, and its view is a filter."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import duckdb
import pytest
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


@pytest.mark.parametrize(
    ("label", "marks", "others"),
    [("UTM zone only", ".map-zone", ".map-named"), ("named in the caption", ".map-named", ".map-zone")],
)
def test_tiers_are_told_apart_and_each_can_be_hidden(
    open_page: Open, label: str, marks: str, others: str
) -> None:
    page = open_page("/map")
    expect(page.locator(marks).first).to_be_attached()
    page.locator("#map-legend").get_by_label(label).uncheck()
    expect(page.locator(marks)).to_have_count(0)
    expect(page.locator(others).first).to_be_attached()


def test_a_point_shows_its_picture_and_leads_to_its_sample(open_page: Open) -> None:
    page = open_page("/map")
    page.locator(".map-point").first.dispatch_event("click")
    popup = page.locator(".leaflet-popup-content a")
    expect(popup).to_have_attribute("href", re.compile(r"^/samples/\d+$"))
    expect(popup.locator("img")).to_have_js_property("naturalWidth", 128)


def corner(page: Page, across: float, down: float) -> tuple[float, float]:
    box = page.locator(".folium-map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def ready(page: Page) -> None:
    expect(page.locator("#map-status")).to_contain_text("in view")


def held(catalogue: Path, polygon: str) -> int:
    """How many kept samples plain SQL finds in `polygon`, by the even-odd rule over its edges."""
    corners = [tuple(map(float, pair.split(","))) for pair in polygon.split(";")]
    edges = [(*one, *other) for one, other in pairwise([*corners, corners[0]])]
    rows = ", ".join(f"({x1}, {y1}, {x2}, {y2})" for x1, y1, x2, y2 in edges)
    with duckdb.connect(catalogue / "catalogue.duckdb", read_only=True) as connection:
        ((found,),) = connection.execute(
            f"""
            SELECT count(*) FROM (
                SELECT id FROM samples, (VALUES {rows}) AS edge (x1, y1, x2, y2)
                WHERE stage = 'kept' AND latitude IS NOT NULL AND (y1 > latitude) != (y2 > latitude)
                    AND longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
                GROUP BY id HAVING count(*) % 2 = 1
            )
            """  # noqa: S608 - numbers
        ).fetchall()
    return int(found)


def test_a_drawn_polygon_filters_every_page_alike(open_page: Open, catalogue: Path) -> None:
    page = open_page("/map#2/40/20")
    ready(page)
    page.get_by_role("button", name="Draw a polygon").click()
    expect(page.locator("#map-status")).to_contain_text("corner after corner")
    for across, down in ((0.3, 0.15), (0.75, 0.2), (0.7, 0.6), (0.4, 0.75), (0.3, 0.15)):
        page.mouse.click(*corner(page, across, down))
        page.wait_for_timeout(150)
    page.wait_for_url(re.compile(r"/map\?polygon="))
    expect(page.locator(".chip")).to_contain_text("corners")
    expect(page.locator("path.map-area.polygon")).to_be_attached()

    polygon = parse_qs(urlsplit(page.url).query)["polygon"][0]
    expected = held(catalogue, polygon)
    assert expected > 5
    # The first view shows all of the area: what it counts is what lies in it.
    query = urlencode({"polygon": polygon})
    page.goto(f"/map?{query}")
    expect(page.locator("#map-status")).to_contain_text(f"{expected:,} samples in view")
    for name in ("Search", "Captions"):
        page.locator("#places").get_by_role("link", name=name).click()
        expect(page.locator("#truth")).to_contain_text(re.compile(rf"^{expected:,} of "))
    page.locator("#places").get_by_role("link", name="Stages").click()
    expect(page.locator("main > p").first).to_contain_text(f" {expected:,} kept")
    expect(page.locator(".chip")).to_contain_text("corners")
    ledger = page.request.get(f"/stages/ledger.csv?stage=kept&{query}")
    assert int(ledger.headers["x-row-count"]) == expected
    rows = page.request.get(f"/export.csv?{query}").headers["x-row-count"]
    features = page.request.get(f"/export.geojson?{query}").json()["features"]
    assert int(rows) == len(features) == expected
    assert page.request.get(f"/api/count?{query}").json()["matching"] == expected


def test_a_drawn_box_replaces_the_area_before(open_page: Open) -> None:
    page = open_page("/map?bbox=-10,30,30,60&source=FMoW")
    ready(page)
    page.get_by_role("button", name="Draw a box").click()
    expect(page.locator("#map-status")).to_contain_text("opposite corners")
    page.mouse.click(*corner(page, 0.4, 0.3))
    page.mouse.move(*corner(page, 0.5, 0.5))
    page.mouse.click(*corner(page, 0.6, 0.6))
    page.wait_for_url(re.compile(r"/map\?source=FMoW&bbox=(?!-10)"))
    expect(page.locator("path.map-area.bbox")).to_have_count(1)
    page.locator(".chip", has_text="Area").click()
    page.wait_for_url(re.compile(r"/map\?source=FMoW(#|$)"))
    expect(page.locator("path.map-area")).to_have_count(0)


def test_escape_stops_drawing(open_page: Open) -> None:
    page = open_page("/map")
    ready(page)
    button = page.get_by_role("button", name="Draw a polygon")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    ready(page)
    page.mouse.click(*corner(page, 0.5, 0.5))
    expect(page).to_have_url(re.compile(r"/map#"))


def test_likeness_colours_the_map(open_page: Open) -> None:
    page = open_page("/map?q=harbour")
    ready(page)
    page.get_by_role("link", name="Similarity").click()
    expect(page.locator("#map-legend")).to_contain_text("osine with the query")
    assert page.locator(".map-point[class*=amount-]").count() > 10
    page.locator(".chip", has_text="harbour").click()
    expect(page.locator("#map-legend")).to_contain_text("one sample, exact point")


def test_a_view_becomes_a_filter_and_a_search_for_what_looks_alike(open_page: Open) -> None:
    page = open_page("/map#4/48/8")
    ready(page)
    around = page.locator("#around-here").get_attribute("href")
    page.locator("#only-here").click()
    page.wait_for_url(re.compile(r"/map\?bbox="))
    assert around is not None
    page.goto(around)
    expect(page.locator(".chip")).to_contain_text("Like around")
    expect(page.locator(".card-link").first).to_be_visible()


def test_what_is_in_view_is_exported(open_page: Open) -> None:
    page = open_page("/map#4/48/8")
    ready(page)
    shown = re.search(r"^[\d,]+", page.locator("#map-status").inner_text())
    assert shown is not None
    page.get_by_text("Export").click()
    links = {link.inner_text(): link.get_attribute("href") for link in page.locator(".menu a").all()}
    csv = page.request.get(str(links["Samples, CSV"]))
    assert csv.headers["x-row-count"] == shown[0]
    svg = page.request.get(str(links["Picture, SVG"])).text()
    assert re.search(r"[\d,]+ samples in view", svg)
    page.keyboard.press("Escape")
    expect(page.locator(".menu ul")).to_be_hidden()


def test_the_map_file_works_alone(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/map?source=FMoW")
    ready(page)
    file = tmp_path / "map.html"
    href = next(
        link.get_attribute("href")
        for link in page.locator(".menu a").all()
        if "HTML" in (link.text_content() or "")
    )
    file.write_bytes(page.request.get(str(href)).body())
    context = page.context.browser
    assert context is not None
    alone = context.new_context(offline=True).new_page()
    complaints: list[str] = []
    alone.on("console", lambda message: complaints.append(message.text))
    alone.on("pageerror", lambda error: complaints.append(str(error)))
    alone.goto(file.as_uri())
    alone.locator("path.leaflet-interactive").first.dispatch_event("click")
    expect(alone.locator(".leaflet-popup-content p").first).to_be_visible()
    expect(alone.locator(".leaflet-popup-content img")).to_have_js_property("naturalWidth", 128)
    assert complaints == []
    alone.context.close()


def test_a_place_that_is_typed_becomes_a_filter(open_page: Open) -> None:
    page = open_page("/map")
    ready(page)
    page.fill("#q", "scenes in Spain")
    page.press("#q", "Enter")
    page.wait_for_url(re.compile(r"/map\?q=scenes&country=Spain"))
    expect(page.locator(".chip", has_text="Spain")).to_be_visible()
    expect(page.locator("#q")).to_have_value("scenes")
    page.locator(".chip", has_text="Spain").click()
    page.wait_for_url(re.compile(r"/map\?q=scenes(#|$)"))


def test_a_sample_with_a_point_has_a_small_map(open_page: Open) -> None:
    page = open_page("/?coordinates=yes")
    page.locator(".card-link").first.click()
    expect(page.locator(".mini-map .map-point")).to_be_attached()
    expect(page.locator(".mini-map .map-land").first).to_be_attached()
