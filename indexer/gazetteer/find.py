"""Places named in a caption: which names count, and which place each means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from indexer.catalogue.named_places import PLACE_KINDS
from indexer.gazetteer.gazetteer import ANYWHERE, BESIDE, SUPPORTED, Candidate, Gazetteer, Span, meant
from indexer.gazetteer.place import CITY, COUNTRY, Place, holds
from indexer.gazetteer.words import is_generic, is_time

ALWAYS, IF_SUPPORTED, NEVER = "always", "if supported", "never"
"""Whether ordinary words count as names."""

# Captions longer than this are texts of web pages; what they are about stands at their beginning.
_MAX_CHARS = 10_000
# What may stand between a place and the one that holds it: `Paris, Texas`, `Kyiv (Ukraine)`, `Bath in the
# UK`.
_BETWEEN = re.compile(r"\s*(?:[,(/–-]|\b(?:in|of)\b)?\s*(?:the\s+)?")
_LONGEST_BETWEEN = 10
_PREPOSITION = re.compile(
    r"\b(?:above|across|around|at|from|in|near|of|off|outside|over|overlooking|to) $", re.IGNORECASE
)
_LONGEST_PREPOSITION = 14
_CAPITAL_FOLLOWS = re.compile(r"['’]?s?[\s-]+[^\W\d_a-z]")
_LOST_BEFORE = re.compile(r"\w[?\N{REPLACEMENT CHARACTER}]")
_LOST_AFTER = re.compile(r"[?\N{REPLACEMENT CHARACTER}](?:[\w,]| [a-z])")
_WORD = re.compile(r"[^\W\d_]{2,}")


class Mention(NamedTuple):
    """A place named in a text.

    Attributes:
        start: first character of the name.
        end: the one behind its last.
        text: the name as it is written.
        place: what it means.
        ambiguity: from 0, where the name can mean no other place, towards 1; see `gazetteer.meant`.
    """

    start: int
    end: int
    text: str
    place: Place
    ambiguity: float


def find_places(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """Places named in a text, in the order of the text, each place once.

    A name has to be written with its capitals. A place that lies in the one named behind it is meant rather
    than a larger one elsewhere; else the one of most weight is.
    """
    text = unicodedata.normalize("NFC", text[:_MAX_CHARS])
    return resolve(text, [span for span in gazetteer.spans(text) if _is_whole(text, span)], gazetteer)


def resolve(
    text: str, spans: Sequence[Span], gazetteer: Gazetteer, words: str = IF_SUPPORTED
) -> list[Mention]:
    """Decide what the names in a text mean.

    Args:
        text: the text.
        spans: names in it, in order.
        gazetteer: where the names are from.
        words: whether ordinary words count that stand beside no place that holds them: `ALWAYS`, where
            somebody knows that they are names, `IF_SUPPORTED` by something else in the text, or `NEVER`.
    """
    if not spans:
        return []
    candidates: list[Sequence[Candidate]] = [gazetteer.candidates(span.name) for span in spans]
    beside = _pair(text, spans, candidates)
    counting: list[list[Candidate]] = []
    for number, found in enumerate(candidates):
        allowed = (ANYWHERE, SUPPORTED, BESIDE) if beside[number] else (ANYWHERE,)
        counting.append([one for one in found if one.counts in allowed])
    if words != NEVER and not all(counting):
        _support(text, spans, candidates, counting, trusted=words == ALWAYS)
    mentions: dict[Place, Mention] = {}
    for span, found in zip(spans, counting, strict=True):
        if found:
            place, ambiguity = meant(found)
            mentions.setdefault(place, Mention(span.start, span.end, span.name, place, ambiguity))
    return list(mentions.values())


def by_specificity(mentions: Sequence[Mention]) -> list[Mention]:
    """Cities before regions before countries; of a kind the least ambiguous first, then as in the text."""
    return sorted(mentions, key=lambda one: (PLACE_KINDS.index(one.place.kind), one.ambiguity, one.start))


def _is_whole(text: str, span: Span) -> bool:
    """Whether a name is no part of a word that lost a letter: `Beja?a` is not Beja."""
    before, after = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 3]
    return not (_LOST_BEFORE.match(before) or _LOST_AFTER.match(after))


def _pair(text: str, spans: Sequence[Span], candidates: list[Sequence[Candidate]]) -> list[bool]:
    """Leave of neighbours, in place, only candidates of which one holds the other; returns who has such."""
    beside = [False] * len(spans)
    for first in range(len(spans) - 2, -1, -1):
        second = first + 1
        gap = text[spans[first].end : spans[second].start]
        if len(gap) > _LONGEST_BETWEEN or not _BETWEEN.fullmatch(gap):
            continue
        inside = [
            one
            for one in candidates[first]
            if any(holds(other.place, one.place) for other in candidates[second])
        ]
        if inside:
            place, _ = meant(inside)
            candidates[first] = inside
            candidates[second] = [other for other in candidates[second] if holds(other.place, place)]
            beside[first] = beside[second] = True
        elif "," in gap and all(other.place.kind == COUNTRY for other in candidates[second]):
            # `Victoria, Malaysia`: a place in that country which is not known, no larger one elsewhere.
            candidates[first] = [one for one in candidates[first] if one.place.kind != CITY]
    return beside


def _support(
    text: str,
    spans: Sequence[Span],
    candidates: list[Sequence[Candidate]],
    counting: list[list[Candidate]],
    *,
    trusted: bool,
) -> None:
    """Let words count, in place, that something in the text supports.

    That is a country or region it lies in, named anywhere; or a preposition before it in a text that writes
    other words small, as in `an aerial view of Reading`. A month or season, in which most pictures were
    taken, has to stand beside such a place.
    """
    around = [meant(found)[0] for found in counting if found]
    around = [place for place in around if place.kind != CITY]
    sentence: bool | None = None
    for number, span in enumerate(spans):
        words = [one for one in candidates[number] if one.counts == SUPPORTED]
        if counting[number] or not words or is_time(span.name):
            continue
        named = [one for one in words if any(holds(place, one.place) for place in around)]
        if named or trusted:
            counting[number] = named or words
        elif _is_placed(text, span):
            sentence = _is_sentence(text) if sentence is None else sentence
            counting[number] = words if sentence else []


def _is_placed(text: str, span: Span) -> bool:
    before = text[max(0, span.start - _LONGEST_PREPOSITION) : span.start]
    return (
        _PREPOSITION.search(before) is not None
        and not _CAPITAL_FOLLOWS.match(text, span.end)
        and not is_generic(span.name)
    )


def _is_sentence(text: str) -> bool:
    """Whether most words of a text are written small, so that a capital means something."""
    words: list[str] = _WORD.findall(text)
    return 2 * len([word for word in words if word[0].isupper()]) < len(words)
