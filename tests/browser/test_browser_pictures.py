"""Searching with a picture, more like this, and looking closely at a sample."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open


def save_picture(page: Page, target: Path, id_: int) -> Path:
    target.write_bytes(page.request.get(f"/images/{id_}/original").body())
    return target


def first_with_picture(page: Page) -> int:
    address = page.locator(".card:has(img) .card-link").first.get_attribute("href")
    assert address is not None
    return int(address.rsplit("/", 1)[1])


def drop(page: Page, event: str, name: str, data: bytes) -> None:
    page.evaluate(
        """([event, name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
            const made = event === "paste"
                ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
                : new DragEvent(event, { dataTransfer: transfer, bubbles: true, cancelable: true });
            document.body.dispatchEvent(made);
        }""",
        [event, name, list(data)],
    )


def test_a_chosen_picture_finds_itself_and_stays_visible(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/")
    id_ = first_with_picture(page)
    page.locator("#picture-form input").set_input_files(save_picture(page, tmp_path / "mine.jpg", id_))
    page.wait_for_url(re.compile(r"/\?image=[0-9a-f]{16}$"))
    expect(page.locator(".card-link").first).to_have_attribute("href", f"/samples/{id_}")
    expect(page.locator(".chip.picture img")).to_have_js_property("naturalWidth", 256)
    page.locator(".chip.picture").click()
    expect(page.locator(".chip")).to_have_count(0)


def test_a_dropped_and_a_pasted_picture_do_the_same(open_page: Open, tmp_path: Path) -> None:
    for event in ("drop", "paste"):
        page = open_page("/")
        id_ = first_with_picture(page)
        data = save_picture(page, tmp_path / "mine.jpg", id_).read_bytes()
        drop(page, event, "mine.jpg", data)
        page.wait_for_url(re.compile(r"/\?image="))
        expect(page.locator(".card-link").first).to_have_attribute("href", f"/samples/{id_}")


def test_more_like_this_keeps_the_sample_as_a_chip(open_page: Open) -> None:
    page = open_page("/")
    card = page.locator(".card:has(img)").nth(2)
    card.hover()
    card.locator("[data-like]").click()
    page.wait_for_url(re.compile(r"/\?like=\d+$"))
    expect(page.locator(".chip.picture")).to_contain_text("Like sample")
    expect(page.locator("#truth")).to_contain_text("best by likeness")


def test_a_sample_opens_zooms_and_leads_on(open_page: Open) -> None:
    page = open_page("/")
    page.locator(".card:has(img) .card-link").first.click()
    page.wait_for_url(re.compile(r"/samples/\d+$"))
    box = page.locator(".picture-box")
    expect(page.locator(".zoom-level")).to_have_text("fit")
    page.locator('[data-zoom-by="2"]').click()
    expect(page.locator(".zoom-level")).to_have_text("2.0 ×")
    expect(box).to_have_class(re.compile("zoomed"))
    page.keyboard.press("0")
    expect(page.locator(".zoom-level")).to_have_text("fit")
    page.locator(".strip-card").first.wait_for()
    here = page.url
    page.locator(".strip-card").first.click()
    page.wait_for_url(lambda url: url != here and "/samples/" in url)


def test_copy_buttons_fill_the_clipboard(open_page: Open) -> None:
    page = open_page("/samples/0")
    page.locator("[data-copy-url]").click()
    expect(page.locator("[data-copy-url]")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.locator("[data-copy-from]").click()
    expect(page.locator("[data-copy-from]")).to_contain_text("Copied")
    assert '"id": 0' in page.evaluate("navigator.clipboard.readText()")
