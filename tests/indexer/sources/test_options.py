from __future__ import annotations

import pytest

from indexer.errors import UserError
from indexer.records import RawSample
from indexer.sources import SourceOptions


def located(name: str, pattern: str = "lon_lat") -> RawSample:
    return SourceOptions(coordinates_pattern=pattern).apply(RawSample("key", name))


@pytest.mark.parametrize(
    ("name", "longitude", "latitude"),
    [
        ("damage/-95.06469_29.763028000000002.jpeg", -95.06469, 29.763028),
        ("-95.06546999999999_30.058621999999996 4.18.16 PM.jpeg", -95.06547, 30.058622),
        ("12_-7.5.png", 12, -7.5),
    ],
)
def test_names_of_longitude_and_latitude_give_coordinates(
    name: str, longitude: float, latitude: float
) -> None:
    sample = located(name)
    assert (sample.columns["longitude"], sample.columns["latitude"]) == (longitude, latitude)
    assert not sample.notes


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("29.7_-95.06.jpeg", "beyond the pole, perhaps swapped"),
        ("0.0_0.0.jpeg", "unknown place"),
        ("airport_1.jpg", "does not match"),
        ("", "not match"),
    ],
)
def test_other_names_give_a_note(name: str, why: str) -> None:
    sample = located(name)
    assert "latitude" not in sample.columns and why in sample.notes[0]


def test_any_pattern_with_both_groups_will_do() -> None:
    sample = located("tile-N12.5-E100.jpg", r"N(?P<lat>[\d.]+)-E(?P<lon>\d+)")
    assert (sample.columns["latitude"], sample.columns["longitude"]) == (12.5, 100)
    assert "is no number" in located("N1.2.3-E4.jpg", r"N(?P<lat>[\d.]+)-E(?P<lon>\d+)").notes[0]


@pytest.mark.parametrize(
    "options",
    [
        {"coordinates_pattern": "("},
        {"coordinates_pattern": "(?P<lat>1)"},
        {"caption_origin": "dog"},
        {"rows_per_shard": 0},
    ],
)
def test_options_that_cannot_be_used_say_so(options: dict[str, object]) -> None:
    with pytest.raises(UserError) as caught:
        SourceOptions(**options)  # type: ignore[arg-type]
    assert caught.value.hint


def test_what_a_person_says_goes_into_every_sample() -> None:
    sample = RawSample("key", "name", columns={"source": "FMoW"})
    SourceOptions(source="mine", subset="train", caption_origin="human").apply(sample)
    assert sample.columns == {"source": "mine", "subset": "train", "caption_origin": "human"}
