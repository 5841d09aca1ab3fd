"""Searching, filtering, scrolling and going back, as a person does it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open


def search(page: Page, words: str) -> None:
    page.locator("#q").fill(words)
    with page.expect_response(re.compile(r"/\?.*q=")):
        page.keyboard.press("Enter")
    expect(page.locator(".chip").first).to_contain_text(words)


def cards(page: Page) -> int:
    return page.locator(".card").count()


def test_a_text_finds_pictures_and_stands_in_the_address(open_page: Open) -> None:
    page = open_page("/")
    search(page, "a harbour with boats")
    expect(page).to_have_url(re.compile(r"/\?q=a\+harbour\+with\+boats|q=a%20harbour"))
    expect(page.locator("#truth")).to_contain_text("best by meaning - exact")
    scores = [float(text) for text in page.locator(".score").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
    expect(page.locator(".card img").first).to_have_js_property("naturalWidth", 256)


def test_the_address_alone_gives_a_colleague_the_same_view(open_page: Open) -> None:
    page = open_page("/")
    search(page, "forest")
    page.locator(".facet-value", has_text="LAION2B").click()
    expect(page.locator(".chip")).to_have_count(2)
    mine = page.locator(".card-link").evaluate_all("links => links.map(link => link.href)")
    theirs = open_page(page.url).locator(".card-link").evaluate_all("links => links.map(link => link.href)")
    assert mine == theirs


def test_a_filter_narrows_in_place_and_back_undoes_it(open_page: Open) -> None:
    page = open_page("/")
    value = page.locator('[data-facet="source"] .facet-value').first
    count = value.locator(".count").inner_text()
    value.click()
    expect(page.locator("#truth")).to_contain_text(re.compile(rf"^{count} of "))
    expect(page.locator('[data-facet="source"] .facet-value[aria-current]')).to_have_count(1)
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator("#truth")).not_to_contain_text("match the filters")


def test_back_restores_the_text_in_the_box(open_page: Open) -> None:
    page = open_page("/")
    search(page, "river")
    search(page, "desert")
    page.go_back()
    expect(page.locator(".chip").first).to_contain_text("river")
    expect(page.locator("#q")).to_have_value("river")


def test_a_long_facet_can_be_typed_into(open_page: Open) -> None:
    page = open_page("/")
    facet = page.locator('[data-facet="source"]')
    facet.locator("[data-facet-find]").fill("sbu")
    expect(facet.locator(".facet-value:visible")).to_have_count(1)
    facet.locator("[data-facet-find]").fill("no such source")
    expect(facet.locator("[data-facet-none]")).to_be_visible()


def test_scrolling_brings_the_next_pictures_without_repeating_any(open_page: Open) -> None:
    page = open_page("/")
    assert cards(page) == 50
    for wanted in (100, 150):
        page.locator(".card").last.scroll_into_view_if_needed()
        expect(page.locator(".card").nth(wanted - 1)).to_be_attached()
    links = page.locator(".card-link").evaluate_all("links => links.map(link => link.href)")
    assert len(links) == len(set(links))


def test_nothing_moves_while_pictures_arrive(open_page: Open) -> None:
    page = open_page("/")
    page.wait_for_load_state("networkidle")
    shift = page.evaluate(
        """() => new Promise(resolve => {
            let sum = 0;
            new PerformanceObserver(list => {
              for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => resolve(sum), 300);
        })"""
    )
    assert shift < 0.02


def test_the_export_has_as_many_rows_as_its_link_says(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/?source=FMoW")
    link = page.locator('a[href^="/export.csv"]')
    promised = int(re.sub(r"\D", "", link.inner_text()))
    with page.expect_download() as download:
        link.click()
    target = tmp_path / download.value.suggested_filename
    download.value.save_as(target)
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == promised > 0
    assert {row["source"] for row in rows} == {"FMoW"}


def test_density_and_theme_are_remembered(open_page: Open) -> None:
    page = open_page("/", color_scheme="light")
    wide = page.locator(".card").first.bounding_box()
    page.locator('[data-set-density="compact"]').click()
    page.locator("[data-toggle-theme]").click()
    page.reload()
    small = page.locator(".card").first.bounding_box()
    assert wide and small and small["width"] < wide["width"]
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.locator('[data-set-density="compact"]')).to_have_attribute("aria-pressed", "true")


def test_a_refused_query_is_said_where_the_person_looks(open_page: Open) -> None:
    page = open_page("/")
    answer = page.request.get("/?sort=best", headers={"accept": "text/html"})
    assert answer.status == 400
    page.evaluate(
        """html => document.dispatchEvent(
            new CustomEvent("htmx:responseError", { detail: { xhr: { response: html } } }))""",
        answer.text(),
    )
    expect(page.locator("#said")).to_contain_text("Choose one of")
