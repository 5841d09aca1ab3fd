from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.values import coordinates, is_empty, month, number, typed


@pytest.mark.parametrize(
    "value", [4, "4", " April ", "apr", "Apr.", "4.0", 4.0, "2016-04-09", date(2016, 4, 9)]
)
def test_months_are_numbers_names_or_dates(value: object) -> None:
    assert month(value) == 4


@pytest.mark.parametrize("value", [0, 13, "", "Smarch", "4.5", float("nan"), "2016-13-01", None])
def test_other_values_are_no_months(value: object) -> None:
    with pytest.raises(ValueError, match="is no month"):
        month(value)


@pytest.mark.parametrize(
    ("latitude", "longitude", "why"),
    [
        (91, 200, "beyond the pole"),
        (120.5, 31, "perhaps swapped"),
        (12, 181, "beyond 180"),
        (0, "0.0", "unknown place"),
        ("nan", 3, "no number"),
        (float("inf"), 3, "no number"),
        ("12N", 3, "no number"),
        (10**400, 3, "no number"),
    ],
)
def test_places_that_are_nowhere_are_refused(latitude: object, longitude: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        coordinates(latitude, longitude)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_but_the_unknown_one_is_taken(latitude: float, longitude: float) -> None:
    if latitude or longitude:
        assert coordinates(str(latitude), longitude) == (latitude, longitude)


@pytest.mark.parametrize("value", [None, "", "  ", "NaN", "null", float("nan"), "N/A"])
def test_many_words_say_nothing(value: object) -> None:
    assert is_empty(value)


@pytest.mark.parametrize("value", [0, "0", False, "nano", []])
def test_zero_says_something(value: object) -> None:
    assert not is_empty(value)


def test_values_take_their_columns_type() -> None:
    assert typed("gsd_m", "2.60") == 2.6
    assert typed("utm_zone", "18.0") == 18
    assert typed("country", " Chad ") == "Chad"
    assert typed("taken_at", "2016-06-09T15:00:00+02:00") == datetime(2016, 6, 9, 15)
    assert typed("taken_at", datetime(2016, 6, 9)) == datetime(2016, 6, 9)
    assert typed("entities", ["Paris", 3]) == ["Paris", "3"]
    for column, value in [("utm_zone", "18.5"), ("taken_at", "yesterday"), ("gsd_m", "2.6m")]:
        with pytest.raises(ValueError, match="is no"):
            typed(column, value)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.text(max_size=3), max_size=2)))
def test_no_value_raises_anything_but_value_error(value: object) -> None:
    for column in ("month", "gsd_m", "utm_zone", "taken_at", "country", "entities"):
        try:
            typed(column, value)
        except ValueError as error:
            assert len(str(error)) < 200
    is_empty(value)


def test_numbers_are_finite() -> None:
    assert number(" 1e3 ") == 1000
    with pytest.raises(ValueError, match="no number"):
        number("1e999")
