"""Which two thresholds tell planted off-topic pictures from the others best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A sample with a lower score s or a lower score c than these is removed.

    Attributes:
        vlm: least score s that stays.
        detector: least score c that stays.
        f1: F1 measure of removing off-topic pictures so, where the thresholds were chosen.
    """

    vlm: float
    detector: float
    f1: float


def choose(s: Floats, c: Floats, off_topic: Marks) -> Thresholds:
    """The pair with the highest F1 measure.

    Thresholds lie midway between neighbouring scores. Of equally good ones for s the highest is taken, so
    that the earlier stage does what it can; then of equally good ones for c the middle one, the farthest from
    doing worse on either side.

    Args:
        s: cosine with the texts, (n,).
        c: probability of remote sensing, (n,).
        off_topic: which of them must go, (n,).
    """
    between = midway(s)
    order = np.argsort(c, kind="stable")
    ordered = s[order], c[order], off_topic[order]
    best = np.array([_f1(*ordered, least).max() for least in between])
    vlm = float(between[best == best.max()][-1])
    cuts = _f1(*ordered, vlm)
    good = midway(c)[cuts == cuts.max()]
    return Thresholds(vlm, float(good[(len(good) - 1) // 2]), float(best.max()))


def midway(scores: Floats) -> NDArray[np.float64]:
    """A threshold below every score, and one between each two neighbours, ascending."""
    distinct = np.unique(scores).astype(np.float64)
    return np.concatenate([[distinct[0] - 1e-3], (distinct[:-1] + distinct[1:]) / 2])


def _f1(s: Floats, c: Floats, off_topic: Marks, vlm: float) -> NDArray[np.float64]:
    """F1 of each threshold of `midway(c)` together with `vlm`; the samples are in the order of c."""
    by_s = s < vlm
    # Where each distinct c begins: a threshold below it removes all before.
    begins = np.flatnonzero(np.concatenate([[True], c[1:] != c[:-1]]))
    removed = _before(~by_s, begins) + by_s.sum()
    right = _before(~by_s & off_topic, begins) + (by_s & off_topic).sum()
    return np.asarray(2 * right / np.maximum(removed + off_topic.sum(), 1), np.float64)


def _before(marks: Marks, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of `marks` lie before each of `places`."""
    return np.concatenate([[0], np.cumsum(marks)])[places]
