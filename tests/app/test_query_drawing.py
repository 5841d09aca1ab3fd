"""What an audit draws: at random from each side, or what lies nearest to a threshold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.query.audit import Draw
from app.query.drawing import drawn
from app.query.random_order import first_at_random
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from tests.catalogues import make_catalogue

SAMPLES = 600
MANY = 10_000
NAN = float("nan")


def stage_of(number: int) -> str:
    """A tenth removed, by two stages."""
    return {3: "keyword", 7: "vlm"}.get(number % 20, "kept")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    rows = [
        {"stage": stage_of(number), "source": ("A", "B", None)[number % 3], "subset": "PUB11"}
        for number in range(SAMPLES)
    ]
    with make_catalogue(tmp_path_factory.mktemp("drawing") / "world", rows) as made:
        yield made


def ids(world: Catalogue, sql: str) -> list[int]:
    rows = world.connect().execute(f"SELECT id FROM samples WHERE {sql} ORDER BY id")  # noqa: S608
    return [id_ for (id_,) in rows.fetchall()]


@pytest.mark.parametrize(
    ("draw", "sql"),
    [
        (Draw(of="kept", n=MANY), "stage = 'kept'"),
        (Draw(of="removed", n=MANY), "stage <> 'kept'"),
        (Draw(of="both", n=MANY), "TRUE"),
        (Draw(of="removed", stage="vlm", n=MANY), "stage = 'vlm'"),
        (Draw(of="both", stage="vlm", n=MANY), "stage IN ('kept', 'vlm')"),
        (Draw(of="kept", source="A", n=MANY), "stage = 'kept' AND source = 'A'"),
        (Draw(of="removed", source="(none)", n=MANY), "stage <> 'kept' AND source IS NULL"),
        (Draw(of="removed", source="B", stage="keyword", n=MANY), "stage = 'keyword' AND source = 'B'"),
        (Draw(of="removed", stage="kept", n=MANY), "FALSE"),
        (Draw(of="removed", stage="any", n=MANY), "stage <> 'kept'"),
        (Draw(of="both", source="nowhere", n=MANY), "FALSE"),
    ],
)
def test_a_draw_of_everything_is_what_it_draws_from(world: Catalogue, draw: Draw, sql: str) -> None:
    found = drawn(world, draw).tolist()

    assert sorted(found) == ids(world, sql)
    assert len(found) == len(set(found))


def test_a_random_draw_is_the_random_order_of_its_side(world: Catalogue) -> None:
    kept = np.array(ids(world, "stage = 'kept'"))

    assert drawn(world, Draw(of="kept", seed=5, n=50)).tolist() == first_at_random(kept, 50, 5).tolist()
    assert drawn(world, Draw(of="kept", seed=6, n=50)).tolist() != first_at_random(kept, 50, 5).tolist()


def test_both_sides_take_turns_until_one_has_no_more(world: Catalogue) -> None:
    few = drawn(world, Draw(of="both", n=41)).tolist()
    many = drawn(world, Draw(of="both", n=300)).tolist()
    removed = set(ids(world, "stage <> 'kept'"))

    assert [id_ in removed for id_ in few] == [place % 2 == 1 for place in range(41)]
    assert few == many[:41]
    assert removed <= set(many)
    assert few[::2] == drawn(world, Draw(of="kept", n=21)).tolist()


def test_the_place_looked_at_is_no_part_of_the_draw(world: Catalogue) -> None:
    assert drawn(world, Draw(n=30, at=7)).tolist() == drawn(world, Draw(n=30)).tolist()


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Scores s and c of ten samples, thresholds 0.5; the last three are of a subset no stage judges."""
    vlm = np.array([0.30, 0.49, 0.51, 0.60, 0.90, 0.55, NAN, 0.5, 0.501, 0.1])
    detector = np.array([0.90, 0.90, 0.90, 0.52, 0.45, 0.20, NAN, 0.5, 0.501, 0.1])
    stages = ["vlm", "vlm", "kept", "kept", "detector", "detector", "duplicate", "kept", "kept", "kept"]
    rows: list[dict[str, Any]] = [
        {"stage": stage, "subset": "PUB11" if number < 7 else "RS3"} for number, stage in enumerate(stages)
    ]
    scores = {"vlm": vlm, "detector": detector}
    ledger: list[dict[str, Any]] = [
        {"id": number, "score": float(scores[stage][number]), "threshold": 0.5}
        for number, stage in enumerate(stages)
        if stage in scores
    ]
    ledger.append({"id": 6, "score": 0.97, "threshold": 0.95, "keeper": 2})
    with make_catalogue(
        tmp_path_factory.mktemp("boundary") / "world",
        rows,
        ledger=ledger,
        scores=scores,
        settings={name: {"keep": 0.9, "subsets": ["PUB11"]} for name in scores},
        reports={name: {"population": 6, "threshold": 0.5, "removed": 2} for name in scores},
    ) as made:
        yield made


