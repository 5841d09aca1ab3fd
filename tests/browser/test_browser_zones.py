"""The UTM grid and the long tail in a browser: links by mouse and key, themes, a phone, no JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open

PAGES = ("/map/zones", "/map/zones?reading=upstream&by=class", "/map/zones?by=source&source=FMoW")


def first_number(words: str) -> str:
    found = re.search(r"[\d,]+(?= samples?$)", words)
    assert found is not None, words
    return found[0]


@pytest.mark.parametrize("parts", [".zones-parts a", ".tail-bars a"])
def test_a_part_leads_to_its_samples_by_key(open_page: Open, parts: str) -> None:
    page = open_page("/map/zones")
    part = page.locator(parts).first
    number = first_number(part.get_attribute("aria-label") or "")
    part.focus()
    assert part.evaluate("part => part.matches(':focus-visible')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/\?zone="))
    expect(page.locator("#truth")).to_contain_text(re.compile(rf"^{number} of "))


def test_a_cell_is_met_by_the_mouse(open_page: Open) -> None:
    page = open_page("/map/zones")
    page.locator(".zones-parts a .zone-cell").last.click()
    page.wait_for_url(re.compile(r"/\?zone=\d+-[C-X]$"))


def test_the_long_tail_is_switched_in_place(open_page: Open) -> None:
    page = open_page("/map/zones?source=FMoW")
    page.evaluate("document.documentElement.dataset.same = 'yes'")
    page.get_by_role("navigation", name="Long tail by").get_by_role("link", name="Class").click()
    expect(page).to_have_url(re.compile(r"/map/zones\?by=class&source=FMoW$"))
    expect(page.locator(".zones-tail")).to_contain_text("classes hold")
    assert page.evaluate("document.documentElement.dataset.same") == "yes"
    page.go_back()
    expect(page.locator(".zones-tail")).to_contain_text("parts of the UTM grid hold")


def test_a_filter_keeps_what_the_page_shows(open_page: Open) -> None:
    page = open_page("/map/zones?by=country&reading=upstream")
    page.locator(".facet-value", has_text="BigEarthNet").click()
    expect(page).to_have_url(re.compile(r"/map/zones\?by=country&reading=upstream&source=BigEarthNet$"))
    expect(page.locator(".chip")).to_contain_text("BigEarthNet")
    expect(page.locator(".zones-map .notice")).to_contain_text("all its")


def test_from_the_map_and_back_with_the_filters(open_page: Open) -> None:
    page = open_page("/map?source=FMoW")
    page.get_by_role("link", name="UTM zones").click()
    expect(page).to_have_url(re.compile(r"/map/zones\?source=FMoW$"))
    expect(page.locator(".places [aria-current=page]")).to_have_text("Map")
    page.locator(".bar .choice").get_by_role("link", name="Map").click()
    expect(page.locator(".folium-map")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_scrolls_the_grid_and_not_the_page(open_page: Open, path: str, theme: str) -> None:
    page = open_page(path, viewport=PHONE, has_touch=True, color_scheme=theme)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator(".zones-map .scroll-x").evaluate("box => box.scrollWidth > box.clientWidth")
    small = page.locator("main .button:visible, main .choice > *:visible").evaluate_all(
        "parts => parts.filter(part => !part.matches('.zones-skip'))"
        ".map(part => part.getBoundingClientRect().height).filter(height => height < 40)"
    )
    assert small == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_of_the_drawings_are_readable(open_page: Open, theme: str) -> None:
    page = open_page("/map/zones", color_scheme=theme)
    assert contrast(page) >= 4.5


def test_without_javascript_everything_is_there(open_page: Open) -> None:
    page = open_page("/map/zones?by=class", java_script_enabled=False)
    expect(page.locator(".zones-parts a").first).to_be_visible()
    page.get_by_role("link", name="Letters as upstream's plot reads them").click()
    expect(page).to_have_url(re.compile(r"by=class&reading=upstream$"))
    page.get_by_role("link", name="Show filters").click()
    page.get_by_role("link", name="FMoW").click()
    expect(page).to_have_url(re.compile(r"/map/zones\?by=class&reading=upstream&source=FMoW$"))


def contrast(page: Page) -> float:
    ratio: float = page.evaluate(CONTRAST)
    return ratio


# Least contrast of the drawings' words with the panel they stand on, by WCAG 2.2.
CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(document.querySelector(".panel")).backgroundColor);
  return Math.min(...[...document.querySelectorAll(".zones-grid text, .tail-figure text")].map((text) => {
    const [low, high] = [ground, light(getComputedStyle(text).fill)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }));
}"""
