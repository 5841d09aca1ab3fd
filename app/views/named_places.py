"""Places that a caption names, in words."""

from __future__ import annotations

from app.views.text import degrees
from indexer.catalogue.named_places import UPSTREAM, NamedPlace

# Ambiguity is 1 - (weight of the place chosen / weight of all that have the name), weight being inhabitants.
_CERTAIN, _LIKELY, _EVEN = 0.005, 0.2, 0.5


def named_place(place: NamedPlace) -> tuple[str, str]:
    """The name as the caption writes it, and what it means and how certain that is."""
    of = "" if place.kind == "country" else f" in {place.country_code}"
    origin = ", named by the metadata" if place.origin == UPSTREAM else ""
    return place.mention, (
        f"{place.place}, a {place.kind}{of} at {degrees(place.latitude, place.longitude)}: "
        f"{ambiguity_in_words(place.ambiguity)}{origin}"
    )


def ambiguity_in_words(ambiguity: float) -> str:
    """How likely the name means another place."""
    if ambiguity < _CERTAIN:
        return "no other place of note has this name"
    if ambiguity < _LIKELY:
        return "other places of this name are much smaller"
    if ambiguity < _EVEN:
        return "uncertain, other places of this name are large as well"
    return "a guess, most people live in other places of this name"
