import numpy as np
import pytest

from indexer.detector.layers import evaluate
from indexer.detector.measure import measure
from indexer.detector.report import report
from indexer.detector.train import Examples, Recipe, fit, train_head
from indexer.errors import UserError

ENCODER = {"name": "tiny", "weights_sha256": "ab" * 32, "dimension": 8}


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def two_classes(count: int, seed: int, share: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors of 8 numbers that a plane nearly parts."""
    rng = np.random.default_rng(seed)
    labels = rng.random(count) < share
    middle = np.zeros(8)
    middle[0] = 1
    return unit(rng.normal(size=(count, 8)) * 0.5 + np.where(labels[:, None], middle, -middle)), labels


def around_an_axis(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Vectors that no plane parts: remote sensing at both ends of an axis, the others in any direction."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2 == 0
    vectors = rng.normal(size=(count, 8)) * 0.3
    vectors[:, 0] += np.where(labels, rng.choice([-2, 2], count), 0)
    return unit(vectors), labels


def test_fit_is_the_optimum_of_what_it_says_it_minimises() -> None:
    vectors, labels = two_classes(300, seed=0)
    recipe = Recipe(l2=1e-2, balanced=False)
    (layer,) = fit(vectors, labels, recipe)
    weights, bias = layer.weights[0].astype(float), float(layer.bias[0])
    probabilities = 1 / (1 + np.exp(-(vectors @ weights + bias)))
    slope = vectors.T @ (probabilities - labels) / len(labels) + recipe.l2 * weights
    assert np.abs(slope).max() < 1e-5
    assert abs((probabilities - labels).mean()) < 1e-5


def test_equal_calls_give_equal_heads() -> None:
    vectors, labels = around_an_axis(200, seed=0)
    for recipe in (Recipe(), Recipe(hidden=4, seed=3, iterations=30)):
        first, second = fit(vectors, labels, recipe), fit(vectors, labels, recipe)
        for one, other in zip(first, second, strict=True):
            np.testing.assert_array_equal(one.weights, other.weights)
            np.testing.assert_array_equal(one.bias, other.bias)


def test_a_hidden_layer_parts_what_a_plane_cannot() -> None:
    vectors, labels = around_an_axis(600, seed=1)
    unseen, truth = around_an_axis(600, seed=2)
    linear = measure(truth, evaluate(fit(vectors, labels, Recipe()), unseen))
    recipe = Recipe(hidden=16, l2=1e-4, iterations=100)
    hidden = measure(truth, evaluate(fit(vectors, labels, recipe), unseen))
    assert hidden.accuracy > 0.95
    assert linear.accuracy < 0.7


def test_balancing_lets_the_rare_class_be_found() -> None:
    vectors, labels = two_classes(4_000, seed=5, share=0.97)
    unseen, truth = two_classes(4_000, seed=6, share=0.97)
    plain, balanced = (
        measure(truth, evaluate(fit(vectors, labels, Recipe(balanced=choice)), unseen))
        for choice in (False, True)
    )
    assert balanced.specificity > plain.specificity
    assert balanced.recall < plain.recall


def examples(count: int, seed: int, what: str) -> Examples:
    vectors, labels = two_classes(count, seed)
    return Examples(vectors.astype(np.float16), labels, what)


def test_head_knows_what_it_learned_from_and_is_measured_on_the_rest() -> None:
    seen, unseen = examples(400, 1, "first"), examples(200, 2, "second")
    head = train_head("tiny", ENCODER, seen, unseen, Recipe())
    found = head.probabilities(unseen.vectors)
    assert head.unseen == measure(unseen.is_remote_sensing, found)
    assert head.unseen.accuracy > 0.9
    described = head.describe()
    assert described["trained_on"]["what"] == "first"
    assert described["trained_on"]["remote_sensing"] == seen.remote_sensing
    assert described["unseen"]["what"] == "second"
    assert head.fits(ENCODER)


def test_report_gives_every_measure_with_its_interval_and_the_counts() -> None:
    seen, unseen = examples(400, 1, "first"), examples(200, 2, "second")
    head = train_head("tiny", ENCODER, seen, unseen, Recipe())
    written = report(head)
    for name, (low, high) in head.unseen.intervals.items():
        assert f"| {name} | {getattr(head.unseen, name):.4f} | {low:.4f} to {high:.4f} |" in written
    missed = head.unseen.remote_sensing - head.unseen.true_positives
    assert f"| remote sensing | {head.unseen.true_positives} | {missed} |" in written
    assert f"measured on {unseen.remote_sensing} samples of remote sensing" in written


def test_one_class_is_not_enough() -> None:
    seen, unseen = examples(400, 1, "first"), examples(200, 2, "second")
    lone = Examples(seen.vectors, np.ones(400, np.bool_), "one class")
    with pytest.raises(UserError, match="400 samples of remote sensing and 0 others to learn from"):
        train_head("tiny", ENCODER, lone, unseen, Recipe())
    few = Examples(unseen.vectors[:4], np.array([True, True, False, False]), "few")
    with pytest.raises(UserError, match="2 samples of remote sensing and 2 others to measure with"):
        train_head("tiny", ENCODER, seen, few, Recipe())
