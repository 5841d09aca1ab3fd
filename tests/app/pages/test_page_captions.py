"""`/captions`: a list to read, searched by words."""

from __future__ import annotations

from fastapi.testclient import TestClient

from tests.app.pages.conftest import Get


def test_words_are_marked_in_captions_that_hold_them(get: Get) -> None:
    page = get("/captions?q=airports")
    assert {mark.text for mark in page.all("mark")} == {"airport"}
    assert len(page.all("li", "row")) == 12
    assert "12 hold the words, best first" in page.one("p", id="truth").text


def test_a_hostile_caption_stays_text(client: TestClient) -> None:
    html = client.get("/captions?q=HYPERLINK").text
    assert "<script>alert" not in html
    assert "<mark>HYPERLINK</mark>" in html


def test_length_is_given_and_sorts_the_list(get: Get) -> None:
    page = get("/captions?sort=longest")
    lengths = [int(span.text.split()[0]) for span in page.all("span") if span.text.endswith("characters")]
    assert lengths == sorted(lengths, reverse=True)
    captions = [p.text for p in page.all("p", "row-caption")]
    assert [len(caption) for caption in captions] == lengths


def test_sorting_keeps_filters(get: Get) -> None:
    assert get("/captions?source=FMoW").link("Shortest") == "/captions?source=FMoW&sort=shortest"


def test_words_can_be_sorted_by_length_too(get: Get) -> None:
    page = get("/captions?q=airport&sort=shortest")
    lengths = [len(p.text) for p in page.all("p", "row-caption")]
    assert len(lengths) == 12
    assert lengths == sorted(lengths)
    assert "12 hold the words, shortest caption first" in page.one("p", id="truth").text
    assert page.link("Relevance") == "/captions?q=airport"


def test_the_list_goes_on(get: Get) -> None:
    first = get("/captions?k=40")
    after = get(first.one("li", id="more").attributes["hx-get"], HX_Request="true", HX_Target="more")
    rows = [a.attributes["href"] for page in (first, after) for a in page.all("a", "row-thumb")]
    assert len(rows) == len(set(rows)) == 62
    assert not after.all("li", id="more")


def test_nothing_found_counts_what_words_would_find(get: Get) -> None:
    page = get("/captions?q=runway&class=forest")
    assert [li.text for li in page.all("li") if li.text.startswith("Remove")] == [
        "Remove Text: runway 10",
        "Remove Class: forest 1",
    ]
