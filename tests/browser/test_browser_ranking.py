"""Near-duplicates gathered, a least cosine, likeness to several: in place, by mouse, key and address."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open

HARBOUR = "/?q=a+harbour+with+boats"


def ids(page: Page) -> list[str]:
    links = page.locator(".card-link").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return [str(link).rpartition("/")[2] for link in links]


def test_near_duplicates_are_gathered_in_place_and_back_parts_them(open_page: Open) -> None:
    page = open_page(HARBOUR)
    before = ids(page)
    page.get_by_role("link", name="Group near-duplicates").click()
    expect(page).to_have_url(re.compile("group=yes"))
    expect(page.locator("#truth")).to_contain_text("near-duplicates gathered")
    expect(page.locator(".card-alike").first).to_have_text(re.compile(r"^\+\d+ alike$"))
    assert set(before) - set(ids(page))
    page.go_back()
    expect(page.locator(".chip")).to_have_count(1)
    assert ids(page) == before


def test_a_badge_is_reached_by_key_and_shows_what_it_stands_for(open_page: Open) -> None:
    page = open_page(f"{HARBOUR}&group=yes")
    badge = page.locator(".card-alike").first
    number = int(re.sub(r"\D", "", badge.inner_text()))
    badge.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"like=\d+&min_score=0\.96"))
    expect(page.locator(".card")).to_have_count(number)


def test_groups_go_on_while_scrolling(open_page: Open) -> None:
    page = open_page("/?q=a+satellite+image&group=yes&k=30")
    page.locator(".card").last.scroll_into_view_if_needed()
    expect(page.locator(".card").nth(59)).to_be_attached()
    assert len(ids(page)) == len(set(ids(page)))


def test_a_least_cosine_is_typed_and_taken_away(open_page: Open) -> None:
    page = open_page(HARBOUR)
    scores = [float(text) for text in page.locator(".score").all_inner_texts()]
    least = (scores[4] + scores[5]) / 2
    page.locator("#min-score").fill(f"{least:.4f}")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_have_count(5)
    expect(page).to_have_url(re.compile(r"/\?q=a(%20|\+)harbour\S+&min_score=0\.\d+$"))
    expect(page.locator("#truth")).to_contain_text("5 best by meaning of 5 with a cosine of at least 0.")
    page.locator(".chip", has_text="Cosine at least").click()
    expect(page.locator(".card")).to_have_count(50)
    expect(page.locator("#min-score")).to_have_value("")


def test_results_like_several_are_asked_for_by_key_and_chips_take_each_away(open_page: Open) -> None:
    page = open_page("/?like=3")
    page.keyboard.press("ArrowRight")
    second = ids(page)[0]
    page.keyboard.press("a")
    page.wait_for_url(re.compile(rf"/\?like=3&like={second}$"))
    chips = page.locator(".chip.picture")
    expect(chips).to_have_count(2)
    for chip in chips.all():
        expect(chip.locator("img")).to_have_js_property("naturalWidth", 128)
    chips.first.click()
    page.wait_for_url(re.compile(rf"/\?like={second}$"))


def test_a_phone_shows_all_of_it_without_scrolling_sideways(open_page: Open) -> None:
    page = open_page("/?like=3&like=5&group=yes&min_score=0.1", viewport=PHONE, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for control in ("#min-score", ".card-also >> nth=0", ".bar >> text=Group near-duplicates"):
        box = page.locator(control).first.bounding_box()
        assert box and box["height"] >= 40, control


def test_the_ends_of_a_list_are_a_step_away(open_page: Open) -> None:
    page = open_page("/captions")
    page.get_by_role("link", name="Last page").click()
    expect(page.locator(".pages")).to_contain_text(re.compile(r"Page (\d+) of \1"))
    expect(page.get_by_role("link", name="Last page")).to_have_count(0)
    page.get_by_role("link", name="First page").click()
    expect(page).to_have_url(re.compile("/captions$"))
