"""The audit by keys alone: mark, undo, come back; on a phone and without JavaScript as well."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.test_browser_frame import FAINT

_seeds = itertools.count(1000)


@pytest.fixture
def draw() -> Iterator[str]:
    """Address of a draw of four that nothing was marked in; the workspace is shared by all tests here.

    Of the kept, as the picture of a sample that the invalid stage removed may be no picture.
    """
    yield f"/audit?of=kept&draw=random&seed={next(_seeds)}&n=4"


def place(page: Page) -> str:
    return page.locator("h1").inner_text()


def said(page: Page) -> list[str]:
    return page.locator('#audit [aria-pressed="true"]').evaluate_all("all => all.map((one) => one.value)")


def test_keys_mark_sample_after_sample(open_page: Open, draw: str) -> None:
    page = open_page(f"{draw}&at=1")
    for number, key in enumerate(("k", "r", "s", "Space"), start=1):
        expect(page.locator("h1")).to_have_text(f"Sample {number} of 4")
        page.keyboard.press(key)
    expect(page.locator("h1")).to_have_text("End of the draw")
    expect(page.locator("#audit progress")).to_have_attribute("value", "4")
    expect(page.locator("#audit")).to_contain_text("4 of 4 marked, 2 of them skipped")

    for number, verdict in enumerate(("keep", "remove", "skip", "skip"), start=1):
        page.goto(f"{draw}&at={number}")
        assert said(page) == [verdict]


def test_a_reload_keeps_marks_and_place(open_page: Open, draw: str) -> None:
    page = open_page(f"{draw}&at=1")
    page.keyboard.press("k")
    page.wait_for_url(re.compile("at=2$"))
    page.reload()
    expect(page.locator("h1")).to_have_text("Sample 2 of 4")
    expect(page.locator("#audit")).to_contain_text("1 of 4 marked")
    page.keyboard.press("r")
    page.wait_for_url(re.compile("at=3$"))
    page.go_back()
    expect(page.locator("h1")).to_have_text("Sample 2 of 4")
    expect(page.locator("#audit")).to_contain_text("2 of 4 marked")
    page.keyboard.press("k")
    expect(page.locator("h1")).to_have_text("Sample 3 of 4")


def test_u_takes_the_last_mark_back(open_page: Open, draw: str) -> None:
    page = open_page(f"{draw}&at=1")
    page.keyboard.press("k")
    expect(page.locator("h1")).to_have_text("Sample 2 of 4")
    page.keyboard.press("r")
    expect(page.locator("h1")).to_have_text("Sample 3 of 4")
    page.keyboard.press("u")
    expect(page.locator("h1")).to_have_text("Sample 2 of 4")
    expect(page.locator("#audit")).to_contain_text("1 of 4 marked")
    page.keyboard.press("u")
    expect(page.locator("h1")).to_have_text("Sample 1 of 4")
    assert said(page) == []
    expect(page.locator("[data-key=u]")).to_have_count(0)


def test_keys_typed_into_a_field_mark_nothing(open_page: Open, draw: str) -> None:
    page = open_page(f"{draw}&at=1")
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("rusk")
    page.locator("#q").blur()
    page.keyboard.press("Control+k")
    assert place(page) == "Sample 1 of 4"
    page.reload()
    expect(page.locator("#audit")).to_contain_text("0 of 4 marked")


def test_the_focus_is_seen_and_stays_on_the_button_pressed(open_page: Open, draw: str) -> None:
    page = open_page(f"{draw}&at=1")
    page.locator("#audit-r").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    outline = page.locator("#audit-r").evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_have_text("Sample 2 of 4")
    expect(page.locator("#audit-r")).to_be_focused()
    page.goto(f"{draw}&at=1")
    assert said(page) == ["remove"]


def test_the_next_picture_is_fetched_while_this_one_is_looked_at(open_page: Open, draw: str) -> None:
    page = open_page("/audit?of=kept&seed=3&n=5&at=1")
    ahead = page.locator("#audit").get_attribute("data-next-picture")
    page.wait_for_load_state("networkidle")
    fetched = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert ahead
    assert any(name.endswith(ahead) for name in fetched)


def test_what_was_done_is_told_to_who_cannot_see_it(open_page: Open, draw: str) -> None:
    page = open_page(f"{draw}&at=1")
    page.keyboard.press("k")
    expect(page.locator("#said")).to_have_text("1 of 4 marked")


def test_it_works_without_javascript(open_page: Open, draw: str) -> None:
    page = open_page("/audit", java_script_enabled=False)
    page.get_by_label("How many").fill("3")
    page.get_by_label("Seed").fill(draw.partition("seed=")[2].partition("&")[0])
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.locator("h1")).to_have_text("Sample 1 of 3")
    page.get_by_role("button", name="Belongs").click()
    page.get_by_role("button", name="Does not belong").click()
    expect(page.locator("h1")).to_have_text("Sample 3 of 3")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_have_text("Sample 2 of 3")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_spills_over_and_nothing_is_faint(
    open_page: Open, draw: str, viewport: dict[str, int], theme: str
) -> None:
    duplicates = "/audit?of=removed&stage=duplicate&n=3"
    for path in ("/audit", f"{draw}&at=1", f"{duplicates}&at=1", f"{draw}&at=5"):
        page = open_page(path, viewport, color_scheme=theme)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.body.scrollWidth - document.body.clientWidth") == 0, path
        assert page.evaluate(FAINT) == [], path


def test_the_whole_picture_is_seen(open_page: Open, draw: str) -> None:
    for viewport in (DESKTOP, PHONE):
        page = open_page("/audit?of=kept&seed=3&n=5&at=1", viewport)
        page.wait_for_load_state("networkidle")
        outside = page.evaluate(
            """() => {
                const [box, image] = [".picture-box", ".picture-box img"]
                    .map((kind) => document.querySelector(kind).getBoundingClientRect());
                return [box.top - image.top, image.bottom - box.bottom, image.right - box.right];
            }"""
        )
        assert max(outside) <= 0.5


def test_on_a_phone_the_buttons_are_within_reach(open_page: Open, draw: str) -> None:
    page = open_page(f"{draw}&at=1", PHONE, has_touch=True, is_mobile=True)
    boxes = [page.locator(f"#audit-{key}").bounding_box() for key in "krs"]
    assert all(box and box["height"] >= 40 and box["y"] + box["height"] <= PHONE["height"] for box in boxes)
    page.locator("#audit-k").tap()
    expect(page.locator("h1")).to_have_text("Sample 2 of 4")
