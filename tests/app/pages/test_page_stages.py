"""`/stages`: numbers that balance, and links to the samples behind them."""

from __future__ import annotations

import re

import pytest

from app.views.flow import Band, Flow, Loss, steps
from indexer.catalogue import Catalogue
from tests.app.conftest import KEPT
from tests.app.pages.conftest import Get
from tests.app.pages.reading import Page


def number(text: str) -> int:
    """The number in `1,204`, `-12` or `s 30`."""
    return int(re.sub(r"[^0-9]", "", text))


def rows(page: Page, place: int) -> list[list[str]]:
    """Texts of the cells of the `place`-th table, by row."""
    tables: list[list[list[str]]] = []
    for element in page.elements:
        if element.tag == "table":
            tables.append([])
        elif element.tag == "tr":
            tables[-1].append([])
        elif element.tag in ("td", "th"):
            tables[-1][-1].append(element.text)
    return tables[place]


def test_every_number_leads_to_as_many_samples(get_scored: Get) -> None:
    links = [a for a in get_scored("/stages").all("a") if "/stages/samples" in a.attributes["href"]]
    counted = [a for a in links if re.fullmatch(r"(-|[sc] )?[0-9,]+", a.text)]
    assert len(counted) > 20
    for link in counted:
        said = get_scored(link.attributes["href"]).one("p", id="truth").text
        assert said.split()[0] == f"{number(link.text):,}", (link.attributes, said)


def test_every_part_of_the_picture_leads_to_as_many_samples(get_scored: Get) -> None:
    bars = [a for a in get_scored("/stages?source=LAION2B").all("a") if "aria-label" in a.attributes]
    parts = [a for a in bars if "/stages/samples" in a.attributes["href"]]
    assert {"duplicate", "kept", "vlm"} <= {
        re.findall(r"stage=(\w+)", a.attributes["href"])[0] for a in parts if "stage=" in a.attributes["href"]
    }
    for link in parts:
        said = get_scored(link.attributes["href"]).one("p", id="truth").text
        assert (
            f"{number(link.attributes['aria-label'].split(':')[-1].split('removed')[0]):,}" == said.split()[0]
        )


def test_the_table_is_in_rs5ms_columns_and_balances(get_scored: Get, scored: Catalogue) -> None:
    head, *body = rows(get_scored("/stages"), 0)

    assert head == [
        "Source", "Subset", "Amount", "After keywords", "Downloaded", "Invalid", "Duplicate", "Outlier",
        "Remain",
    ]  # fmt: skip
    for row in body:
        amount, keywords, _, invalid, duplicate, outlier, remain = (cell.split(" ")[0] for cell in row[2:])
        assert number(keywords) - number(invalid) - number(duplicate) - number(outlier) == number(remain)
        assert number(amount) >= number(keywords)
    assert number(body[-1][2]) == scored.manifest.samples
    assert number(body[-1][-1].split(" ")[0]) == scored.manifest.kept


def test_a_stage_that_did_not_run_is_a_dash(get_scored: Get) -> None:
    page = get_scored("/stages")

    assert {row[4] for row in rows(page, 0)[1:]} == {"-"}
    assert "Not run here, and so a dash: download." in page.one("main").text


def test_the_funnel_ends_with_what_was_kept(get: Get) -> None:
    lines = [li.text for li in get("/stages").all("li", "step")]
    here = lines[: next(place for place, line in enumerate(lines) if line.startswith("kept")) + 1]

    assert here[0].startswith("Amount") and str(KEPT + 4) in here[0]
    assert str(KEPT + 2) in here[-1]


def test_the_published_table_is_on_the_page(get: Get) -> None:
    page = get("/stages?source=LAION2B")
    reference = [li.text for li in page.all("li", "step")][-6:]

    assert "1,980,978" in reference[0]
    assert "-243,394" in reference[1]
    assert "1,060,779" in reference[-1]
    table = rows(page, 1)
    assert table[1] == ["LAION2B", "2.3B", "1,980,978", "1,737,584", "102", "343,017", "333,686", "1,060,779"]
    assert table[12][0] == "PUB11" and table[12][-1] == "3,007,809"


def test_a_source_of_neither_is_said_to_be_so(get: Get) -> None:
    text = get("/stages?source=Nowhere").one("main").text
    assert "It read nothing of Nowhere." in text
    assert "The published table has no row for Nowhere." in text


def test_shared_sources_are_compared_and_far_ones_marked(get_scored: Get) -> None:
    page = get_scored("/stages")
    laion = next(row for row in rows(page, 2) if row[0] == "LAION2B")

    assert laion[2] == "0.0 %" and laion[8] == "61.0 %"
    here, points = re.match(r"([\d.]+) % ([+-][\d.]+) points", laion[7]).groups()  # type: ignore[union-attr]
    assert float(points) == pytest.approx(float(here) - 61.05, abs=0.11)
    marked = [td for td in page.all("td") if "apart" in td.classes]
    assert marked
    assert all(abs(float(re.findall(r"([+-][\d.]+) points", td.text)[0])) >= 10 for td in marked)


def test_reasons_are_in_words_and_lead_to_their_samples(get_scored: Get) -> None:
    reason = next(row for row in rows(get_scored("/stages"), 3) if row[0] == "vlm")

    assert reason[1] == "score s below its threshold"


def test_other_thresholds_are_a_step_away(get_scored: Get, get: Get) -> None:
    section = get_scored("/stages").one("section", id="what-if")

    assert "Score s is kept from 0." in section.text
    assert "The detector is right about 98.1 % of 412 unseen samples." in section.text
    assert not [part for part in get("/stages").all("section") if part.attributes.get("id") == "what-if"]


def test_source_names_are_hostile(get: Get) -> None:
    page = get('/stages?source="><script>alert(1)</script>')

    assert not [script for script in page.all("script") if "alert" in script.text]


def flow(whole: int, *counts: int) -> Flow:
    losses = [Loss(f"step {n}", count, f"left {n}", "removed-1", None) for n, count in enumerate(counts)]
    return Flow("Test", "Amount", whole, None, losses, None)


def test_the_band_is_to_scale_and_joins_up() -> None:
    band = Band(flow(1000, 400, 0, 100))

    thick = [part.height for part in band.stretches]
    assert [round(height / thick[0], 2) for height in thick] == [1.0, 0.6, 0.6, 0.5]
    assert [part.count for part in band.stretches] == [1000, 600, 600, 500]
    ends = [part.x + part.width for part in band.stretches]
    assert all(
        end == pytest.approx(part.x, abs=1) for end, part in zip(ends, band.stretches[1:], strict=False)
    )
    assert ends[-1] == band.width
    assert [drop.path == "" for drop in band.drops] == [False, True, False]


def test_a_step_of_one_in_a_million_is_still_drawn() -> None:
    band = Band(flow(1_000_000, 1))

    assert band.drops[0].path
    assert band.drops[0].share == "0.0001 %"


def test_an_empty_catalogue_has_an_empty_band() -> None:
    assert [part.height for part in Band(flow(0, 0)).stretches] == [0, 0]
    assert [step.note for step in steps(flow(0, 0))] == ["", "", ""]
