"""Training a head: logistic regression, with or without a hidden layer, on vectors whose class is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.detector.facts import MadeFor, TrainedOn
from indexer.detector.head import DetectorHead
from indexer.detector.layers import Layer, evaluate
from indexer.detector.measure import measure
from indexer.errors import UserError

if TYPE_CHECKING:
    import torch

LEAST = 5
"""Samples of each class that training and measuring need at least."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a head is trained.

    Attributes:
        l2: strength of the penalty on the squared weights; biases are free.
        balanced: whether both classes weigh the same, however many samples they have. Then score c answers
            as if both were equally common.
        hidden: width of the hidden layer; 0 for none, which is logistic regression.
        seed: of a hidden layer's first weights, and of the split.
        iterations: steps of L-BFGS at most; a linear head is at its only optimum long before.
    """

    l2: float = 1e-5
    balanced: bool = True
    hidden: int = 0
    seed: int = 0
    iterations: int = 400


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Vectors whose class is known.

    Attributes:
        vectors: float16 or float32 (n, d), of length 1.
        is_remote_sensing: bool (n,).
        what: where they are from, in words.
    """

    vectors: NDArray[np.float16] | NDArray[np.float32]
    is_remote_sensing: NDArray[np.bool_]
    what: str

    @property
    def remote_sensing(self) -> int:
        """How many are remote sensing."""
        return int(self.is_remote_sensing.sum())

    @property
    def other(self) -> int:
        """How many are not."""
        return len(self.is_remote_sensing) - self.remote_sensing


def train_head(
    name: str, encoder: Mapping[str, Any], seen: Examples, unseen: Examples, recipe: Recipe
) -> DetectorHead:
    """Train a head and measure it.

    Args:
        name: what manifests and pages will call it.
        encoder: what `Encoder.describe()` gave for the encoder of the vectors.
        seen: what it learns from.
        unseen: what it is measured on; none of these may be in `seen`.
        recipe: how.

    Raises:
        UserError: either side lacks a class.
    """
    for examples, use in ((seen, "to learn from"), (unseen, "to measure with")):
        if min(examples.remote_sensing, examples.other) < LEAST:
            raise UserError(
                f"There are {examples.remote_sensing:,} samples of remote sensing and {examples.other:,} "
                f"others {use}.",
                f"Label more: at least {LEAST} of each class are needed on either side.",
            )
    layers = fit(seen.vectors.astype(np.float32), seen.is_remote_sensing, recipe)
    made_for = MadeFor(str(encoder["name"]), str(encoder["weights_sha256"]), int(encoder["dimension"]))
    trained_on = TrainedOn(
        what=seen.what,
        remote_sensing=seen.remote_sensing,
        other=seen.other,
        unseen_what=unseen.what,
        l2=recipe.l2,
        balanced=recipe.balanced,
        hidden=recipe.hidden,
        seed=recipe.seed,
    )
    probabilities = evaluate(layers, unseen.vectors.astype(np.float32))
    return DetectorHead(name, made_for, layers, trained_on, measure(unseen.is_remote_sensing, probabilities))


def fit(vectors: NDArray[np.float32], labels: NDArray[np.bool_], recipe: Recipe) -> tuple[Layer, ...]:
    """Minimise the mean cross-entropy plus `l2` times half the squared weights, by L-BFGS on all samples.

    In double precision and on one thread, so that the same call gives the same numbers.

    Args:
        vectors: (n, d).
        labels: (n,).
        recipe: how.
    """
    import torch

    with _one_thread():
        inputs = torch.from_numpy(vectors).double()
        targets = torch.from_numpy(labels).double()
        weights = _sample_weights(targets, recipe.balanced)
        layers = _first_layers(vectors.shape[1], recipe)
        parameters = [parameter for layer in layers for parameter in layer]
        optimiser = torch.optim.LBFGS(
            parameters, max_iter=recipe.iterations, tolerance_grad=1e-8, line_search_fn="strong_wolfe"
        )

        def step() -> torch.Tensor:
            optimiser.zero_grad()
            logits = _logits(layers, inputs)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets, weight=weights)
            loss = loss + recipe.l2 / 2 * sum((matrix**2).sum() for matrix, _ in layers)
            loss.backward()  # type: ignore[no-untyped-call]
            return loss

        optimiser.step(step)  # type: ignore[no-untyped-call]
    return tuple(
        Layer(matrix.detach().numpy().astype(np.float32), bias.detach().numpy().astype(np.float32))
        for matrix, bias in layers
    )


def _sample_weights(targets: torch.Tensor, balanced: bool) -> torch.Tensor:
    import torch

    if not balanced:
        return torch.ones_like(targets)
    positive = targets.mean()
    return torch.where(targets > 0, 0.5 / positive, 0.5 / (1 - positive))


def _first_layers(dimension: int, recipe: Recipe) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Zeros for a linear head; He's normal initialisation for a hidden layer (He et al., ICCV 2015)."""
    import torch

    generator = torch.Generator().manual_seed(recipe.seed)
    widths = [dimension, recipe.hidden, 1] if recipe.hidden else [dimension, 1]
    layers = []
    for before, after in pairwise(widths):
        matrix = torch.zeros((after, before), dtype=torch.float64)
        if recipe.hidden:
            # Unit vectors have entries of about 1 / sqrt(d), so the first layer's need no smaller weights.
            scale = (2 / before) ** 0.5 if before != dimension else 2**0.5
            matrix = torch.randn((after, before), generator=generator, dtype=torch.float64) * scale
        layers.append((matrix.requires_grad_(), torch.zeros(after, dtype=torch.float64).requires_grad_()))
    return layers


def _logits(layers: list[tuple[torch.Tensor, torch.Tensor]], values: torch.Tensor) -> torch.Tensor:
    for matrix, bias in layers[:-1]:
        values = (values @ matrix.T + bias).relu()
    matrix, bias = layers[-1]
    return (values @ matrix.T + bias)[:, 0]


@contextmanager
def _one_thread() -> Iterator[None]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
