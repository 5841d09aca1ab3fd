"""The stages' pages in a browser: cells that open, thresholds moved by key and mouse, themes, a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open

PAGES = (
    "/stages",
    "/stages?source=LAION2B",
    "/stages/samples?stage=duplicate",
    "/stages/samples?stage=removed",
)


def test_a_cell_opens_its_gallery(open_page: Open) -> None:
    page = open_page("/stages")
    link = page.locator("table.counts >> nth=0").locator("tfoot a[href='/stages/samples?stage=duplicate']")
    number = link.inner_text()
    link.click()
    expect(page).to_have_url(re.compile("/stages/samples.stage=duplicate"))
    expect(page.locator("h1")).to_have_text("Removed as duplicates")
    expect(page.locator("#truth")).to_contain_text(f"{number} sample")
    expect(page.locator(".places [aria-current=page]")).to_have_text("Stages")


def test_a_part_of_the_band_opens_its_gallery_by_key(open_page: Open) -> None:
    page = open_page("/stages")
    part = page.locator(".band a[href*='stage=keyword']").first
    part.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Removed by the keyword filter")


def test_a_pair_stands_side_by_side(open_page: Open) -> None:
    page = open_page("/stages/samples?stage=duplicate")
    pair = page.locator(".entry.pair").first
    removed, kept = (pair.locator(".face").nth(place).bounding_box() for place in (0, 1))
    assert removed and kept
    assert abs(removed["y"] - kept["y"]) < 2
    assert kept["x"] >= removed["x"] + removed["width"]
    for image in pair.locator("img").all():
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0
    pair.get_by_role("link", name="The whole cluster").click()
    expect(page).to_have_url(re.compile(r"cluster=\d+"))
    expect(page.locator(".entry").nth(1)).to_be_visible()


def test_arrow_keys_move_over_the_entries(open_page: Open) -> None:
    page = open_page("/stages/samples?stage=removed")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(
        "document.activeElement.closest('.entry') === document.querySelectorAll('.entry')[1]"
    )


def test_arrow_keys_on_the_slider_change_counts_and_address(open_page: Open) -> None:
    page = open_page("/stages/what-if")
    before = page.locator("#removed-by-vlm").inner_text()
    assert "as now" in before
    page.get_by_label("Threshold of score s").focus()
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#removed-by-vlm")).to_contain_text("+")
    value = page.locator("[data-score=vlm] [data-least]").input_value()
    expect(page).to_have_url(re.compile(rf"/stages/what-if\?strip=vlm&vlm={re.escape(value)}(&|$)"))
    expect(page.locator("#command")).to_contain_text(f"--set vlm.least={value.rstrip('0')}")
    page.reload()
    expect(page.locator("[data-score=vlm] [data-least]")).to_have_value(value)


def test_a_threshold_is_dragged_over_the_histogram(open_page: Open) -> None:
    page = open_page("/stages/what-if")
    box = page.locator("[data-score=vlm] .histogram").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 40, steps=5)
    page.mouse.up()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 40)
    expect(page).to_have_url(re.compile(r"strip=vlm&vlm=0\.[12]"))
    expect(page.locator("#removed-by-vlm")).not_to_contain_text("as now")
    expect(page.locator(".edge-bar h2")).to_have_text("At the edge of score s")
    line = float(page.locator("[data-score=vlm] [data-cut]").get_attribute("x1") or 0)
    width = float(page.locator("[data-score=vlm] [data-below]").get_attribute("width") or 0)
    assert line == width
    assert 0.55 * 560 < line < 0.65 * 560


def test_a_share_is_typed_and_the_threshold_follows(open_page: Open) -> None:
    page = open_page("/stages/what-if")
    least = page.locator("[data-score=vlm] [data-least]")
    before = float(least.input_value())
    page.locator("[data-score=vlm] [data-keep]").fill("0.5")
    expect(page).to_have_url(re.compile(r"vlm_keep=0\.5"))
    expect(page.locator("#command")).to_contain_text("--set vlm.keep=0.5")
    expect(least).not_to_have_value(str(before))
    assert float(least.input_value()) > before


def test_only_the_last_of_many_changes_is_shown(open_page: Open) -> None:
    page = open_page("/stages/what-if")
    slider = page.get_by_label("Threshold of score s")
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    value = page.locator("[data-score=vlm] [data-least]").input_value()
    expect(page.locator("#command")).to_contain_text(f"vlm.least={value}".rstrip("0"))
    expect(page).to_have_url(re.compile(f"vlm={re.escape(value)}(&|$)"))


@pytest.mark.parametrize("path", [*PAGES, "/stages/what-if"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(open_page: Open, path: str, theme: str) -> None:
    page = open_page(path, viewport=PHONE, has_touch=True, color_scheme=theme)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small = page.locator("main .button:visible, main .slider:visible").evaluate_all(
        "parts => parts.map(part => part.getBoundingClientRect().height).filter(height => height < 40)"
    )
    assert small == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_on_the_band_are_readable(open_page: Open, theme: str) -> None:
    page = open_page("/stages", color_scheme=theme)
    ratio = page.evaluate(CONTRAST)
    assert ratio >= 4.5


# Contrast of the band's labels with the panel they stand on, by WCAG 2.2.
CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(document.querySelector(".funnel")).backgroundColor);
  return Math.min(...[...document.querySelectorAll(".band text")].map((text) => {
    const [low, high] = [ground, light(getComputedStyle(text).fill)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }));
}"""
