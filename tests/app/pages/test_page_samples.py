"""`/samples/{id}`: everything known about one sample, in words."""

from __future__ import annotations

from tests.app.conftest import KEPT
from tests.app.pages.conftest import Get


def test_a_sample_shows_picture_caption_place_and_ledger(get: Get) -> None:
    page = get("/samples/0")
    image = page.one("img")
    assert image.attributes["src"].startswith("/images/0?size=1024")
    assert image.attributes["alt"] == "An aerial photograph of a airport, picture 0."
    assert "Kept: no stage removed it." in page.one("section", "ledger").text
    assert page.one("div", "mini-map").attributes["data-latitude"] == "-60.0"
    assert "60.0000° S, 177.0000° W" in " ".join(td.text for td in page.all("td"))


def test_previous_and_next_end_where_the_catalogue_does(get: Get) -> None:
    first, last = get("/samples/0"), get(f"/samples/{KEPT + 3}")
    assert not first.all("a", rel="prev")
    assert first.one("a", rel="next").attributes["href"] == "/samples/1"
    assert last.one("a", rel="prev").attributes["href"] == f"/samples/{KEPT + 2}"
    assert not last.all("a", rel="next")


def test_a_duplicate_points_to_the_copy_that_was_kept(get: Get) -> None:
    page = get(f"/samples/{KEPT}")
    ledger = page.one("section", "ledger").text
    assert "Removed by the duplicate stage: near duplicate." in ledger
    assert "The stage measured 0.99, held against 0.95." in ledger
    assert page.link("sample 0.") == "/samples/0"


def test_a_sample_without_a_picture_shows_its_caption_instead(get: Get) -> None:
    page = get(f"/samples/{KEPT + 2}")
    assert not page.all("img")
    assert page.one("blockquote").text == "airport runway seen in a report"


def test_the_strip_holds_the_nearest_samples(get: Get) -> None:
    strip = get("/samples/0/neighbours", HX_Request="true")
    captions = [image.attributes["alt"] for image in strip.all("img")]
    assert len(captions) == 16
    assert all("of a airport" in caption for caption in captions[:9])
    assert "/samples/0" not in {a.attributes["href"] for a in strip.all("a")}


def test_copy_buttons_name_the_sample_and_its_catalogue(get: Get) -> None:
    page = get("/samples/7")
    buttons = {b.text: b.attributes for b in page.all("button")}
    assert buttons["Id"]["data-copy"] == "7"
    assert buttons["Address"]["data-copy-url"] == "/samples/7"
    assert buttons["JSON"]["data-copy-from"] == "/api/samples/7"
    assert "arXiv:2306.11300" in buttons["Citation"]["data-copy"]


def test_an_unknown_sample_is_a_page_that_says_what_there_is(get: Get) -> None:
    page = get("/samples/4000", status=404)
    assert page.one("h1").text == "There is no sample 4000."
    assert "0 to 63" in page.one("main").text
