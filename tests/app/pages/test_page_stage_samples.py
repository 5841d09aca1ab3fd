"""`/stages/samples`: the samples of a cell, why they went, and the pair of a duplicate."""

from __future__ import annotations

import re

import pytest

from indexer.catalogue import Catalogue
from tests.app.pages.conftest import Get
from tests.app.pages.reading import Page


def ids(page: Page) -> list[int]:
    links = [a.attributes["href"] for a in page.all("a", "card-link") if "data-walk" in a.attributes]
    return [int(link.rpartition("/")[2]) for link in links]


def of_stage(catalogue: Catalogue, condition: str) -> list[int]:
    rows = catalogue.connect().execute(
        f"SELECT id FROM samples JOIN ledger USING (id) WHERE {condition} ORDER BY id"  # noqa: S608
    )
    return [row[0] for row in rows.fetchall()]


@pytest.mark.parametrize(
    ("address", "condition"),
    [
        ("stage=keyword", "ledger.stage = 'keyword'"),
        ("stage=vlm&source=LAION2B&subset=PUB11", "ledger.stage = 'vlm' AND source = 'LAION2B'"),
        ("stage=outlier", "ledger.stage IN ('vlm', 'detector')"),
        ("stage=removed&source=(none)", "ledger.stage <> 'kept' AND source IS NULL"),
        ("stage=duplicate&reason=same_url", "reason = 'same_url'"),
    ],
)
def test_a_cell_holds_its_samples(get_scored: Get, scored: Catalogue, address: str, condition: str) -> None:
    page = get_scored(f"/stages/samples?{address}")
    expected = of_stage(scored, condition)

    assert expected
    assert ids(page) == expected[:40]
    assert page.one("p", id="truth").text.startswith(f"{len(expected):,} sample")


def test_a_reason_is_in_words_with_score_and_threshold(get_scored: Get) -> None:
    card = get_scored("/stages/samples?stage=vlm").all("li", "entry")[0].text

    assert "score s below its threshold" in card
    assert re.search(r"score s 0\.\d{4}, threshold 0\.\d{4}", card)


def test_a_duplicate_stands_beside_what_was_kept(get_scored: Get, scored: Catalogue) -> None:
    page = get_scored("/stages/samples?stage=duplicate&reason=near_duplicate")
    card = page.all("li", "entry")[0]
    keeper = scored.connect().execute("SELECT max(keeper) FROM ledger").fetchall()[0][0]

    assert "pair" in card.classes
    assert "kept copy" in card.text and "cosine 0.9" in card.text
    assert f"/samples/{keeper}" in [a.attributes["href"] for a in page.all("a", "card-link")]


def test_a_cluster_is_all_its_copies_and_what_was_kept(get_scored: Get, scored: Catalogue) -> None:
    cluster = scored.connect().execute("SELECT max(cluster) FROM ledger").fetchall()[0][0]
    page = get_scored(f"/stages/samples?cluster={cluster}")

    assert ids(page) == sorted({cluster, *of_stage(scored, "ledger.stage = 'duplicate'")})[:40]


def test_the_closest_to_the_threshold_come_first(get_scored: Get) -> None:
    page = get_scored("/stages/samples?stage=outlier&order=score")
    texts = [li.text for li in page.all("li", "entry")]
    gaps = [
        float(cut) - float(score)
        for text in texts
        for score, cut in re.findall(r"score [sc] ([\d.]+), threshold ([\d.]+)", text)
    ]

    assert len(gaps) == len(texts) > 3
    assert gaps == sorted(gaps)


def test_pages_follow_each_other_without_gap_or_repeat(get_scored: Get, scored: Catalogue) -> None:
    for order in ("id", "vlm", "score"):
        found: list[int] = []
        address: str | None = f"/stages/samples?stage=kept&order={order}"
        while address:
            page = get_scored(address, hx_request="true", hx_target="more") if found else get_scored(address)
            found += ids(page)
            more = page.all("li", "more")
            address = more[0].attributes["hx-get"] if more else None
        assert sorted(found) == of_stage(scored, "ledger.stage = 'kept'")
        if order == "id":
            assert found == sorted(found)


def test_reasons_and_sources_count_what_picking_them_gives(get_scored: Get) -> None:
    page = get_scored("/stages/samples?stage=duplicate")
    picks = [a for a in page.all("a", "button") if "/stages/samples" in a.attributes["href"]]
    counted = [(a, re.findall(r"[\d,]+$", a.text)) for a in picks]
    assert any("same URL" in a.text for a, _ in counted)
    for link, number in counted:
        if number:
            said = get_scored(link.attributes["href"]).one("p", id="truth").text
            assert said.split()[0] == number[0], link.text


def test_an_empty_cell_says_what_to_do(get_scored: Get) -> None:
    page = get_scored("/stages/samples?stage=download")

    assert "Nothing here" in page.one("main").text
    assert "0 samples" in page.one("p", id="truth").text


def test_search_among_them_leads_to_as_many(get_scored: Get) -> None:
    page = get_scored("/stages/samples?stage=duplicate&source=LAION2B&subset=PUB11")
    link = next(a for a in page.all("a", "button") if "Search among them" in a.text)

    number = page.one("p", id="truth").text.split()[0]
    assert get_scored(link.attributes["href"]).one("p", id="truth").text.startswith(f"{number} ")


@pytest.mark.parametrize(
    "query", ["stag=vlm", "cluster=x", "stage=vlm&stage=kept", "cursor=-1", "order=best"]
)
def test_what_cannot_be_asked_is_refused(get_scored: Get, query: str) -> None:
    get_scored(f"/stages/samples?{query}", 400)


def test_an_order_by_scores_there_are_none_of_is_refused(get: Get) -> None:
    assert "no vlm scores" in get("/stages/samples?order=vlm", 400).one("main").text


def test_a_samples_page_leads_back_to_its_like(get_scored: Get, scored: Catalogue) -> None:
    id_ = of_stage(scored, "reason = 'near_duplicate'")[0]
    page = get_scored(f"/samples/{id_}")

    links = [a.attributes["href"] for a in page.all("a")]
    assert "/stages/samples?stage=duplicate&reason=near_duplicate" in links
    assert any(link.startswith("/stages/samples?cluster=") for link in links)


def test_a_samples_page_shows_its_scores(get_scored: Get) -> None:
    text = get_scored("/samples/0").one("main").text

    assert re.search(r"Score s 0\.\d{4} \(cosine", text)
    assert re.search(r"Score c 0\.\d{4} \(probability", text)
