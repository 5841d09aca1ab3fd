"""A place of the gazetteer: a country, a region of one, or a city."""

from __future__ import annotations

from typing import NamedTuple

from indexer.catalogue.named_places import PLACE_KINDS

CITY, REGION, COUNTRY = PLACE_KINDS


class Place(NamedTuple):
    """One place.

    Attributes:
        name: what GeoNames calls it, or ISO 3166 for a country.
        kind: one of `PLACE_KINDS`.
        country_code: ISO 3166-1 alpha-2.
        region: GeoNames' code of the first-level subdivision, as `US.TX`; empty for a country.
        latitude: degrees north; of a country or region the middle of its inhabitants.
        longitude: degrees east, likewise.
        population: inhabitants.
    """

    name: str
    kind: str
    country_code: str
    region: str
    latitude: float
    longitude: float
    population: int


def holds(whole: Place, part: Place) -> bool:
    """Whether `part` lies in `whole`, as the city Houston does in the region Texas."""
    if whole.kind == COUNTRY:
        return part.kind != COUNTRY and part.country_code == whole.country_code
    return whole.kind == REGION and part.kind == CITY and part.region == whole.region
