"""The stages that judge by a score: `vlm` and `detector`."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indexer.stages import Pipeline, decide
from indexer.stages.scored import threshold_of
from indexer.stages.vlm import VlmSettings
from tests.facts import make_facts

NAN = math.nan


def removed(pipeline: Pipeline, *rows: tuple[float, float], subsets: str = "PUB11") -> dict[int, str]:
    """Stage by id of the samples removed, of (s, c) each."""
    facts = make_facts(
        [{"subset": subsets} for _ in rows],
        scores={"vlm": [s for s, _ in rows], "detector": [c for _, c in rows]},
    )
    decide(pipeline.stages, facts)
    return dict(facts.connection.sql("SELECT id, stage FROM removed ORDER BY id").fetchall())


@given(st.lists(st.floats(-1, 1, width=32), min_size=1), st.floats(0.01, 1))
def test_the_threshold_keeps_at_least_the_share_and_the_next_higher_one_would_not(
    scores: list[float], share: float
) -> None:
    values = np.array(scores, np.float32)
    wanted = max(1, math.ceil(share * len(values) * (1 - 1e-12)))

    threshold = threshold_of(values, share)

    assert (values >= np.float32(threshold)).sum() >= wanted
    assert (values > np.float32(threshold)).sum() < wanted


def test_of_ten_samples_nine_stay_at_ninety_per_cent() -> None:
    rows = [(number / 10, 1.0) for number in range(10)]
    assert removed(Pipeline.of({"vlm": {"keep": 0.9}}), *rows) == {0: "vlm"}


def test_both_thresholds_are_taken_over_the_same_samples() -> None:
    # s removes 0; c's top 80 % of all ten, not of the nine that s left, are those above 0.2.
    rows = [(number / 10, number / 10) for number in range(10)]
    assert removed(Pipeline.of({"vlm": {}, "detector": {}}), *rows) == {0: "vlm", 1: "detector"}


def test_an_absolute_threshold_keeps_what_reaches_it() -> None:
    rows = [(0.2, 0.5), (0.25, 0.5), (0.3, 0.49)]
    pipeline = Pipeline.of({"vlm": {"least": 0.25}, "detector": {"least": 0.5}})
    assert removed(pipeline, *rows) == {0: "vlm", 2: "detector"}


def test_a_sample_without_a_score_is_not_judged() -> None:
    rows = [(NAN, NAN), (0.1, 0.9), (0.2, 0.9)]
    assert removed(Pipeline.of({"vlm": {"keep": 0.5}, "detector": {}}), *rows) == {1: "vlm"}


def test_other_subsets_are_left_alone() -> None:
    assert removed(Pipeline.of({"vlm": {"least": 0.9}}), (0.1, 0.1), subsets="RS3") == {}


def test_the_report_tells_population_and_threshold() -> None:
    facts = make_facts([{}, {}, {"subset": "RS3"}], scores={"vlm": [0.1, 0.2, 0.0]})
    reports = decide(Pipeline.of({"vlm": {"keep": 0.5}}).stages, facts)
    assert reports["vlm"] == {"population": 2, "threshold": pytest.approx(0.2), "removed": 1}


def test_without_scores_the_stage_says_why_it_judged_nothing() -> None:
    facts = make_facts([{}], notes={"detector": "No detector ships for encoder x."})
    reports = decide(Pipeline.of({"detector": {}}).stages, facts)
    assert reports["detector"] == {"skipped": "No detector ships for encoder x.", "removed": 0}


def test_the_ledger_gets_score_and_threshold() -> None:
    facts = make_facts([{}, {}], scores={"vlm": [0.125, 0.5]})
    decide(Pipeline.of({"vlm": {"least": 0.25}}).stages, facts)
    [row] = facts.connection.sql("SELECT reason, detail, score, threshold FROM removed").fetchall()
    assert row == (
        "low_vlm_score",
        "The cosine with the mean of the remote-sensing texts is 0.1250; the least that stays is 0.2500.",
        0.125,
        0.25,
    )


def test_share_and_threshold_exclude_each_other() -> None:
    with pytest.raises(ValidationError, match="two ways to say the same"):
        VlmSettings(keep=0.5, least=0.1)
