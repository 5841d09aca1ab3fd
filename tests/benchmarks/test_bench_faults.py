from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from benchmarks.faults import main
from benchmarks.planted import Outcome, Tally, tallies
from benchmarks.thresholds import choose, midway
from indexer.errors import UserError


def f1(s: np.ndarray, c: np.ndarray, off_topic: np.ndarray, vlm: float, detector: float) -> float:
    removed = (s < vlm) | (c < detector)
    return float(2 * (removed & off_topic).sum() / max(removed.sum() + off_topic.sum(), 1))


def test_thresholds_are_the_best_pair_there_is() -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        off_topic = rng.random(60) < 0.3
        # Few distinct values, so that there are ties.
        s = (np.round(rng.normal(np.where(off_topic, -1, 1), 1), 1)).astype(np.float32)
        c = (np.round(rng.normal(np.where(off_topic, 0.3, 0.7), 0.2), 2)).astype(np.float32)
        found = choose(s, c, off_topic)
        best = max(f1(s, c, off_topic, *pair) for pair in product(midway(s), midway(c)))
        assert found.f1 == pytest.approx(best)
        assert f1(s, c, off_topic, found.vlm, found.detector) == pytest.approx(best)
        assert not set(s) & {np.float32(found.vlm)}


def test_where_c_alone_is_perfect_vlm_removes_only_what_is_off_topic() -> None:
    off_topic = np.array([True, True, True, False, False])
    s = np.array([-0.5, -0.4, 0.9, 0.1, 0.8], np.float32)
    c = np.array([0.1, 0.2, 0.0, 0.6, 0.9], np.float32)
    found = choose(s, c, off_topic)
    assert found.f1 == 1
    assert -0.4 < found.vlm < 0.1
    assert f1(s, c, off_topic, found.vlm, found.detector) == 1


def outcome(name: str, fault: str, stage: str, **rest: str) -> Outcome:
    values = {"kind": "beach", "original": name, "reason": "", "keeper": ""} | rest
    return Outcome(name, fault=fault, stage=stage, **values)


def counted(*samples: Outcome) -> dict[str, tuple[int, int, int, int]]:
    return {
        one.what: (one.planted, one.planted - len(one.missed), one.removed, len(one.wrong))
        for one in tallies(samples)
    }


def test_faults_are_counted_by_the_stage_that_is_there_for_them() -> None:
    found = counted(
        outcome("a", "zero_bytes", "invalid"),
        outcome("b", "truncated", "kept"),
        outcome("c", "", "invalid"),
        outcome("d", "no_keyword", "keyword"),
        outcome("e", "off_topic", "keyword"),
        outcome("f", "", "keyword"),
    )
    assert found["invalid"] == (2, 1, 2, 1)
    assert found["no keyword"] == (1, 1, 3, 1)


def test_a_copy_is_found_whichever_of_the_two_stays() -> None:
    found = counted(
        # Its original went in its place.
        outcome("copy", "exact_duplicate", "kept", original="first"),
        outcome("first", "", "duplicate", reason="same_bytes", keeper="first"),
        outcome("near", "near_duplicate", "duplicate", reason="near_duplicate", original="x", keeper="x"),
        outcome("lost to another", "near_duplicate", "duplicate", reason="near_duplicate", keeper="y"),
        outcome("mistaken", "", "duplicate", reason="copy_of_copy", keeper="x"),
    )
    assert found["exact duplicates"] == (1, 1, 1, 0)
    assert found["near duplicates"] == (2, 1, 3, 2)


def test_off_topic_counts_apart_what_the_scores_were_given() -> None:
    found = counted(
        outcome("a", "off_topic", "keyword"),
        outcome("b", "off_topic", "vlm"),
        outcome("c", "off_topic", "detector"),
        outcome("d", "off_topic", "kept"),
        outcome("e", "", "detector"),
    )
    assert found["off-topic, that reach the scores"] == (3, 2, 3, 1)
    assert found["off-topic, whole pipeline"] == (4, 3, 3, 1)


def test_a_goal_holds_only_if_both_sides_reach_it() -> None:
    sample = outcome("a", "", "kept")
    assert Tally("x", 20, (sample,), 20, (sample,), 0.95).holds
    assert not Tally("x", 20, (sample, sample), 20, (), 0.95).holds
    assert not Tally("x", 20, (), 20, (sample, sample), 0.95).holds
    assert Tally("x", 0, (), 0, (), 1.0).holds


def test_a_small_world_is_drawn_chosen_on_and_judged(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--samples", "300"])
    printed = capsys.readouterr().out
    assert "Chosen on seed 11" in printed
    assert "300 samples of seed 12" in printed
    rows = {line.split("│")[1].strip(): line for line in printed.splitlines() if line.startswith("│")}
    assert set(rows) == {
        "no keyword",
        "invalid",
        "exact duplicates",
        "near duplicates",
        "off-topic, that reach the scores",
        "off-topic, whole pipeline",
    }
    for fault in ("invalid", "exact duplicates"):
        assert "1: holds" in rows[fault]


def test_one_seed_cannot_both_choose_and_judge() -> None:
    with pytest.raises(UserError, match="same seed"):
        main(["--choose-seed", "3", "--judge-seed", "3"])
