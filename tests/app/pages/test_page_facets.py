"""The filter panel: counts that come true when a value is picked."""

from __future__ import annotations

from tests.app.conftest import CLASSES, EACH
from tests.app.pages.conftest import Get


def test_every_value_gives_as_many_results_as_it_says(get: Get) -> None:
    values = get("/facets?page=/", HX_Request="true").all("a", "facet-value")
    assert len(values) > len(CLASSES)
    for value in values:
        label, count = value.text.rsplit(" ", 1)
        page = get(value.attributes["href"])
        said = page.one("p", id="truth").text
        assert said.startswith((f"{count} of", f"{count} sample")), f"{label}: {count}, but {said}"


def test_a_picked_value_is_marked_and_its_link_lets_it_go(get: Get) -> None:
    page = get("/facets?page=/captions&class=airport&q=runway", HX_Request="true")
    picked = [a for a in page.all("a", "facet-value") if a.attributes.get("aria-current") == "true"]
    airport = next(a for a in picked if a.text == f"airport {EACH}")
    assert airport.attributes["href"] == "/captions?q=runway"
    assert "1 chosen" in " ".join(summary.text for summary in page.all("summary"))


def test_values_of_one_facet_add_up_as_alternatives(get: Get) -> None:
    page = get("/facets?page=/&class=airport", HX_Request="true")
    forest = next(a for a in page.all("a", "facet-value") if a.text == f"forest {EACH}")
    assert get(forest.attributes["href"]).one("p", id="truth").text.startswith(f"{2 * EACH} of")


def test_a_text_that_reads_like_a_filter_stays_a_text(get: Get) -> None:
    page = get("/facets?page=/captions&q=class%3Dairport%26class%3Driver&country=Chad", HX_Request="true")
    links = {a.text.rsplit(" ", 1)[0]: a.attributes["href"] for a in page.all("a", "facet-value")}
    text = "/captions?q=class%3Dairport%26class%3Driver"
    assert links["forest"] == f"{text}&class=forest&country=Chad"
    assert links["France"] == f"{text}&country=Chad&country=France"
    assert links["Chad"] == text


def test_without_javascript_the_filters_are_a_page(get: Get) -> None:
    assert get("/facets?page=/").one("h1").text == "Filters"


def test_a_page_that_has_no_filters_is_refused(get: Get) -> None:
    get("/facets?page=https://elsewhere.example", status=400)
