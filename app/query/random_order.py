"""A random order of the samples that a seed fixes for good.

Each sample has a number of its own under each seed ("permanent random numbers" in survey sampling). The
samples with the smallest numbers of a set are a simple random sample of it without replacement; a larger one
with the same seed goes on where the smaller ended; and a set that loses or gains a few samples keeps nearly
the same ones. The numbers are those of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
number generators", OOPSLA 2014), so that they stay what they are whatever library is updated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def first_at_random(ids: NDArray[np.integer[Any]], number: int, seed: int) -> NDArray[np.int64]:
    """The first `number` of `ids` in the random order of `seed`; all of them where there are no more.

    Args:
        ids: samples, in any order, none twice.
        number: how many.
        seed: 0 or more.

    Returns:
        int64 (min(number, len(ids)),), in that order.
    """
    numbers = permanent_numbers(ids, seed)
    if number < len(ids):
        nearest = np.argpartition(numbers, number)[:number]
        ids, numbers = ids[nearest], numbers[nearest]
    return ids[np.argsort(numbers)].astype(np.int64)


def permanent_numbers(ids: NDArray[np.integer[Any]], seed: int) -> NDArray[np.uint64]:
    """The random number of each of `ids` under `seed`, uint64; no two ids have the same."""
    start = int(_mixed(np.array([(seed + 1) * _GOLDEN & _MASK], np.uint64))[0])
    return _mixed((ids.astype(np.uint64) + np.uint64(1)) * np.uint64(_GOLDEN) + np.uint64(start))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed
