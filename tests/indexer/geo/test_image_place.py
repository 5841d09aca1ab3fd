"""Where image files say that they lie: GeoTIFF tags and EXIF, written by Pillow and read again."""

from __future__ import annotations

import io
from typing import Any

import pytest
import utm
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from indexer.images import decode
from tests.geotagged import SIZE, jpeg, keys, tiff


def test_a_geotiff_in_degrees_lies_at_its_middle() -> None:
    data = tiff(
        scale=(0.5, 0.25, 0.0), tie=(0.0, 0.0, 0.0, 10.0, 50.0, 0.0), keys=keys(model=2, geographic=4326)
    )

    place = decode(data).place

    assert place is not None
    assert (place.origin, place.latitude, place.longitude) == ("geotiff", 50 - 24 * 0.25, 10 + 32 * 0.5)


def test_pixels_that_are_points_begin_half_a_pixel_later() -> None:
    grid = {"scale": (1.0, 1.0, 0.0), "tie": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)}
    data = tiff(**grid, keys=keys(model=2, raster=2, geographic=4326))

    place = decode(data).place

    assert place is not None
    assert (place.latitude, place.longitude) == (-23.5, 31.5)


@given(st.floats(-70, 75).map(lambda degrees: round(degrees, 4) + 5e-5), st.floats(-175, 175))
def test_a_geotiff_in_utm_lies_where_its_projection_says(latitude: float, longitude: float) -> None:
    east, north, zone, _ = utm.from_latlon(latitude, longitude)
    code = (32600 if latitude >= 0 else 32700) + zone
    tie = (0.0, 0.0, 0.0, east - 32 * 10, north + 24 * 10, 0.0)

    place = decode(tiff(scale=(10.0, 10.0, 0.0), tie=tie, keys=keys(model=1, projected=code))).place

    assert place is not None
    assert place.latitude == pytest.approx(latitude, abs=1e-6)
    assert place.longitude == pytest.approx(longitude, abs=1e-6)


def test_a_matrix_places_a_turned_raster() -> None:
    matrix = (0.0, 0.1, 0.0, 5.0, 0.2, 0.0, 0.0, 40.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)

    place = decode(tiff(matrix=matrix, keys=keys(model=2, geographic=4326))).place

    assert place is not None
    assert (place.longitude, place.latitude) == (pytest.approx(5 + 24 * 0.1), pytest.approx(40 + 32 * 0.2))


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"keys": keys(model=1, projected=27700), "scale": (1, 1, 0), "tie": (0,) * 6}, "EPSG:27700"),
        ({"keys": keys(model=1, projected=32767), "scale": (1, 1, 0), "tie": (0,) * 6}, "one of its own"),
        ({"keys": keys(model=2, geographic=4326)}, "does not say where"),
    ],
)
def test_other_reference_systems_are_not_guessed(tags: dict[str, Any], says: str) -> None:
    place = decode(tiff(**tags)).place

    assert place is not None
    assert (place.latitude, place.longitude) == (None, None)
    assert says in place.note


@pytest.mark.parametrize(
    ("latitude", "north", "longitude", "east", "expected"),
    [
        ((48.0, 51.0, 30.0), "N", (2.0, 21.0, 0.0), "E", (48.858333, 2.35)),
        ((33.0, 52.0, 0.0), "S", (151.0, 12.0, 36.0), "E", (-33.866667, 151.21)),
        ((40.0, 42.0, 46.08), "N", (74.0, 0.0, 21.6), "W", (40.7128, -74.006)),
    ],
)
def test_a_camera_s_place_is_read(
    latitude: tuple[float, ...],
    north: str,
    longitude: tuple[float, ...],
    east: str,
    expected: tuple[float, float],
) -> None:
    place = decode(jpeg({1: north, 2: latitude, 3: east, 4: longitude})).place

    assert place is not None
    assert place.origin == "exif"
    assert (place.latitude, place.longitude) == (
        pytest.approx(expected[0], abs=1e-5),
        pytest.approx(expected[1], abs=1e-5),
    )


def test_an_image_without_tags_says_nothing() -> None:
    stream = io.BytesIO()
    Image.new("RGB", SIZE).save(stream, "PNG")

    assert decode(stream.getvalue()).place is None
    assert decode(jpeg({1: "N"})).place is None


@given(st.lists(st.integers(0, 65535), max_size=24), st.lists(st.floats(allow_nan=True), max_size=16))
def test_damaged_tags_cost_no_picture(directory: list[int], numbers: list[float]) -> None:
    data = tiff(
        keys=tuple(directory) or (0,), tie=tuple(numbers) or (0.0,), scale=tuple(numbers[:3]) or (0.0,)
    )

    assert decode(data).width == SIZE[0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (tiff(matrix=(1.0, 2.0), keys=keys(model=2, geographic=4326)), "GeoTIFF tags are damaged"),
        (jpeg({1: "N", 2: 48.5, 3: "E", 4: 2.35}), "GPS tags are damaged"),
    ],
)
def test_damaged_tags_are_noted(data: bytes, says: str) -> None:
    place = decode(data).place

    assert place is not None
    assert (place.latitude, place.longitude) == (None, None)
    assert says in place.note


@pytest.mark.parametrize("code", [32633, 32733])
@pytest.mark.parametrize(
    ("east", "north"), [(-3e6, 5e6), (1e9, 5e9), (5e5, 2.5e7), (1e300, 1e300), (float("nan"), 1.0)]
)
def test_what_lies_far_outside_its_zone_is_no_place(code: int, east: float, north: float) -> None:
    tie = (0.0, 0.0, 0.0, east, north, 0.0)
    place = decode(tiff(scale=(10.0, 10.0, 0.0), tie=tie, keys=keys(model=1, projected=code))).place

    assert place is not None
    assert place.latitude is None
    assert "outside its UTM zone" in place.note


def test_scenes_reach_over_the_equator_and_the_edge_of_a_zone() -> None:
    tie = (0.0, 0.0, 0.0, 9e5, -1e5, 0.0)
    place = decode(tiff(scale=(10.0, 10.0, 0.0), tie=tie, keys=keys(model=1, projected=32633))).place

    assert place is not None
    assert place.latitude == pytest.approx(-0.905, abs=0.01)
    assert place.longitude == pytest.approx(18.596, abs=0.01)
