"""The place a search is about: `harbours in Houston` is harbours, in Houston."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import cbrt
from typing import NamedTuple

import numpy as np

from indexer.catalogue.places import distance_km
from indexer.gazetteer.find import NEVER, Mention, by_specificity, find_places, resolve
from indexer.gazetteer.gazetteer import SMALLEST, Gazetteer, Span, open_gazetteer
from indexer.gazetteer.place import CITY, Place, holds

# Nobody types more into a search box.
_MAX_CHARS = 500
_MAX_WORDS = 6
_INTRODUCED = re.compile(r"\b(?:in|near|around|at)\s+(?=\w)", re.IGNORECASE)
_ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
_LEADING = re.compile(r"(?:^|\s)(?:in|near|around|at|of|over|from)(?:\s+the)?\s*$", re.IGNORECASE)
_WORD_END = re.compile(r"\w\b")
_SPACES = re.compile(r"[\s,]+")
# A city of 15,000 inhabitants is about 5 km across in any direction, and area grows slower than people.
_CITY_KM, _MOST_CITY_KM, _LEAST_AREA_KM = 5.0, 50.0, 25.0
_AREA_SHARE = 0.9


class PlaceInQuery(NamedTuple):
    """A place that a query names.

    Attributes:
        name: the place as the query writes it, with what it lies in: `Paris, Texas`.
        place: what it means.
        ambiguity: from 0, where the name can mean no other place, towards 1.
        radius_km: how far around its point it may be taken to reach.
        rest: the query without it; empty where it names nothing else.
    """

    name: str
    place: Place
    ambiguity: float
    radius_km: float
    rest: str


def find_place_in_query(text: str) -> PlaceInQuery | None:
    """The most specific place that a query names, or None.

    Behind `in`, `near`, `around` or `at` a place may be written in any case, unless it is an ordinary word as
    well; elsewhere it has to be written with its capitals. Loads the gazetteer when first called.
    """
    gazetteer = open_gazetteer()
    text = text[:_MAX_CHARS]
    mentions = _introduced(text, gazetteer) or find_places(text, gazetteer)
    if not mentions:
        return None
    best = by_specificity(mentions)[0]
    named = [best, *(one for one in mentions if holds(one.place, best.place))]
    return PlaceInQuery(
        ", ".join(mention.text for mention in named),
        best.place,
        best.ambiguity,
        radius_km(best.place, gazetteer),
        _without(text, named),
    )


def radius_km(place: Place, gazetteer: Gazetteer) -> float:
    """How far around its point a place reaches.

    A city: 5 km (inhabitants / 15,000)^(1/3), from 5 to 50 km. A region or country: as far as nine tenths of
    its inhabitants live from its point, at least 25 km.
    """
    if place.kind == CITY:
        return round(min(max(_CITY_KM * cbrt(place.population / SMALLEST), _CITY_KM), _MOST_CITY_KM), 1)
    cities = gazetteer.cities_in(place)
    rows = np.array([(city.latitude, city.longitude, city.population) for city in cities])
    distances = distance_km(place.latitude, place.longitude, rows[:, 0], rows[:, 1])
    order = np.argsort(distances)
    people = np.cumsum(rows[order, 2])
    reached = int(np.searchsorted(people, _AREA_SHARE * people[-1]))
    return max(round(float(distances[order[reached]]), 1), _LEAST_AREA_KM)


def _introduced(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """Places behind prepositions, in whatever case, and those that follow each; ordinary words are none."""
    found: list[Mention] = []
    for match in _INTRODUCED.finditer(text):
        spans: list[Span] = []
        position = first = _name_start(text, match.end(), gazetteer)
        while span := _name_at(text, position, gazetteer):
            spans.append(span)
            gap = _SPACES.match(text, span.end)
            position = gap.end() if gap else len(text)
        mentions = resolve(text, spans, gazetteer, words=NEVER)
        # What follows was introduced only if the first was.
        if mentions and mentions[0].start == first:
            found += [mention._replace(text=text[mention.start : mention.end]) for mention in mentions]
    return found


def _name_start(text: str, start: int, gazetteer: Gazetteer) -> int:
    """Where a name would begin: behind an article, unless it is part of the name, as in The Hague."""
    article = _ARTICLE.match(text, start)
    return article.end() if article and not _name_at(text, start, gazetteer) else start


def _name_at(text: str, start: int, gazetteer: Gazetteer) -> Span | None:
    """The longest name, in whatever case, that begins at `start`."""
    for end in _word_ends(text, start):
        name = gazetteer.known(text[start:end])
        if name is not None:
            return Span(start, end, name)
    return None


def _word_ends(text: str, start: int) -> Iterator[int]:
    """Where the next words end, the farthest first."""
    ends = [match.end() for match, _ in zip(_WORD_END.finditer(text, start), range(_MAX_WORDS), strict=False)]
    return reversed(ends)


def _without(text: str, mentions: list[Mention]) -> str:
    """A text without places, and without the prepositions before them."""
    for mention in sorted(mentions, key=lambda one: one.start, reverse=True):
        before = text[: mention.start]
        leading = _LEADING.search(before)
        text = f"{before[: leading.start()] if leading else before} {text[mention.end :]}"
    return _SPACES.sub(" ", text).strip(" .,;")
