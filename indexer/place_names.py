"""The place a template sentence names: `Briarwood, United States`."""

from __future__ import annotations

import re

_SEASONS = "(?:Spring|Summer|Fall|Autumn|Winter)"
# What stands before a place: a preposition or a participle, or nothing at all where the place opens the
# sentence.
_BEFORE = r"(?:^|\b(?:over|above|on|of|from|in|at|during|adorned|surveying|overlooking) )"
# `Fall in Balwyn, Australia`: the season is no part of the place.
_NO_SEASON = rf"(?!{_SEASONS}(?:'s)? (?:in|of|over|at|from|saw|adorned|satellite)\b)"
_ARTICLE = r"(?:(?:el|la|le|les|los|las|al|es|de|da|do|di|du|den|het) )?"
_PLACE = rf"(?P<place>{_ARTICLE}(?:[a-z]?[^\Wa-z\d_]|[?'’])[^\n]{{0,120}}?)"
_AFTER = (
    rf"(?='s (?:{_SEASONS}|terrain|landscape)\b"
    rf"|,? (?:taken )?during (?:its |the )?{_SEASONS}\b"
    rf"|,? (?:from (?:space|above) )"
    rf"|,? in (?:its |the midst of )?{_SEASONS}\b"
    r"|,? (?:has|was|presented|revealed|showed|showcases|displayed) "
    r"|, (?:the|a|an|our|its|it|this|taken|captured|in|during|we) "
    r"|\. (?:the|it|this|its) )"
)
_SENTENCE = re.compile(_BEFORE + _NO_SEASON + _PLACE + _AFTER)
_MEASURES = re.compile(r"\b(?:ground sample distance|pixel|utm zone)\b")

# ISO 3166 turns some names round: `Iran, Islamic Republic of`.
_INVERTED = re.compile(r", (?:the )?[A-Za-z' ]+ of(?: the| China)?$")


def find_place(meta: str) -> tuple[str, str | None] | None:
    """City and country of a template caption, or None where none is found.

    A city may hold commas (`Washington, D.C.`) and so may a country (`Iran, Islamic Republic of`). The
    country is None where FMoW says that it knows none.
    """
    measures = _MEASURES.search(meta)
    for match in _SENTENCE.finditer(meta, 0, measures.start() if measures else len(meta)):
        place = match["place"].strip(" ,")
        inverted = _INVERTED.search(place)
        head = place[: inverted.start()] if inverted else place
        city, comma, country = head.rpartition(", ")
        country += place[len(head) :]
        if comma:
            return city, None if country == "Unknown country code" else country
    return None
