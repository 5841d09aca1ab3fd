from __future__ import annotations

import math

import pytest

from app.query.proportion import clopper_pearson


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0),
        (4, 500, 0.0022, 0.0204),
        (17, 500, 0.0199, 0.0539),
        (0, 300, 0.0, 0.0122),
    ],
)
def test_known_intervals(found: int, of: int, low: float, high: float) -> None:
    interval = clopper_pearson(found, of)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize(("found", "of"), [(1, 7), (4, 500), (17, 500), (499, 500)])
def test_its_ends_are_the_shares_under_which_the_sample_is_just_too_rare(found: int, of: int) -> None:
    interval = clopper_pearson(found, of)

    def at_least(share: float, number: int) -> float:
        return sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(number, of + 1))

    assert at_least(interval.low, found) == pytest.approx(0.025, rel=1e-6)
    assert 1 - at_least(interval.high, found + 1) == pytest.approx(0.025, rel=1e-6)


def test_more_confidence_is_a_wider_interval() -> None:
    narrow, wide = clopper_pearson(4, 500, 0.9), clopper_pearson(4, 500, 0.99)
    assert wide.low < narrow.low < 0.008 < narrow.high < wide.high


@pytest.mark.parametrize(("found", "of"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(found: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        clopper_pearson(found, of)
