"""Names, the places they may mean, and where they stand in a text."""

from __future__ import annotations

import gc
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from indexer.gazetteer.place import COUNTRY, REGION, Place, holds
from indexer.gazetteer.sources import Named, read_places
from indexer.gazetteer.words import is_word

ANYWHERE, SUPPORTED, BESIDE = "anywhere", "supported", "beside"
"""Where a name counts: anywhere; where other words support it; only beside a place that holds it."""

SMALLEST = 15_000
"""Inhabitants of a city whose name counts by itself, and of those that a query is searched for."""

# Cities so large that their name is they, whatever else the word means: Shanghai, Manila.
_UNMISTAKABLE = 1_000_000
_ALIAS_WEIGHT = 0.1
# A region is meant by its name unless a city of that name has this share of its inhabitants: New York does.
_CITY_SHARE = 0.2

# Set at every edge of a word, in names and in texts, so that only whole words can match.
_MARK = "\x1f"
_EDGE = re.compile(r"\b")


class Candidate(NamedTuple):
    """A place that a name may mean.

    Attributes:
        place: the place.
        weight: its inhabitants; a tenth of them where the name is one in another language or spelling.
        counts: where the name counts for it.
    """

    place: Place
    weight: float
    counts: str


class Span(NamedTuple):
    """A name in a text: characters `start` up to `end`."""

    start: int
    end: int
    name: str


class Gazetteer:
    """Places by name.

    Args:
        places: places with their names.
    """

    def __init__(self, places: Iterable[Named]) -> None:
        self._own: dict[str, list[Place]] = defaultdict(list)
        self._aliases: dict[str, list[Place]] = defaultdict(list)
        for place, names, aliases in places:
            for name in (place.name, *names):
                for form in _forms(name):
                    self._own[form].append(place)
            for name in aliases:
                for form in _forms(name):
                    self._aliases[form].append(place)
        self.names = sorted({*self._own, *self._aliases})
        self._candidates: dict[str, tuple[Candidate, ...]] = {}
        self._automaton = AhoCorasick(
            [_marked(name) for name in self.names], MatchKind.LeftmostLongest, store_patterns=False
        )

    def spans(self, text: str) -> list[Span]:
        """Names in a text as they are written, whole words only, the longest where several begin."""
        marked = _marked(text.replace(_MARK, " "))
        spans, marks, before = [], 0, 0
        for index, start, _ in self._automaton.find_matches_as_indexes(marked):
            marks += marked.count(_MARK, before, start)
            before = start
            name = self.names[index]
            spans.append(Span(start - marks, start - marks + len(name), name))
        return spans

    def candidates(self, name: str) -> tuple[Candidate, ...]:
        """Places that a name may mean, the heaviest first."""
        if (known := self._candidates.get(name)) is None:
            known = self._candidates[name] = self._weigh(name)
        return known

    def known(self, text: str) -> str | None:
        """The name that `text` is in whatever case, or None."""
        return text if text in self._own or text in self._aliases else self._folded.get(text.lower())

    def cities_in(self, whole: Place) -> list[Place]:
        """Every city that lies in a country or region."""
        return [place for places in self._own.values() for place in places if holds(whole, place)]

    @cached_property
    def _folded(self) -> dict[str, str]:
        """For every name in lower case the one that is written so; of several the first in order."""
        return {name.lower(): name for name in reversed(self.names)}

    def _weigh(self, name: str) -> tuple[Candidate, ...]:
        weights = {place: max(place.population, 1) * _ALIAS_WEIGHT for place in self._aliases.get(name, ())}
        weights |= {place: max(place.population, 1) for place in self._own.get(name, ())}
        word = is_word(name)
        found = (Candidate(place, weight, _counts(name, place, word)) for place, weight in weights.items())
        # The order of equal ones is always the same.
        return tuple(sorted(found, key=lambda one: (-one.weight, one.place)))


@cache
def open_gazetteer(smallest: int = SMALLEST) -> Gazetteer:
    """The gazetteer of cities with at least `smallest` inhabitants, loaded once.

    Args:
        smallest: one of `indexer.gazetteer.sources.CITY_SIZES`; the more cities, the longer it takes: under a
            second for 15,000, four seconds for 500.
    """
    # What is made stays: looking for garbage among it would take a sixth of the time.
    collects = gc.isenabled()
    gc.disable()
    try:
        return Gazetteer(read_places(smallest))
    finally:
        if collects:
            gc.enable()


def meant(candidates: Sequence[Candidate]) -> tuple[Place, float]:
    """The place of most weight, and how uncertain that is.

    Returns:
        The place, and 1 - (its weight / weight of all candidates): 0 where a name can mean one place only. A
        city and the region or country around it that has its name are no alternatives.
    """
    best = max(candidates, key=lambda candidate: candidate.weight)
    if best.place.kind == REGION:
        own = [one for one in candidates if holds(best.place, one.place)]
        city = max(own, key=lambda candidate: candidate.weight, default=best)
        if city.weight >= _CITY_SHARE * best.weight:
            best = city
    best = next(
        (one for one in candidates if one.place.kind == COUNTRY and holds(one.place, best.place)), best
    )
    rivals = {
        one.place: one.weight
        for one in candidates
        if not (holds(one.place, best.place) or holds(best.place, one.place))
    }
    return best.place, 1 - best.weight / max(sum(rivals.values()), best.weight)


def _counts(name: str, place: Place, word: bool) -> str:
    """Where `name` counts for `place`."""
    if place.kind == REGION and name.isupper():  # TX, D.C.
        return BESIDE
    if place.kind == COUNTRY:
        return ANYWHERE
    if place.population < SMALLEST:
        return BESIDE
    if word and (place.population < _UNMISTAKABLE or place.kind == REGION):
        return SUPPORTED
    return ANYWHERE


def _forms(name: str) -> set[str]:
    """A name, and the same without accents; none that could not be told from an ordinary word."""
    if len(name) < 2 or not name[0].isupper():
        return set()
    if name.isascii():
        return {name}
    name = unicodedata.normalize("NFC", name)
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter)
    )
    return {name, plain}


def _marked(text: str) -> str:
    # Most names are one word, and this is most of the time that loading takes.
    return f"{_MARK}{text}{_MARK}" if text.isalpha() else _EDGE.sub(_MARK, text)
