"""A share estimated from a sample, with its confidence interval."""

from __future__ import annotations

from dataclasses import dataclass

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Shares between which the true one lies, both from 0 to 1."""

    low: float
    high: float


def clopper_pearson(found: int, of: int, level: float = LEVEL) -> Interval:
    """The exact binomial interval (Clopper and Pearson, Biometrika 26, 1934).

    It holds the true share in at least `level` of all samples, however rare what is looked for is. Drawing
    without replacement from a finite population only makes it wider than it need be.

    Args:
        found: how many of the sample have what is looked for.
        of: size of the sample, 1 at least.
        level: confidence, between 0 and 1.

    Raises:
        ValueError: the numbers are not those of a sample.
    """
    if not 0 <= found <= of or of < 1:
        raise ValueError(f"{found} of {of} is no share")
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(found, of - found + 1, tail)) if found else 0.0
    high = float(betaincinv(found + 1, of - found, 1 - tail)) if found < of else 1.0
    return Interval(low, high)
