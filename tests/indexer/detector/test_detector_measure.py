import numpy as np
import pytest

from indexer.detector.measure import Measured, area_under_curve, measure, wilson


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_counts_are_taken_at_one_half() -> None:
    labels = np.array([True, True, True, False, False])
    found = measure(labels, floats(0.9, 0.5, 0.2, 0.6, 0.1))
    assert (found.true_positives, found.false_positives) == (2, 1)
    assert found.accuracy == 3 / 5
    assert found.precision == 2 / 3
    assert found.recall == 2 / 3
    assert found.specificity == 1 / 2


def test_area_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(0)
    # Few distinct values, so that ties count too.
    positive = rng.integers(3, 10, 60).astype(np.float32)
    negative = rng.integers(0, 7, 40).astype(np.float32)
    differences = positive[:, None] - negative[None, :]
    expected = (differences > 0).mean() + (differences == 0).mean() / 2
    assert area_under_curve(positive, negative)[0] == pytest.approx(expected)


def test_interval_of_the_area_holds_the_truth_as_often_as_it_says() -> None:
    # Two normal distributions one standard deviation apart: the area is Phi(1 / sqrt(2)).
    truth, hits, rounds = 0.7602499, 0, 400
    rng = np.random.default_rng(1)
    for _ in range(rounds):
        _, (low, high) = area_under_curve(
            rng.normal(1, 1, 80).astype(np.float32), rng.normal(0, 1, 50).astype(np.float32)
        )
        hits += low <= truth <= high
    assert 0.92 <= hits / rounds <= 0.98


def test_interval_of_a_share_is_wilsons() -> None:
    # Worked by hand: 9 of 10.
    low, high = wilson(9, 10)
    assert low == pytest.approx(0.5958, abs=1e-4)
    assert high == pytest.approx(0.9821, abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(20, 20)[1] == 1.0


def test_one_class_alone_says_nothing_of_the_area() -> None:
    found = measure(np.array([True, True]), floats(0.9, 0.1))
    assert found == Measured(2, 0, 1, 0, 0.5, (0.0, 1.0))
    assert found.specificity == 0
    assert found.intervals["specificity"] == (0.0, 1.0)
