"""Random choice by a NumPy generator, so that everything in the demo world follows from seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def pick(rng: np.random.Generator, among: Sequence[T]) -> T:
    """One element, all equally likely."""
    return among[int(rng.integers(len(among)))]


def stream(seed: int, *path: int) -> np.random.Generator:
    """A generator of its own for one purpose of one sample: `path` names it by non-negative numbers."""
    return np.random.default_rng([seed, *path])
