"""The head in the package is the one for the embedded encoder, and as good as it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer.demo.faults import OFF_TOPIC
from indexer.detector import head_for
from indexer.detector.measure import measure
from indexer.detector.ship import TRAINING_SEED, UNSEEN_SEED, draw_examples, half_off_topic
from indexer.detector.shipped import HEADS
from indexer.encoders import open_encoder

# Neither seed that the head was made with.
SEED = 4_003


def test_every_shipped_head_is_found_by_its_encoder() -> None:
    head = head_for(open_encoder("embedded").describe())
    assert head is not None
    assert head.name == "embedded"
    assert [path.name for path in HEADS.iterdir()] == ["embedded.json"]
    assert f"seed {TRAINING_SEED}" in head.trained_on.what
    assert f"seed {UNSEEN_SEED}" in head.trained_on.unseen_what
    assert head.unseen.accuracy > 0.99


def test_it_tells_new_pictures_apart(tmp_path: Path) -> None:
    encoder = open_encoder("embedded")
    head = head_for(encoder.describe())
    assert head is not None
    examples = draw_examples(encoder, 160, SEED, workers=1, cache=tmp_path)
    found = measure(examples.is_remote_sensing, head.probabilities(examples.vectors))
    assert found.samples >= 120
    assert found.accuracy >= 0.97
    again = draw_examples(encoder, 160, SEED, workers=1, cache=tmp_path)
    np.testing.assert_array_equal(again.vectors, examples.vectors)


def test_half_of_the_plan_is_off_topic_and_nothing_else_is_wrong() -> None:
    planned = half_off_topic(1_000, SEED)
    off_topic = [one for one in planned if one.fault == OFF_TOPIC]
    assert len(off_topic) == len(planned) // 2
    assert {one.fault for one in planned} == {None, OFF_TOPIC}
    assert all(one.of is None for one in planned)
    kinds = [one.kind for one in off_topic]
    assert max(map(kinds.count, set(kinds))) - min(map(kinds.count, set(kinds))) <= 1