def near(of: str, stage: str = "", n: int = 10) -> Draw:
    return Draw(of=of, kind="boundary", stage=stage, n=n)  # type: ignore[arg-type]


def test_the_nearest_to_one_threshold_come_first_on_both_sides(scored: Catalogue) -> None:
    assert drawn(scored, near("removed", "vlm")).tolist() == [1, 0]
    assert drawn(scored, near("removed", "detector")).tolist() == [4, 5]
    assert drawn(scored, near("kept", "vlm")).tolist() == [2, 3]
    assert drawn(scored, near("kept", "detector")).tolist() == [3, 2]
    assert drawn(scored, near("both", "vlm")).tolist() == [2, 1, 3, 0]
    assert drawn(scored, near("both", "vlm", n=2)).tolist() == [2, 1]


def test_stages_take_turns_as_their_scores_cannot_be_compared(scored: Catalogue) -> None:
    assert drawn(scored, near("removed")).tolist() == [4, 6, 1, 5, 0]
    assert drawn(scored, near("kept")).tolist() == [2, 3]


def test_every_subset_is_judged_where_the_settings_say_so(tmp_path: Path) -> None:
    with make_catalogue(
        tmp_path / "world",
        [{"subset": "RS3"}, {"subset": "PUB11"}],
        scores={"vlm": np.array([0.9, 0.6])},
        settings={"vlm": {"least": 0.5, "subsets": ["all"]}},
        reports={"vlm": {"population": 2, "threshold": 0.5, "removed": 0}},
    ) as made:
        assert drawn(made, near("kept")).tolist() == [1, 0]


def test_without_scores_nothing_is_near_a_threshold(world: Catalogue) -> None:
    assert drawn(world, near("both")).tolist() == []


def test_a_url_is_parsed_and_written_again() -> None:
    draw = Draw(of="removed", source="A B", stage="vlm", seed=9, n=40, at=3)
    url = "/audit?of=removed&draw=random&source=A+B&stage=vlm&seed=9&n=40&at=3"

    assert draw.url() == url
    assert Draw.from_params(draw.to_params()) == draw
    assert Draw.from_params([("source", ""), ("stage", " "), ("seed", "")]) == Draw()
    assert Draw(kind="boundary").url() == "/audit?of=both&draw=boundary&n=100"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("of", "all"),
        ("draw", "best"),
        ("seed", "-1"),
        ("seed", "x"),
        ("seed", "9" * 30),
        ("seed", "²"),
        ("n", "0"),
        ("n", "1000000"),
        ("at", "0"),
        ("source", "x" * 2000),
        ("stage", "kept"),
        ("stage", "any"),
        ("sede", "1"),
    ],
)
def test_a_wrong_value_names_its_parameter(name: str, value: str) -> None:
    with pytest.raises(UserError, match=name):
        Draw.from_params([(name, value)])


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(UserError, match="seed is given twice"):
        Draw.from_params([("seed", "1"), ("seed", "2")])
