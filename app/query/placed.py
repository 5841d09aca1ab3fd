"""Texts that name a place: `harbours in Houston` becomes harbours, near Houston."""

from __future__ import annotations

from app.query.geo import Near
from app.query.passing import count
from app.query.query import Query
from indexer.catalogue import Catalogue
from indexer.gazetteer.place import COUNTRY
from indexer.gazetteer.query import PlaceInQuery, find_place_in_query


def placed(catalogue: Catalogue, query: Query) -> Query | None:
    """`query` with the place that its text names as a filter instead.

    It takes the place of a circle or country that was asked for before. A country becomes the filter
    `country` where the catalogue's metadata name it; any other place a circle that also holds samples whose
    captions name a place there, if `rs5m places` has looked for such.

    Returns:
        None where the text names no place, or nothing would be found there.
    """
    if not query.q or not (len(catalogue.places.ids) or len(catalogue.named_places.ids)):
        return None
    found = find_place_in_query(query.q)
    if found is None:
        return None
    asked = _of_country(catalogue, query, found) or _near(catalogue, query, found)
    return asked if count(catalogue, asked.filters) else None


def _of_country(catalogue: Catalogue, query: Query, found: PlaceInQuery) -> Query | None:
    if found.place.kind != COUNTRY:
        return None
    known = catalogue.cube.totals("country", catalogue.cube.counts)
    named = next((name for name in known if name.casefold() == found.place.name.casefold()), None)
    return query.with_(q=found.rest, country=(named,), near=None) if named else None


def _near(catalogue: Catalogue, query: Query, found: PlaceInQuery) -> Query:
    circle = Near(found.place.latitude, found.place.longitude, found.radius_km, found.name)
    tiers = query.filters.tier or (("point", "place") if len(catalogue.named_places.ids) else ())
    return query.with_(q=found.rest, near=circle, country=(), tier=tiers)
