"""Where a sample is drawn: a point, or as much of a UTM zone as is known."""

from __future__ import annotations

import pytest
import utm

from app.views.place import place_of, zone_latitudes


@pytest.mark.parametrize("latitude", [-79.9, -40.5, -0.1, 0.1, 12.3, 40.7, 63.9, 71.9, 72.1, 83.9])
def test_a_band_holds_the_latitudes_that_have_it(latitude: float) -> None:
    band = utm.latitude_to_zone_letter(latitude)

    south, north = zone_latitudes(band, None)

    assert south <= latitude < north


def test_a_hemisphere_is_half_of_the_zone() -> None:
    assert zone_latitudes(None, "N") == (0.0, 84.0)
    assert zone_latitudes(None, "S") == (-80.0, 0.0)
    assert zone_latitudes(None, None) == (-80.0, 84.0)


def test_a_point_is_drawn_where_it_is_and_a_zone_in_its_middle() -> None:
    nowhere = {
        "latitude": None,
        "longitude": None,
        "utm_zone": None,
        "utm_band": None,
        "utm_hemisphere": None,
    }
    point = place_of(nowhere | {"latitude": 29.7, "longitude": -95.3, "utm_zone": 15})
    zone = place_of(nowhere | {"utm_zone": 18, "utm_band": "T", "utm_hemisphere": "N"})

    assert point is not None and (point.latitude, point.longitude, point.zone) == (29.7, -95.3, None)
    assert zone is not None and (zone.latitude, zone.longitude, zone.zone) == (44.0, -75.0, 18)
    assert place_of(nowhere) is None
