"""What-if counts, held against judging each sample by itself."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.query.judged import Scored, judged_subsets, population
from app.query.thresholds import parse_thresholds
from app.query.whatif import Threshold, boundary, histogram, resolve, what_if
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from tests.catalogues import make_catalogue
from tests.scored import judged, make_scored_catalogue, scored_rows, threshold_of


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with make_scored_catalogue(tmp_path_factory.mktemp("whatif") / "scored") as made:
        yield made


def one_by_one(cut_s: float, cut_c: float) -> Counter[tuple[str, str]]:
    """Source and fate of each judged sample, told in plain words."""
    rows, scores = scored_rows()
    fates: Counter[tuple[str, str]] = Counter()
    for place, row in enumerate(rows):
        if judged(row, place, scores):
            s, c = scores["vlm"][place], scores["detector"][place]
            fate = "vlm" if s < np.float32(cut_s) else "detector" if c < np.float32(cut_c) else "remain"
            fates[row["source"] or "", fate] += 1
    return fates


@settings(deadline=None, max_examples=60)
@given(st.floats(0, 0.5), st.floats(-0.1, 1.1))
def test_counts_are_those_of_judging_each_sample(scored: Catalogue, cut_s: float, cut_c: float) -> None:
    answer = what_if(scored, {"vlm": Threshold(least=cut_s), "detector": Threshold(least=cut_c)})

    fates = one_by_one(cut_s, cut_c)
    for row in answer.rows:
        for fate in ("vlm", "detector", "remain"):
            assert getattr(row, fate) == fates[row.source or "", fate]
        assert row.judged == row.vlm + row.detector + row.remain
    for name in ("judged", "vlm", "detector", "remain"):
        assert sum(getattr(row, name) for row in answer.rows) == getattr(answer.total, name)
    assert answer.total.judged == sum(fates.values())


def test_the_catalogues_own_thresholds_change_nothing(scored: Catalogue) -> None:
    answer = what_if(scored, {})

    for row in (*answer.rows, answer.total):
        assert (row.vlm, row.detector, row.remain) == row.decided
    assert answer.total.remain < answer.total.judged


@given(st.integers(1, 100), st.integers(1, 200))
def test_a_share_keeps_the_ceiling_of_it(per_cent: int, count: int) -> None:
    values = np.random.default_rng(count).permutation(count).astype(np.float32)
    cut = Threshold.parse("vlm", None, str(per_cent / 100)).value(Scored(values))

    assert int((values >= cut).sum()) == -(-per_cent * count // 100)


def test_a_share_of_equal_scores_keeps_all_of_them(scored: Catalogue) -> None:
    judged_ = population(scored)
    values = judged_.scores["vlm"].values.tolist()
    answer = what_if(scored, {"vlm": Threshold(keep="0.5")})

    assert answer.thresholds["vlm"] == threshold_of(values, 0.5)
    assert answer.shares["vlm"] == sum(value >= threshold_of(values, 0.5) for value in values) / len(values)


def test_keeping_all_and_keeping_none(scored: Catalogue) -> None:
    everything = what_if(scored, {"vlm": Threshold(keep="1"), "detector": Threshold(keep="1")})
    nothing = what_if(scored, {"vlm": Threshold(keep="0")})

    assert everything.total.remain == everything.total.judged
    assert nothing.total.vlm == nothing.total.judged
    assert math.isinf(nothing.thresholds["vlm"])


@pytest.mark.parametrize("name", ["vlm", "detector"])
def test_the_boundary_is_what_lies_nearest_on_both_sides(scored: Catalogue, name: str) -> None:
    judged_ = population(scored)
    cuts = resolve(scored, {"vlm": Threshold(least=0.24), "detector": Threshold(least=0.7)})
    edge = boundary(judged_, cuts, name, 5)  # type: ignore[arg-type]

    rows, scores = scored_rows()
    reached = [
        place
        for place, row in enumerate(rows)
        if judged(row, place, scores) and (name == "vlm" or scores["vlm"][place] >= np.float32(0.24))
    ]
    below = [place for place in reached if scores[name][place] < np.float32(cuts[name])]  # type: ignore[index]
    above = [place for place in reached if scores[name][place] >= np.float32(cuts[name])]  # type: ignore[index]
    assert [found.score for found in edge.removed] == sorted((scores[name][p] for p in below), reverse=True)[
        :5
    ]
    assert [found.score for found in edge.kept] == sorted(scores[name][p] for p in above)[:5]
    for found in (*edge.removed, *edge.kept):
        assert scores[name][found.id] == np.float32(found.score)


def test_a_histogram_counts_everyone_once(scored: Catalogue) -> None:
    for scores in population(scored).scores.values():
        counts, edges = histogram(scores, 16)
        expected, _ = np.histogram(scores.values, bins=edges.astype(np.float32))
        assert counts.sum() == len(scores.values)
        assert np.abs(counts - expected).sum() <= 2  # a score on an edge, rounded the other way


def test_only_the_subsets_of_the_settings_are_judged(tmp_path: Path) -> None:
    rows = [{"source": "A", "subset": "PUB11"}, {"source": "B", "subset": "RS3"}] * 3
    scores = {"vlm": np.linspace(0, 1, 6)}
    for number, (subsets, sources) in enumerate(
        [(None, ("A",)), (["RS3"], ("B",)), (["all"], ("A", "B")), ("all", ("A", "B"))]
    ):
        settings = {"vlm": {"keep": 0.9} | ({"subsets": subsets} if subsets else {})}
        with make_catalogue(tmp_path / str(number), rows, scores=scores, settings=settings) as catalogue:
            assert population(catalogue).sources == sources
            assert (judged_subsets(catalogue, "vlm") is None) == ("all" in (subsets or ()))


def test_each_score_judges_the_subsets_of_its_own_stage(tmp_path: Path) -> None:
    rows = [{"source": "A", "subset": "PUB11"}, {"source": "B", "subset": "RS3"}] * 4
    scores = {"vlm": np.linspace(0, 0.7, 8), "detector": np.linspace(0.7, 0, 8)}
    settings = {"vlm": {"subsets": ["PUB11"]}, "detector": {"subsets": "all"}}
    with make_catalogue(tmp_path / "two", rows, scores=scores, settings=settings) as made:
        answer = what_if(made, {"vlm": Threshold(keep="0.5"), "detector": Threshold(keep="0.75")})
        edge = boundary(population(made), answer.thresholds, "detector")

    by_source = {row.source: (row.vlm, row.detector, row.remain) for row in answer.rows}
    assert by_source == {"A": (2, 1, 1), "B": (0, 1, 3)}
    assert [found.id for found in edge.removed] == [6, 7]
    assert [found.id for found in edge.kept] == [5, 4, 3, 1]


def test_a_catalogue_without_scores_judges_nobody(catalogue: Catalogue) -> None:
    answer = what_if(catalogue, {"vlm": Threshold(least=0.2)})

    assert (answer.rows, answer.total.judged, answer.thresholds) == ([], 0, {})


def test_one_score_alone_is_judged_by_itself(tmp_path: Path) -> None:
    rows = [{"source": "A", "subset": "PUB11"}] * 4
    with make_catalogue(
        tmp_path / "one", rows, scores={"detector": np.array([0.1, 0.4, 0.6, np.nan])}
    ) as made:
        answer = what_if(made, {"detector": Threshold(least=0.5)})

    assert (answer.total.judged, answer.total.vlm, answer.total.detector, answer.total.remain) == (3, 0, 2, 1)


def test_thresholds_are_read_from_the_address() -> None:
    asked = parse_thresholds([("vlm", "0.21"), ("detector_keep", " 0.8 "), ("vlm_keep", "")])

    assert asked == {"vlm": Threshold(least=0.21), "detector": Threshold(keep="0.8")}


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([("vlm", "high")], "not a number"),
        ([("vlm", "nan")], "not a score"),
        ([("vlm_keep", "1.2")], "no share"),
        ([("vlm", "0.2"), ("vlm_keep", "0.9")], "both given"),
        ([("vlm", "0.2"), ("vlm", "0.3")], "given twice"),
        ([("vlmkeep", "0.2")], "unknown parameter"),
    ],
)
def test_what_is_no_threshold_is_refused(pairs: list[tuple[str, str]], says: str) -> None:
    with pytest.raises(UserError, match=says):
        parse_thresholds(pairs)
