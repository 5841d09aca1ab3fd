"""What rankings by cosine offer on `/`: near-duplicates gathered, a least score, likeness to several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from indexer.catalogue import Catalogue
from tests.app.pages.reading import Page
from tests.catalogues import make_catalogue

PLACES, COPIES = 60, 4


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """60 places, each pictured four times nearly alike; then a caption without a picture."""
    drawn = np.random.default_rng(3).normal(size=(PLACES, 64))
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    noise = np.random.default_rng(4).normal(0, 0.01, (PLACES * COPIES, 64))
    vectors = np.append(np.repeat(drawn, COPIES, axis=0) + noise, np.zeros((1, 64)), axis=0)
    rows: list[dict[str, Any]] = [
        {"caption": f"place {number // COPIES}", "source": ("FMoW", "SBU")[number % 2]}
        for number in range(PLACES * COPIES)
    ]
    rows.append({"caption": "place without a picture", "has_vector": False, "source": "SBU"})
    with make_catalogue(tmp_path_factory.mktemp("copies") / "world", rows, vectors) as made:
        yield made


@pytest.fixture(scope="module")
def visitor(copies: Catalogue) -> Iterator[TestClient]:
    with TestClient(create_app(copies, Settings()), base_url="http://127.0.0.1") as client:
        yield client


def look(visitor: TestClient, address: str, **headers: str) -> Page:
    answer = visitor.get(address, headers={"accept": "text/html", **headers})
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def shown(page: Page) -> list[int]:
    return [int(link.attributes["href"].rpartition("/")[2]) for link in page.all("a", "card-link")]


def truth(page: Page) -> str:
    return page.one("p", id="truth").text


def test_near_duplicates_are_gathered_behind_the_best_of_them(visitor: TestClient) -> None:
    page = look(visitor, look(visitor, "/?like=0").link("Group near-duplicates"))

    assert {place // COPIES for place in shown(page)[1:]} == {place // COPIES for place in shown(page)} - {
        shown(page)[0] // COPIES
    }
    assert page.all("a", "card-alike")[0].text == "+2 alike"
    assert "near-duplicates gathered" in truth(page)
    assert page.link("Near-duplicates") == page.link("Group near-duplicates") == "/?like=0"


def test_scrolling_groups_brings_every_place_once(visitor: TestClient) -> None:
    page = look(visitor, "/?like=0&group=yes&k=25")
    seen = shown(page)
    while more := page.all("li", "more"):
        page = look(visitor, more[0].attributes["hx-get"], **{"HX-Request": "true", "HX-Target": "more"})
        seen += shown(page)

    assert sorted(place // COPIES for place in seen) == list(range(PLACES))


def test_a_badge_leads_to_what_is_nearly_the_same(visitor: TestClient) -> None:
    grouped = look(visitor, "/?like=0&group=yes&source=FMoW&source=SBU")
    badge = grouped.all("a", "card-alike")[1].attributes["href"]
    leader = shown(grouped)[1]

    page = look(visitor, badge)

    assert "source=FMoW&source=SBU" in badge
    assert {place // COPIES for place in shown(page)} == {leader // COPIES}
    assert len(shown(page)) == COPIES - 1


def test_a_least_score_is_a_chip_and_the_truth(visitor: TestClient) -> None:
    page = look(visitor, "/?like=0&min_score=0.9&group=yes")

    assert "1 best by likeness of 1 with a cosine of at least 0.9 - near-duplicates gathered" in truth(page)
    assert page.link("Cosine at least") == "/?like=0&group=yes"
    field = page.one("input", name="min_score")
    assert (field.attributes["value"], field.attributes["type"]) == ("0.9", "text")


def test_more_than_a_page_is_said_to_be_or_more(visitor: TestClient) -> None:
    page = look(visitor, "/?like=0&min_score=-1&k=20")

    assert "20 best by likeness of 21 or more with a cosine of at least -1" in truth(page)
    assert "CSV up to 1,000 rows" in " ".join(link.text for link in page.all("a", "button"))


def test_the_form_of_the_least_score_sends_the_rest_of_the_view(visitor: TestClient) -> None:
    html = visitor.get("/?like=0&source=SBU&min_score=0.5&group=yes").text
    form = Page(html[html.index('class="least"') : html.index('id="min-score"')])

    sent = {item.attributes["name"]: item.attributes["value"] for item in form.all("input", type="hidden")}
    assert sent == {"like": "0", "source": "SBU", "group": "yes"}


def test_results_can_be_like_several(visitor: TestClient) -> None:
    page = look(visitor, "/?like=0&source=SBU")
    also = page.all("a", "card-also")[1].attributes["href"]
    second = shown(page)[1]

    assert also == f"/?like=0&like={second}&source=SBU"
    page = look(visitor, also)
    chips = page.all("a", "chip")[:2]
    assert [chip.text for chip in chips] == ["Like sample 0 (remove)", f"Like sample {second} (remove)"]
    assert [chip.attributes["href"] for chip in chips] == [
        f"/?like={second}&source=SBU",
        "/?like=0&source=SBU",
    ]


@pytest.mark.parametrize(
    "address",
    ["/?min_score=0.3&group=yes", "/?q=place&mode=caption&min_score=0.3&group=yes", "/captions?group=yes"],
)
def test_lists_and_words_know_nothing_of_cosines(visitor: TestClient, address: str) -> None:
    page = look(visitor, address)

    links = [link.attributes.get("href", "") for link in page.all("a")]
    assert not [
        link for link in links if "min_score" in link or ("group" in link and "mode=image" not in link)
    ]
    assert not page.all("input", name="min_score")
    assert not page.all("a", "card-also")


def test_taking_the_likeness_away_takes_the_least_score_along(visitor: TestClient) -> None:
    page = look(visitor, "/?like=0&source=SBU&min_score=0.5&group=yes")

    assert page.link("Like sample 0") == "/?source=SBU"


def test_a_sample_without_a_picture_is_likened_by_words_and_offers_no_cosine(visitor: TestClient) -> None:
    page = look(visitor, f"/?like={PLACES * COPIES}&min_score=0.5")

    assert not page.all("input", name="min_score")
    assert not [link for link in page.all("a", "chip") if "Cosine" in link.text]


def test_a_list_has_a_first_and_a_last_page(visitor: TestClient) -> None:
    page = look(visitor, "/?k=100")
    assert "Page 1 of 3" in page.one("nav", "pages").text
    last = look(visitor, page.link("Last page"))
    assert "Page 3 of 3" in last.one("nav", "pages").text
    assert len(shown(last)) == PLACES * COPIES + 1 - 200
    assert last.link("First page") == "/?k=100"
    assert not look(visitor, "/?like=0").all("nav", "pages")
