"""What a map can draw: points on the Mercator square, UTM zones."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from indexer.catalogue.places import HEMISPHERES, mercator
from tests.catalogues import make_catalogue


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"),
    [(0, 0, 0.5, 0.5), (0, -180, 0, 0.5), (85.05112878, 90, 0.75, 1), (-90, 45, 0.625, 0)],
)
def test_the_mercator_square_reaches_from_its_south_west_corner(
    latitude: float, longitude: float, x: float, y: float
) -> None:
    found = mercator(np.array([float(latitude)]), np.array([float(longitude)]))

    assert [part[0] / 2**32 for part in found] == pytest.approx([x, y], abs=1e-6)


def test_mercator_is_conformal_where_people_live() -> None:
    _, y = mercator(np.array([60.0, 60.001]), np.array([10.0, 10.0]))

    # A degree of latitude is drawn 1/cos(latitude) times as large as one of longitude.
    assert (int(y[1]) - int(y[0])) / 2**32 * 360 / 0.001 == pytest.approx(
        1 / math.cos(math.radians(60)), 1e-3
    )


def test_places_are_those_with_both_coordinates_and_those_with_a_zone_alone(tmp_path: Path) -> None:
    rows = [
        {"latitude": 10.0, "longitude": 20.0},
        {"latitude": 10.0, "geo_tier": "none"},
        {"geo_tier": "zone", "utm_zone": 60, "utm_hemisphere": "S"},
        {"geo_tier": "zone", "utm_zone": 1},
        {"latitude": -5.0, "longitude": 180.0, "utm_zone": 60},
    ]
    places = make_catalogue(tmp_path / "catalogue", rows).places

    assert places.ids.tolist() == [0, 4]
    assert places.longitude.tolist() == [20.0, 180.0]
    assert places.zone_ids.tolist() == [2, 3]
    found = [(zone // 3, HEMISPHERES[zone % 3]) for zone in places.zones.tolist()]
    assert found == [(60, "S"), (1, None)]
