"""How well scores tell two classes apart, with 95 % intervals: remote sensing is the positive class."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

# Two-sided 95 % of the normal distribution.
_Z = 1.959963984540054

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """What probabilities were worth on samples whose class is known.

    Attributes:
        remote_sensing: samples labelled so.
        other: samples labelled otherwise.
        true_positives: remote sensing with a probability of at least 0.5.
        false_positives: others with one.
        auc: area under the ROC curve; 0.5 where one class is missing, for then nothing is known.
        auc_interval: its 95 % interval.
    """

    remote_sensing: int
    other: int
    true_positives: int
    false_positives: int
    auc: float
    auc_interval: Interval

    @classmethod
    def from_dict(cls, content: Any) -> Self:
        """Read what `dataclasses.asdict` gave.

        Raises:
            KeyError: a field is missing.
            TypeError: `content` is no mapping, or a value is of another type.
            ValueError: the counts contradict each other.
        """
        positive, negative, found, mistaken = (
            content[name] for name in ("remote_sensing", "other", "true_positives", "false_positives")
        )
        if any(type(count) is not int or count < 0 for count in (positive, negative, found, mistaken)):
            raise ValueError("a count of unseen samples is no number of samples")
        if found > positive or mistaken > negative:
            raise ValueError("more unseen samples are said to be found than there are")
        low, high = content["auc_interval"]
        if not 0 <= low <= content["auc"] <= high <= 1:
            raise ValueError("auc is not between the ends of its interval in 0 to 1")
        return cls(positive, negative, found, mistaken, float(content["auc"]), (float(low), float(high)))

    @property
    def samples(self) -> int:
        """Samples measured on."""
        return self.remote_sensing + self.other

    @property
    def right(self) -> int:
        """Samples on their own side of 0.5."""
        return self.true_positives + self.other - self.false_positives

    @property
    def accuracy(self) -> float:
        """Share of the samples that are on their own side of 0.5."""
        return _share(self.right, self.samples)

    @property
    def precision(self) -> float:
        """Share of remote sensing among the samples with at least 0.5."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """Share of remote sensing with at least 0.5."""
        return _share(self.true_positives, self.remote_sensing)

    @property
    def specificity(self) -> float:
        """Share of the others with less than 0.5."""
        return _share(self.other - self.false_positives, self.other)

    @property
    def intervals(self) -> dict[str, Interval]:
        """95 % intervals by measure: Wilson's for shares, DeLong's for the area."""
        return {
            "accuracy": wilson(self.right, self.samples),
            "precision": wilson(self.true_positives, self.true_positives + self.false_positives),
            "recall": wilson(self.true_positives, self.remote_sensing),
            "specificity": wilson(self.other - self.false_positives, self.other),
            "auc": self.auc_interval,
        }


def measure(is_remote_sensing: NDArray[np.bool_], probabilities: NDArray[np.float32]) -> Measured:
    """Hold probabilities (n,) against labels (n,)."""
    positive, negative = probabilities[is_remote_sensing], probabilities[~is_remote_sensing]
    return Measured(
        len(positive),
        len(negative),
        int((positive >= 0.5).sum()),
        int((negative >= 0.5).sum()),
        *area_under_curve(positive, negative),
    )


def wilson(hits: int, trials: int) -> Interval:
    """95 % interval of a share: Wilson, J. Am. Stat. Assoc. 22 (1927); all of 0 to 1 without trials."""
    if not trials:
        return 0.0, 1.0
    share, spread = hits / trials, _Z**2 / trials
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def area_under_curve(positive: NDArray[np.float32], negative: NDArray[np.float32]) -> tuple[float, Interval]:
    """Probability that a positive scores above a negative, ties counting half, with a 95 % interval.

    The interval is DeLong's, Biometrics 44 (1988), through mid-ranks as in Sun and Xu, IEEE Signal Processing
    Letters 21 (2014): time n log n, and memory a few arrays of the length of the input.
    """
    m, n = len(positive), len(negative)
    if not (m and n):
        return 0.5, (0.0, 1.0)
    ranks = _mid_ranks(np.concatenate([positive, negative]))
    # Per positive the share of negatives below it, and per negative that of positives above it.
    below = (ranks[:m] - _mid_ranks(positive)) / n
    above = 1 - (ranks[m:] - _mid_ranks(negative)) / m
    area = float(below.mean())
    variance = (below.var(ddof=1) / m if m > 1 else 0.25) + (above.var(ddof=1) / n if n > 1 else 0.25)
    half = _Z * sqrt(float(variance))
    return area, (max(area - half, 0.0), min(area + half, 1.0))


def _mid_ranks(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Ranks from 1; equal values share the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[places], np.float64)


def _share(hits: int, trials: int) -> float:
    return hits / trials if trials else 0.0
