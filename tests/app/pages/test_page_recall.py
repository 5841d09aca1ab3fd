"""How searches are answered, on `/about` and as JSON: which index, what it was measured to find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.query import Answer, Query
from app.query.nearest import How
from app.settings import Settings
from app.views.recall import RecallView
from app.views.truth import truth
from indexer.catalogue import Catalogue
from indexer.catalogue.finish import replace_file
from indexer.catalogue.layout import MANIFEST
from indexer.catalogue.search_settings import CurvePoint, SearchSettings
from tests.app.pages.conftest import Get
from tests.app.pages.reading import Page
from tests.catalogues import make_catalogue

CURVE = tuple(
    CurvePoint(probes, candidates, probes / 2000, 2.4 * candidates, recall, recall - 0.05)
    for probes, recall in ((8, 0.84), (16, 0.95), (32, 0.997))
    for candidates in (500, 1000)
)
TUNED = SearchSettings(32, 1000, 0.985, 0.94, 400, CURVE)


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A catalogue whose manifest says what tuning an index of inverted lists measured."""
    folder = tmp_path_factory.mktemp("tuned") / "world"
    made = make_catalogue(folder, [{"caption": "a port"}], np.eye(1, 4))
    replace_file(folder / MANIFEST, replace(made.manifest, search=TUNED).to_json().encode())
    made.close()
    with (
        Catalogue.open(folder) as catalogue,
        TestClient(create_app(catalogue, Settings()), base_url="http://127.0.0.1") as client,
    ):
        yield client


def test_the_curve_is_drawn_and_told(tuned: TestClient) -> None:
    page = Page(tuned.get("/about").text)
    section = page.one("section", "searching")
    assert "0.997 of the true first 10, 0.947 of the first 100, over 400 queries" in section.text
    drawing = page.one("svg", role="img")
    assert "32: 0.997 and 0.947" in drawing.attributes["aria-label"]
    assert len(page.all("circle")) - len(page.all("circle", r="4")) >= 2 * 3
    assert len(page.all("circle", "chosen")) == 2
    rows = [row.text for row in page.all("tr") if row.text.startswith("32 1.60 % 2,400")]
    assert rows == ["32 1.60 % 2,400 0.997 0.947"]


def test_the_drawing_rises_to_the_right_within_its_frame() -> None:
    view = RecallView(TUNED)
    for curve in view.curves:
        xs, ys = [dot.x for dot in curve.dots], [dot.y for dot in curve.dots]
        assert xs == sorted(xs) and ys == sorted(ys, reverse=True)
        assert view.left <= xs[0] and xs[-1] <= view.right
        assert view.top <= ys[-1] and ys[0] <= view.bottom
        assert [dot.chosen for dot in curve.dots] == [False, False, True]


def test_a_curve_of_one_point_can_be_drawn() -> None:
    only = CurvePoint(8, 250, 0.01, 500, 1.0, 1.0)
    view = RecallView(SearchSettings(8, 250, 0.9, 0.9, 10, (only,)))
    assert view.curves[0].dots[0].y == view.top


def test_a_small_catalogue_is_exact_and_draws_nothing(get: Get) -> None:
    page = get("/about")
    assert "exact: recall 1" in page.one("section", "searching").text
    assert not page.all("figure", "recall")


def test_the_same_is_had_as_json(tuned: TestClient, client: TestClient) -> None:
    facts = tuned.get("/api/catalogue").json()
    assert facts["searching"]["chosen"] == {
        "probes": 32, "candidates": 1000, "scanned": 0.016, "rescored": 2400.0,
        "recall_10": 0.997, "recall_100": 0.947,
    }  # fmt: skip
    assert len(facts["searching"]["curve"]) == len(CURVE)
    small = client.get("/api/catalogue").json()
    assert (small["samples"], small["kept"], small["name"]) == (64, 62, "world")
    assert (small["searching"]["kind"], small["searching"]["chosen"]) == ("flat", None)
    assert sum(source["kept"] for source in small["sources"]) == 62


@pytest.mark.parametrize(
    ("how", "matching", "said"),
    [
        (How("lists", 1000, 32, 2048), 9000, "approximate (recall 0.99): best 32 of 2,048 lists scanned"),
        (How("lists", 4000, 128, 700), 4000, "approximate: best 128 of 700 lists scanned"),
        (How("compared", 812), 812, "exact"),
    ],
)
def test_the_truth_line_gives_the_recall_that_was_measured(how: How, matching: int, said: str) -> None:
    method = "exact" if how.exact else "approximate"
    answer = Answer([], "meaning", method, matching, 9000, matching, 12.0, 0.0, None, how)  # type: ignore[arg-type]
    assert f" - {said}" in truth(answer, Query(q="port"), TUNED)
