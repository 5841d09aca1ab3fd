"""Every page at every width and in both themes: nothing spills over, nothing is faint."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open

PAGES = (
    "/", "/?q=airport", "/?like=3", "/?country=Nowhere", "/captions", "/captions?q=view", "/map", "/stages",
    "/samples/0", "/about", "/docs",
)  # fmt: skip

# Contrast of small text with what lies behind it, by the formula of WCAG 2.2 (relative luminance).
FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => {
    const part = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
      if (colour[3] > 0) return null;
    }
    return null;
  };
  const faint = [];
  for (const element of document.querySelectorAll("main *, header *, footer *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility({ opacityProperty: true })) continue;
    if (element.closest(".leaflet-container, .card-link")) continue;
    const ground = behind(element);
    if (!ground) continue;
    const [one, other] = [light(rgba(getComputedStyle(element).color)), light(ground)].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) faint.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(faint)];
}"""


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_spills_over_the_side(open_page: Open, path: str, viewport: dict[str, int]) -> None:
    page = open_page(path, viewport)
    settle(page)
    assert page.evaluate("document.body.scrollWidth - document.body.clientWidth") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable(open_page: Open, theme: str) -> None:
    for path in PAGES:
        page = open_page(path, color_scheme=theme)
        settle(page)
        assert page.evaluate(FAINT) == [], path


def test_filters_are_a_sheet_on_a_phone(open_page: Open) -> None:
    page = open_page("/", PHONE, has_touch=True, is_mobile=True)
    sheet = page.locator("#filters")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Filters", exact=True).click()
    expect(sheet).to_be_visible()
    sheet.locator('[data-facet="source"] .facet-value').first.click()
    expect(page.locator(".chip")).to_have_count(1)
    page.get_by_role("button", name="Close filters").click()
    expect(sheet).to_be_hidden()


def test_targets_are_large_enough_for_a_thumb(open_page: Open) -> None:
    page = open_page("/?source=FMoW", PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Filters", exact=True).click()
    page.locator('[data-facet="source"] .facet-value').first.wait_for()
    small = page.evaluate(
        """() => [".button", ".choice > *", ".facet-value", ".card-like", ".places a", ".chip"]
            .flatMap((kind) => [...document.querySelectorAll(kind)])
            .filter((element) => element.checkVisibility())
            .filter((element) => element.getBoundingClientRect().height < 40)
            .map((element) => element.className + " " + element.textContent.trim())"""
    )
    assert small == []


def test_captions_are_listed_marked_and_go_on(open_page: Open) -> None:
    page = open_page("/captions?q=view")
    marked = page.locator("mark").all_inner_texts()
    assert marked
    assert all(word.lower().startswith("view") for word in marked)
    page = open_page("/captions")
    page.locator(".row").last.scroll_into_view_if_needed()
    expect(page.locator(".row").nth(99)).to_be_attached()


def test_a_bar_of_the_funnel_leads_to_its_samples(open_page: Open) -> None:
    page = open_page("/stages")
    bar = page.locator(".funnel").first.locator(".band a[href*='stage=keyword']")
    words = bar.get_attribute("aria-label") or ""
    bar.dispatch_event("click")
    page.wait_for_url(re.compile(r"/stages/samples\?stage=keyword"))
    expect(page.locator("#truth")).to_contain_text(words.split()[-2])


def test_the_basics_work_without_javascript(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.locator("#q").fill("forest")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"q=forest"))
    expect(page.locator(".card")).to_have_count(50)
    page.locator(".more a").click()
    page.wait_for_url(re.compile("cursor="))
    page.goto("/")
    page.locator("noscript a, #facets a").first.click()
    page.locator(".facet-value").first.click()
    expect(page.locator(".chip")).to_have_count(1)
