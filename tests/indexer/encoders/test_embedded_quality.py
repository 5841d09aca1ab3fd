"""The shipped encoder, examined on scenes from a seed that neither training nor the model card has used."""

import numpy as np
import pytest

from indexer.demo.scenes import SCENES
from indexer.demo.vocabulary import HELD_OUT_QUERIES
from indexer.encoders import open_encoder
from indexer.encoders.evaluate import Examination, area_under_curve, examine, table

SEED = 4_242
PER_KIND = 25


@pytest.fixture(scope="module")
def examination() -> Examination:
    return examine(open_encoder("embedded", device="cpu"), SEED, PER_KIND, workers=2)


@pytest.mark.parametrize("kind", SCENES)
def test_nine_of_the_first_ten_are_of_the_asked_kind(examination: Examination, kind: str) -> None:
    assert set(examination.hits[kind]) == set(HELD_OUT_QUERIES[kind])
    for query, hits in examination.hits[kind].items():
        assert hits >= 9, f"{query!r}: {hits} of 10, also {examination.confused[kind][query]}"


def test_off_topic_pictures_score_clearly_below_scenes(examination: Examination) -> None:
    assert examination.topic_auc >= 0.98
    scenes, others = examination.scene_scores, examination.off_topic_scores
    assert np.percentile(scenes, 5) > np.percentile(others, 95)


def test_the_table_names_every_kind(examination: Examination) -> None:
    lines = table(examination).splitlines()
    assert len(lines) == 2 + len(SCENES) + 3
    assert all(f"| {kind} |" in "\n".join(lines) for kind in SCENES)


def test_area_under_curve_counts_ties_half() -> None:
    assert area_under_curve(np.float32([1, 2]), np.float32([0, 1])) == pytest.approx(0.875)
