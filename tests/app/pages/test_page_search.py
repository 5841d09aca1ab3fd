"""`/`: the gallery, its truth line, chips, modes, paging and what it says when nothing matches."""

from __future__ import annotations

from urllib.parse import unquote_plus

from fastapi.testclient import TestClient

from tests.app.conftest import CLASSES, EACH, KEPT
from tests.app.pages.conftest import Get
from tests.app.pages.reading import Page

SHOWN = 50
IN_ALL = KEPT + 2  # two captions without a picture


def truth(page: Page) -> str:
    return page.one("p", id="truth").text


def test_the_empty_state_introduces_the_catalogue_and_offers_queries(get: Get) -> None:
    page = get("/")
    assert page.one("h1").text == "world"
    assert f"{IN_ALL + 2} samples - 2 of them removed" in page.one("div", "intro").text
    examples = [a.attributes["href"] for a in page.all("a", "small") if "?q=" in a.attributes["href"]]
    assert len(examples) == 6
    assert {unquote_plus(address.removeprefix("/?q=")) for address in examples} < {
        *CLASSES,
        "airport runway seen in a report",
    }
    assert truth(page).startswith(f"{IN_ALL} samples - a spread of them first - ")
    assert len(page.all("li", "card")) == SHOWN


def test_results_stand_best_first(get: Get) -> None:
    for name in CLASSES:
        page = get(f"/?q=a satellite image of a {name}")
        captions = [image.attributes["alt"] for image in page.all("img")]
        assert all(f"of a {name}" in caption for caption in captions[:EACH]), name
        scores = [float(meter.attributes["value"]) for meter in page.all("meter")]
        assert scores == sorted(scores, reverse=True)


def test_a_text_is_answered_with_scores_and_the_truth_about_them(get: Get) -> None:
    page = get("/?q=harbour&source=FMoW")
    said = truth(page)
    assert f"of {IN_ALL} samples match the filters" in said
    assert "best by meaning - exact - " in said
    assert "have a picture to compare" in said
    assert len(page.all("span", "score")) == len(page.all("li", "card"))


def test_a_caption_is_alternative_text_and_never_markup(get: Get, client: TestClient) -> None:
    assert all("alt" in image.attributes for image in get("/").all("img"))
    html = client.get("/?mode=caption&q=HYPERLINK").text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_sample_without_a_picture_is_a_card_of_words(get: Get) -> None:
    page = get("/?mode=caption&q=report")
    assert page.one("span", "card-text").text == "airport runway seen in a report"
    assert not page.all("img")


def test_chips_remove_one_condition_each(get: Get) -> None:
    page = get("/?q=harbour&source=FMoW&country=Chad")
    without = {a.text.split(" (")[0]: a.attributes["href"] for a in page.all("a", "chip")}
    assert without == {
        "Text harbour": "/?source=FMoW&country=Chad",
        "Source FMoW": "/?q=harbour&country=Chad",
        "Country Chad": "/?q=harbour&source=FMoW",
    }
    assert page.link("Remove all") == "/"


def test_the_mode_switch_keeps_the_text_and_the_filters(get: Get) -> None:
    page = get("/?q=harbour&source=FMoW")
    assert page.link("Caption words") == "/?q=harbour&mode=caption&source=FMoW"
    words = get(page.link("Caption words"))
    assert "hold the words, best first" in truth(words)


def test_more_like_this_keeps_the_filters_and_drops_the_text(get: Get) -> None:
    page = get("/?q=harbour&source=FMoW")
    like = page.all("a", "card-like")[0].attributes["href"]
    assert like.startswith("/?like=")
    assert like.endswith("&source=FMoW")
    assert "best by likeness" in truth(get(like))


def test_what_results_are_like_is_seen_where_it_has_a_picture(get: Get) -> None:
    page = get(f"/?like=3&like=5&like={IN_ALL}")
    pictures = [image.attributes["src"].partition("?")[0] for image in page.all("img", width="48")]
    assert pictures == ["/images/3", "/images/5"]
    assert len(page.all("a", "chip")) == 3


def test_following_next_reaches_every_sample_once(get: Get) -> None:
    address, seen = "/?k=17", []
    while address:
        page = get(address)
        seen += [a.attributes["href"] for a in page.all("a", "card-link")]
        address = next((li.attributes["hx-get"] for li in page.all("li", "more")), "")
    assert len(seen) == len(set(seen)) == IN_ALL


def test_htmx_gets_the_answer_alone_and_the_next_stretch_gets_cards_alone(get: Get) -> None:
    answer = get("/?q=river", HX_Request="true")
    assert not answer.all("header")
    assert answer.one("div", id="answer")
    assert answer.one("title").text == "river - RS5M Explorer"
    stretch = get("/?k=5", HX_Request="true", HX_Target="more")
    assert len(stretch.all("li", "card")) == 5
    assert not stretch.all("div", id="answer")


def test_one_address_with_two_answers_is_not_mixed_up_by_a_cache(client: TestClient) -> None:
    assert "HX-Request" in client.get("/").headers["vary"]


def test_nothing_found_says_which_filter_to_loosen(get: Get) -> None:
    page = get("/?class=airport&country=Atlantis")
    box = page.one("div", "empty")
    assert "Nothing matches these filters" in box.text
    lines = [li.text for li in page.all("li") if li.text.startswith("Remove")]
    assert lines == [f"Remove Country: Atlantis {EACH}", "Remove Class: airport 0"]


def test_the_export_link_names_its_rows_and_delivers_them(get: Get, client: TestClient) -> None:
    page = get("/?class=airport")
    link = next(a for a in page.all("a") if a.attributes["href"].startswith("/export.csv"))
    assert f"CSV {EACH} rows" in link.text
    rows = client.get(link.attributes["href"]).text.splitlines()
    assert len(rows) == 1 + EACH


def test_removed_samples_are_marked_as_such(get: Get) -> None:
    page = get("/?stage=duplicate")
    assert truth(page).startswith("1 sample removed as duplicate")
    assert page.one("span", "flag").text == "duplicate"


def test_the_search_box_keeps_filters_and_drops_what_ranked(client: TestClient) -> None:
    html = client.get("/?like=3&source=FMoW").text
    box = Page(html[html.index('id="search-kept"') : html.index('id="q"')])
    kept = {i.attributes["name"]: i.attributes["value"] for i in box.all("input", type="hidden")}
    assert kept == {"source": "FMoW"}
