"""`/stages`: numbers that balance, and links to the samples behind them."""

from __future__ import annotations

from tests.app.conftest import KEPT
from tests.app.pages.conftest import Get


def test_every_number_leads_to_as_many_samples(get: Get) -> None:
    page = get("/stages")
    links = [
        a
        for a in page.all("a")
        if "source=" in a.attributes["href"] and a.attributes["href"].startswith("/?")
    ]
    assert links
    for link in links:
        if link.text:
            said = get(link.attributes["href"]).one("p", id="truth").text
            assert said.startswith((f"{link.text} of", f"{link.text} sample")), (link.attributes, said)


def test_the_funnel_ends_with_what_was_kept(get: Get) -> None:
    steps = [li.text for li in get("/stages").all("li", "step")]
    assert f"read {KEPT + 4}" in steps[0].replace(f"{KEPT + 4} read", "read", 1)
    here = steps[: next(place for place, step in enumerate(steps) if step.startswith("kept")) + 1]
    assert str(KEPT + 2) in here[-1]


def test_the_published_table_balances_on_the_page(get: Get) -> None:
    page = get("/stages?source=LAION2B")
    steps = [li.text for li in page.all("li", "step")]
    reference = steps[-6:]
    assert "1,980,978" in reference[0]
    assert "-243,394" in reference[1]
    assert "1,060,779" in reference[-1]


def test_a_source_of_neither_is_said_to_be_so(get: Get) -> None:
    text = get("/stages?source=Nowhere").one("main").text
    assert "It read nothing of Nowhere." in text
    assert "The published table has no row for Nowhere." in text


def test_shared_sources_are_compared(get: Get) -> None:
    page = get("/stages")
    row = next(tr.text for tr in page.all("tr") if "points" in tr.text)
    assert row.startswith("LAION2B")
    assert "61.0 %" in row
