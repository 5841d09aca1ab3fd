"""Everything within reach of the keys."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open


def focused(page: Page) -> int:
    return int(page.evaluate("[...document.querySelectorAll('[data-walk]')].indexOf(document.activeElement)"))


def test_slash_arrows_enter_and_back(open_page: Open) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("river")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    page.locator("#q").blur()
    page.keyboard.press("ArrowRight")
    assert focused(page) == 0
    page.keyboard.press("ArrowRight")
    assert focused(page) == 1
    page.keyboard.press("ArrowDown")
    below = focused(page)
    first, second = (page.locator(".card").nth(place).bounding_box() for place in (1, below))
    assert first and second and first["x"] == second["x"] and second["y"] > first["y"]
    page.keyboard.press("ArrowUp")
    assert focused(page) == 1
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/samples/"))
    page.go_back()
    expect(page.locator(".chip").first).to_contain_text("river")


def test_m_asks_for_more_like_the_focused_picture(open_page: Open) -> None:
    page = open_page("/")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("m")
    page.wait_for_url(re.compile(r"/\?like="))


def test_the_question_mark_lists_the_keys(open_page: Open) -> None:
    page = open_page("/captions")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_n_and_p_walk_through_the_catalogue(open_page: Open) -> None:
    page = open_page("/samples/3")
    page.keyboard.press("n")
    page.wait_for_url(re.compile("/samples/4$"))
    page.keyboard.press("p")
    page.wait_for_url(re.compile("/samples/3$"))


def test_the_first_tab_offers_to_skip_to_the_answer(open_page: Open) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
