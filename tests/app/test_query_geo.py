"""Areas and zones: what a URL may say, and which points they hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query import BBox, Near, Polygon, Query, Zone
from indexer.catalogue.places import EARTH_KM
from indexer.errors import UserError

LATITUDES = st.floats(-90, 90).map(lambda value: round(value, 6))
LONGITUDES = st.floats(-180, 180).map(lambda value: round(value, 6))
POINTS = st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=40)


def columns(points: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    latitude, longitude = np.array(points, np.float64).T
    return latitude, longitude


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance by the angle between two vectors, another way than the haversine formula."""

    def place(latitude: float, longitude: float) -> np.ndarray:
        north, east = math.radians(latitude), math.radians(longitude)
        return np.array([math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)])

    first, second = place(*one), place(*other)
    return EARTH_KM * math.atan2(float(np.linalg.norm(np.cross(first, second))), float(first @ second))


@given(LATITUDES, LONGITUDES, st.floats(0.5, 19_000), POINTS)
def test_a_circle_holds_what_is_near_wherever_it_lies(
    latitude: float, longitude: float, km: float, points: list[tuple[float, float]]
) -> None:
    circle = Near.parse(f"{latitude},{longitude},{km:.3f}")

    held = circle.holds(*columns(points))

    for point, inside in zip(points, held, strict=True):
        distance = kilometres((latitude, longitude), point)
        if abs(distance - circle.km) > 1e-3:
            assert inside == (distance < circle.km), (circle, point, distance)


def test_a_circle_reaches_over_the_antimeridian_and_the_pole() -> None:
    fiji = Near.parse("-17.8,179.5,200")
    pole = Near.parse("89,0,300")

    assert fiji.holds(*columns([(-17.8, -179.5), (-17.8, 175.0)])).tolist() == [True, False]
    assert pole.holds(*columns([(89.0, 180.0), (85.0, 180.0)])).tolist() == [True, False]


@given(st.floats(-70, 70), LONGITUDES, st.floats(0.5, 1_800))
def test_the_outline_of_a_circle_is_its_edge(latitude: float, longitude: float, km: float) -> None:
    circle = Near.parse(f"{latitude:.6f},{longitude},{km:.3f}")
    ring = circle.outline()

    assert ring[0] == ring[-1]
    assert all(
        kilometres((circle.latitude, circle.longitude), (north, east)) == pytest.approx(circle.km, abs=0.01)
        for east, north in ring
    )


def test_the_outline_of_a_polygon_has_its_corners_and_more_where_mercator_bends() -> None:
    ring = Polygon.parse("170,-20;-170,-20;-170,0").outline()

    assert ring[0] == ring[-1] == (170.0, -20.0)
    assert {(190.0, -20.0), (190.0, 0.0)} <= set(ring)
    assert len(ring) == 1 + 1 + 1 + 10
    assert BBox.parse("170,-20,-170,0").outline()[1] == (190.0, -20.0)


@given(POINTS, st.floats(-179, 179), st.floats(-80, 70), st.floats(0.1, 170), st.floats(0.1, 10))
def test_a_rectangle_as_a_polygon_holds_what_its_box_holds(
    points: list[tuple[float, float]], west: float, south: float, width: float, height: float
) -> None:
    west, south, east, north = (
        round(west, 3),
        round(south, 3),
        round(west + width, 3),
        round(south + height, 3),
    )
    if west >= east or south >= north:
        return
    box = BBox.parse(f"{west},{south},{east},{north}")
    ring = Polygon.parse(f"{west},{south};{east},{south};{east},{north};{west},{north}")

    assert ring.holds(*columns(points)).tolist() == box.holds(*columns(points)).tolist()
    assert ring.bounds == box


def test_a_polygon_over_the_antimeridian_is_one_piece_however_it_is_written() -> None:
    points = columns([(-17.0, 179.0), (-17.0, -179.0), (-17.0, 0.0), (-17.0, 170.0)])
    wrapped = Polygon.parse("175,-20;-175,-20;-175,-15;175,-15")
    running_on = Polygon.parse("175,-20;185,-20;185,-15;175,-15")

    assert wrapped == running_on
    assert wrapped.holds(*points).tolist() == [True, True, False, False]


def test_a_concave_polygon_leaves_out_its_bay() -> None:
    bay = Polygon.parse("0,0;10,0;10,10;5,2;0,10")

    assert bay.holds(*columns([(1.0, 5.0), (8.0, 5.0), (5.0, 1.0)])).tolist() == [True, False, True]


@given(st.lists(st.tuples(LONGITUDES, st.floats(-89, 89).map(lambda v: round(v, 4))), min_size=3, max_size=6))
def test_what_a_polygon_is_written_as_is_read_as_the_same(corners: list[tuple[float, float]]) -> None:
    text = ";".join(f"{longitude},{latitude}" for longitude, latitude in corners)
    try:
        polygon = Polygon.parse(text)
    except UserError:
        return

    assert Polygon.parse(str(polygon)) == polygon


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("polygon", "1,2;3,4", "fewer than three corners"),
        ("polygon", "0,0;10,10;10,0;0,10", "crosses itself"),
        ("polygon", "0,0;1,1;2,2", "crosses itself, or is a line"),
        ("polygon", "0,80;120,80;-120,80", "runs around a pole"),
        ("polygon", "0,0;1,91;2,2", "1,91"),
        ("polygon", "0,0;1,x;2,2", "numbers"),
        ("polygon", ";".join(f"{number / 10},0" for number in range(300)), "300 corners"),
        ("near", "1,2", "not three numbers"),
        ("near", "91,2,5", "beyond the pole"),
        ("near", "1,2,0", "no radius"),
        ("near", "1,nan,3", "finite"),
        ("near", "1,2,99999", "no radius"),
        ("zone", "61", "no UTM zone"),
        ("zone", "18I", "no UTM zone"),
        ("zone", "18T", "no UTM zone"),
        ("zone", "18-I", "no UTM zone"),
        ("tier", "point or so", "Choose of point, zone, place, none"),
        ("around", "1,2,3", "around"),
    ],
)
def test_what_is_no_place_is_refused_by_name(name: str, value: str, says: str) -> None:
    with pytest.raises(UserError, match=name) as refused:
        Query.from_params([(name, value)])

    assert says in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize("text", ["34", "34N", "34-N", "18-T", "1S", "60-X", "34N-none", "34-none"])
def test_zones_are_written_as_they_are_read(text: str) -> None:
    assert str(Zone.parse(text.lower())) == text


def test_a_letter_after_a_hyphen_is_a_band_and_without_it_a_hemisphere() -> None:
    assert Zone.parse("34N") == Zone(34, "N", None)
    assert Zone.parse("34-N") == Zone(34, None, "N")


def test_everything_about_places_goes_into_a_url_and_back() -> None:
    asked = Query.from_params(
        [
            ("near", "29.76,-95.37,50"),
            ("polygon", "-96,29;-95,29;-95.5,30"),
            ("bbox", "-100,20,-90,40"),
            ("zone", "15N"),
            ("zone", "14-R"),
            ("tier", "place"),
            ("tier", "point"),
            ("around", "-96,29,-95,30"),
        ]
    )

    assert Query.from_params(asked.to_params()) == asked
    assert [chip.name for chip in asked.chips()] == [
        "around", "bbox", "polygon", "near", "zone", "zone", "tier",
    ]  # fmt: skip
    lost = [len(asked.to_params()) - len(chip.without.to_params()) for chip in asked.chips()]
    assert lost == [1, 1, 1, 1, 1, 1, 2]
