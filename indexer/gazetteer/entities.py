"""Entities that somebody else found in captions, as RS5M's file of places has them, resolved like our own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import islice

from indexer.gazetteer.find import ALWAYS, Mention, resolve
from indexer.gazetteer.gazetteer import Gazetteer, Span

# More places than this no caption names; longer lists are tables of contents.
_MOST = 100
_APART = "; "


def resolve_entities(caption: str, entities: Iterable[str], gazetteer: Gazetteer) -> list[Mention]:
    """Places that entities mean, in the order of the list, without those that the gazetteer does not know.

    Where the caption has them in the order of the list, as it should, what stands between them counts as it
    does in `find_places`. Somebody took them for names, so ordinary words need no support.
    """
    names = [unicodedata.normalize("NFC", entity).strip() for entity in islice(entities, _MOST)]
    names = [name for name in names if name]
    text = unicodedata.normalize("NFC", caption)
    starts = _starts(text, names)
    if starts is None:
        text = _APART.join(names)
        starts = _starts(text, names) or []
    spans = []
    for start, entity in zip(starts, names, strict=True):
        article = len(entity) - len(entity.removeprefix("the ").removeprefix("The "))
        known = gazetteer.known(entity) or gazetteer.known(entity[article:])
        if known is not None:
            spans.append(Span(start, start + len(entity), known))
    mentions = resolve(text, spans, gazetteer, words=ALWAYS)
    return [mention._replace(text=text[mention.start : mention.end]) for mention in mentions]


def _starts(text: str, names: list[str]) -> list[int] | None:
    """Where names begin in a text that has all of them, one after the other."""
    starts, position = [], 0
    for name in names:
        start = text.find(name, position)
        if start < 0:
            return None
        starts.append(start)
        position = start + len(name)
    return starts
