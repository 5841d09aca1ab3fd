"""Where scenes stand: real places, plausible for what is drawn there."""

from __future__ import annotations

from datetime import datetime

import pytest
import utm

from indexer.demo.acquisition import acquire, draw_scene
from indexer.demo.chance import stream
from indexer.demo.places import all_places, draw_spot, places_for
from indexer.demo.scenes import SCENES

BIGEARTHNET = {
    "Austria", "Belgium", "Finland", "Ireland", "Kosovo", "Lithuania", "Luxembourg", "Portugal", "Serbia",
    "Switzerland",
}  # fmt: skip
SOUTHERN_SUMMER = {12, 1, 2}


def test_the_table_covers_the_world() -> None:
    places = all_places()
    assert len({(place.name, place.country) for place in places}) == len(places) >= 250
    assert len({place.country for place in places}) > 80
    assert sum(place.latitude < 0 for place in places) > 40
    assert sum(abs(place.longitude) > 175 for place in places) >= 5
    assert {place.country for place in places if "ben" in place.features} == BIGEARTHNET


@pytest.mark.parametrize("kind", SCENES)
def test_spots_lie_near_their_place_in_the_right_utm_zone(kind: str) -> None:
    rng = stream(1)
    for _ in range(30):
        spot, view = draw_scene(kind, rng)
        assert abs(spot.latitude - spot.place.latitude) < 1.5
        assert -180 <= spot.longitude < 180
        assert utm.latlon_to_zone_number(spot.latitude, spot.longitude) == spot.utm_zone
        assert utm.latitude_to_zone_letter(spot.latitude) == spot.utm_band
        assert view.climate in SCENES[kind].climates


def test_what_needs_the_sea_stays_by_it() -> None:
    rng = stream(2)
    for place in places_for("beach", frozenset({"coast"})):
        spot = draw_spot(place, "beach", rng)
        assert abs(spot.latitude - place.latitude) < 0.1


def test_a_spot_may_cross_the_antimeridian() -> None:
    place = next(place for place in all_places() if place.name == "Taveuni")
    rng = stream(3)
    longitudes = [draw_spot(place, "island", rng).longitude for _ in range(200)]
    assert min(longitudes) < -179
    assert max(longitudes) > 179


def test_the_month_fits_the_season_on_either_hemisphere() -> None:
    rng = stream(4)
    seen = set()
    for _ in range(300):
        spot, view = draw_scene("residential", rng)
        month = acquire(spot, view, rng).taken_at.month
        if view.season == "summer":
            assert (month in SOUTHERN_SUMMER) == spot.southern
            seen.add(spot.southern)
    assert seen == {True, False}


def test_bigearthnet_scenes_are_in_its_countries_and_years() -> None:
    rng = stream(5)
    for _ in range(100):
        spot, view = draw_scene("strip_fields", rng, in_bigearthnet=True)
        taken_at = acquire(spot, view, rng, in_bigearthnet=True).taken_at
        assert spot.place.country in BIGEARTHNET
        assert datetime(2017, 6, 1) <= taken_at < datetime(2018, 6, 1)
