"""What the audit's pages say: shares, intervals to scale, scores against thresholds, draws to go on with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.query import stage_table
from app.query.audit import Draw
from app.query.drawing import drawn
from app.query.estimates import estimate
from app.query.marked import mark_of, marks_in, matched
from app.query.proportion import Interval
from app.views.audit import AuditView, between, percent
from app.views.marking import MarkingView, Score
from app.workspace import Mark
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue


@pytest.mark.parametrize(
    ("share", "says"),
    [(0, "0 %"), (1, "100 %"), (0.008, "0.8 %"), (0.5, "50.0 %"), (0.00037, "0.037 %"), (0.999, "99.9 %")],
)
def test_a_share_in_per_cent(share: float, says: str) -> None:
    assert percent(share) == says


def test_an_interval_has_one_unit() -> None:
    assert between(Interval(0.0, 0.0122)) == "0 to 1.2 %"


@pytest.fixture
def world(tmp_path: Path) -> Catalogue:
    rows = [{"stage": "vlm" if number % 3 == 0 else "kept", "subset": "PUB11"} for number in range(300)]
    scores = np.array([0.2 if row["stage"] == "vlm" else 0.3 for row in rows])
    return make_catalogue(
        tmp_path / "world",
        rows,
        scores={"vlm": scores, "detector": np.full(300, 0.75)},
        settings={"vlm": {"keep": 0.9, "subsets": ["PUB11"]}},
        reports={"vlm": {"population": 300, "threshold": 0.25, "removed": 100}},
    )


def view(catalogue: Catalogue, marks: list[Mark]) -> AuditView:
    table, found = stage_table(catalogue), matched(catalogue, marks)
    return AuditView(catalogue, Draw(), table, estimate(catalogue, found, table), found, None)


def say(catalogue: Catalogue, draw: Draw, number: int, first: int = 0) -> list[Mark]:
    return [mark_of(catalogue, draw, id_, "keep") for id_ in drawn(catalogue, draw)[first:number].tolist()]


def test_scores_stand_against_the_thresholds_they_were_held_against(world: Catalogue) -> None:
    draw = Draw(of="kept", at=1)

    shown = MarkingView(world, draw, drawn(world, draw), {}, None)

    assert shown.scores == [
        Score("Score s, likeness to remote sensing", "0.3000", "threshold 0.2500"),
        Score("Score c, probability of remote sensing", "0.7500", "no threshold"),
    ]


def test_a_score_that_no_stage_judged_is_said_to_be_such(tmp_path: Path) -> None:
    with make_catalogue(
        tmp_path / "world",
        [{"subset": "RS3"}],
        scores={"vlm": np.array([0.3])},
        settings={"vlm": {"keep": 0.9, "subsets": ["PUB11"]}},
        reports={"vlm": {"population": 0, "threshold": 0.25, "removed": 0}},
    ) as made:
        (score,) = MarkingView(made, Draw(at=1), drawn(made, Draw()), {}, None).scores

    assert (score.value, score.threshold) == ("0.3000", "its subset is not judged")


def test_an_interval_is_drawn_to_scale_with_the_published_rate_in_sight(world: Catalogue) -> None:
    kept, removed = view(world, say(world, Draw(), 40)).sides

    for side in (kept, removed):
        assert side.scale is not None
        assert 0 <= side.scale.low <= side.scale.share <= side.scale.high <= 100
        assert 0 < side.scale.published < 100
    assert kept.rate.share == "0 %"
    assert removed.rate.share == "100 %"
    assert (kept.rate.marked, removed.rate.marked) == ("20 of 200", "20 of 100")


def test_a_draw_is_gone_on_with_at_its_first_gap_and_is_made_longer_where_it_is_full(
    world: Catalogue,
) -> None:
    gap = [*say(world, Draw(seed=1), 3), *say(world, Draw(seed=1), 9, first=4)]
    full = say(world, Draw(of="removed", seed=2), 100)
    other = say(world, Draw(of="kept", seed=3), 100)

    begun = view(world, [*gap, *full, *other]).begun

    assert [one.url for one in begun] == [
        "/audit?of=kept&draw=random&seed=3&n=200&at=101",
        "/audit?of=removed&draw=random&seed=2&n=200&at=101",
        "/audit?of=both&draw=random&seed=1&n=100&at=4",
    ]
    assert begun[2].words == "kept and removed, at random - seed 1 - 8 marked"
    marks = marks_in(Draw(of="removed", seed=2), matched(world, full))
    end = MarkingView(
        world,
        Draw(of="removed", seed=2, n=200, at=101),
        drawn(world, Draw(of="removed", seed=2, n=200)),
        marks,
        None,
    )
    assert (end.finished, end.more_url, end.open_url) == (True, None, None)


def test_what_an_earlier_decision_left_is_said(world: Catalogue, tmp_path: Path) -> None:
    marks = say(world, Draw(), 40)
    assert view(world, marks).older is None
    rows = [{"stage": "vlm" if number % 2 == 0 else "kept", "subset": "PUB11"} for number in range(300)]
    with make_catalogue(tmp_path / "decided-anew", rows) as anew:
        moved = sum(mark.id % 6 in (2, 3, 4) for mark in marks)
        later = view(anew, marks)

        assert f"{40 - moved} of them are counted" in (later.older or "")
        assert f"{moved} left out, as the samples moved" in (later.older or "")
        (begun,) = later.begun
        assert begun.words.endswith(f"{40 - moved} marked")


def test_only_the_last_few_draws_are_listed(world: Catalogue) -> None:
    marks = [one for seed in range(9) for one in say(world, Draw(seed=seed), 1)]

    begun = view(world, marks).begun

    assert ["seed=8" in one.url for one in begun] == [True, False, False, False, False]
