"""`/stages/what-if`: thresholds in the address, counts that follow, and what to type."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from indexer.catalogue import Catalogue
from tests.app.pages.conftest import Get


def test_without_thresholds_it_is_as_the_catalogue_decided(get_scored: Get, scored: Catalogue) -> None:
    page = get_scored("/stages/what-if")

    removed = scored.manifest.reports["vlm"]["removed"]
    assert page.one("td", id="removed-by-vlm").text == f"{removed} as now"
    assert page.one("td", id="remain").text.endswith("as now")
    assert (
        f"Judged are the {scored.manifest.reports['vlm']['population']} samples of PUB11"
        in page.one("main").text
    )


def test_thresholds_stand_in_the_address(get_scored: Get) -> None:
    page = get_scored("/stages/what-if?vlm=0.3&detector_keep=0.5")

    named = {
        field.attributes["name"]: field.attributes.get("value")
        for field in page.all("input")
        if "name" in field.attributes
    }
    assert named["vlm"] == "0.3"
    assert named["detector_keep"] == "0.5"
    assert "vlm_keep" not in named and "detector" not in named
    assert re.fullmatch(r"\d+ \+\d+", page.one("td", id="removed-by-vlm").text)


def test_htmx_gets_the_answer_alone(get_scored: Get) -> None:
    part = get_scored("/stages/what-if?vlm=0.3", hx_request="true", hx_target="what-if-answer")

    assert not part.all("form")
    answer = part.one("div", id="what-if-answer")
    assert answer.attributes["data-vlm-least"] == "0.3"
    assert 0 < float(answer.attributes["data-vlm-keep"]) < 1
    assert "counted in" in part.one("span", id="what-if-time").text


def test_it_ends_with_what_to_type(get_scored: Get, scored: Catalogue) -> None:
    page = get_scored("/stages/what-if?vlm=0.3&detector_keep=0.5")

    assert page.one("pre", id="command").text == (
        f"rs5m stages {scored.path} --set vlm.least=0.3 --set detector.keep=0.5"
    )


def test_the_edge_is_that_of_the_score_that_is_moved(get_scored: Get) -> None:
    page = get_scored("/stages/what-if?vlm=0.25&strip=vlm")
    strips = page.all("div", "strip")

    removed, kept = ([float(text) for text in re.findall(r"0\.\d{4}", strip.text)] for strip in strips)
    assert removed == sorted(removed, reverse=True) and max(removed) < 0.25
    assert kept == sorted(kept) and min(kept) >= 0.25
    assert "At the edge of score c" in get_scored("/stages/what-if?strip=detector").one("main").text


@pytest.mark.parametrize("query", ["vlm=99", "vlm=-99", "vlm_keep=0", "vlm_keep=1", "detector_keep=0"])
def test_thresholds_beyond_every_score_have_an_empty_side(get_scored: Get, query: str) -> None:
    strip = query.partition("=")[0].removesuffix("_keep")
    page = get_scored(f"/stages/what-if?{query}&strip={strip}")

    assert "No sample is on this side." in page.one("main").text


@pytest.mark.parametrize("query", ["vlm=x", "vlm=1&vlm_keep=1", "least=3", "vlm_keep=90"])
def test_what_is_no_threshold_is_refused(get_scored: Get, query: str) -> None:
    get_scored(f"/stages/what-if?{query}", 400)


def test_a_catalogue_without_scores_says_so(get: Get) -> None:
    assert "No scores" in get("/stages/what-if").one("main").text
    part = get("/stages/what-if?vlm=0.2", hx_request="true", hx_target="what-if-answer")
    assert part.one("div", id="what-if-answer").text == ""


def test_the_same_counts_as_json(scored_client: TestClient, get_scored: Get) -> None:
    answer = scored_client.get("/api/stages/what-if?vlm=0.3&detector_keep=0.5").json()
    page = get_scored("/stages/what-if?vlm=0.3&detector_keep=0.5")

    total = answer["total"]
    assert page.one("td", id="removed-by-vlm").text.split()[0] == str(total["vlm"])
    assert total["judged"] == total["vlm"] + total["detector"] + total["remain"]
    assert answer["thresholds"]["vlm"]["least"] == pytest.approx(0.3)
    edge = answer["boundaries"]["vlm"]
    assert edge["removed"][0]["score"] < 0.3 <= edge["kept"][0]["score"] + 1e-6


def test_the_funnel_as_json(scored_client: TestClient, scored: Catalogue) -> None:
    answer = scored_client.get("/api/stages").json()

    total = answer["funnel_total"]
    assert total["amount"] == scored.manifest.samples
    assert total["download"] is None
    assert total["outlier"] == total["vlm"] + total["detector"]
    assert sum(row["remain"] for row in answer["funnel"]) == total["remain"] == scored.manifest.kept


def test_about_says_how_good_the_detector_is(get_scored: Get, get: Get) -> None:
    facts = get_scored("/about").one("section", id="detector").text

    assert "Right about 98.1 % (95 % interval 96.3 to 99.0 %)" in facts
    assert "Measured on unseen 212 samples of remote sensing and 200 others: another seed" in facts
    assert "Learned from 900 samples of remote sensing and 1,100 others: one seed" in facts
    assert not [part for part in get("/about").all("section") if part.attributes.get("id") == "detector"]
