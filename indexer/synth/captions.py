"""Captions of the scale catalogue: cheap to write by the million, in the styles that RS5M's sources have."""

from __future__ import annotations

from functools import cache

from indexer.demo.chance import stream
from indexer.demo.places import Place
from indexer.demo.sentences import subject
from indexer.demo.vocabulary import VOCABULARY
from indexer.synth.topics import Topic, topics

DRAWS = 6
"""Random numbers that one caption takes."""

_KEYWORDS = (
    "aerial view", "aerial photo", "aerial photograph", "aerial image", "aerial picture", "satellite image",
    "satellite view", "satellite photo", "satellite map", "aerial imagery", "Google Earth view",
    "Landsat 8 scene", "Sentinel-2 scene", "WorldView-3 image", "USGS aerial photo", "remote sensing image",
)  # fmt: skip
_WEB = (
    "{keyword} of {what}",
    "{Keyword} of {what} Royalty Free Stock Photo",
    "{what} {keyword} stock photo - Image: {number}",
    "{what}, {keyword} {year}",
    "DJI_{short:04d} {what} | {keyword}",
    "{keyword} showing {what} ({short} of 40)",
    "{what} #drone #{tag} {keyword}",
)
_WEB_OF_A_PLACE = (
    "{title} - {keyword} - {what}",
    "{Keyword} of {title}, {country}: {what}",
    "{what} near {place}, {keyword} {year}",
    "{what} | {title} | {keyword} {number}",
    "{keyword} of {what} in {place}, {country}",
    "{title} {keyword} {short:04d}.jpg",
)
_MODEL = (
    "an {aerial} view of {what}",
    "an {aerial} photo of {what}",
    "{aerial} image of {what}",
    "a satellite image of {what}",
    "a satellite view of {what}",
    "a google earth image of {what}",
    "this satellite image shows {what}",
    "{what} seen in an {aerial} photograph",
)
_WITHOUT_KEYWORD = ("{what}", "{title} {year} - {what}", "{what}, {place}", "{title} ({country}) #{tag}")
_COMPANY = (
    "", "", "", " beside a road", " among trees", " with a car park", " near houses", " at the edge of town",
    " with long shadows", " next to fields", " by the water", " in the hills", " seen from above",
)  # fmt: skip
_CIRCUMSTANCES = (
    "", "", "", "", " on a sunny day", " in summer", " in winter", " in autumn", " in spring", " after rain",
    " on a cloudy day", " in the evening", " in the morning", " at low tide", " in the haze", " in the snow",
    " in dry country", " in a flat landscape", " in a suburb", " near the coast", " in the countryside",
)  # fmt: skip
_PHRASES = 96
_FIRST_YEAR, _YEARS = 1999, 24

Numbers = list[int]


def web_caption(topic: int, place: Place | None, numbers: Numbers) -> str:
    """Alt text with a keyword of RS5M's list; it names `place` if there is one.

    Args:
        topic: what it is about, as a place in `topics().all`.
        place: where that is.
        numbers: `DRAWS` random numbers from 0 on; the caption follows from them.
    """
    return _filled(_WEB if place is None else _WEB_OF_A_PLACE, topic, place, numbers)


def keywordless_caption(topic: int, place: Place, numbers: Numbers) -> str:
    """Alt text that tells what is seen but not that it is seen from above; arguments as `web_caption`'s."""
    return _filled(_WITHOUT_KEYWORD, topic, place, numbers)


def model_sentence(topic: int, place: Place | None, numbers: Numbers) -> str:
    """A sentence as captioning models write them; arguments as `web_caption`'s."""
    template = _MODEL[numbers[0] % len(_MODEL)]
    if place is not None:
        template = f"{template} in {place.name}"
    circumstances = _CIRCUMSTANCES[numbers[3] % len(_CIRCUMSTANCES)]
    return (
        template.format(
            what=_phrases(topic)[numbers[1] % _PHRASES],
            aerial="overhead aerial" if numbers[2] % 9 == 0 else "aerial",
        )
        + circumstances
    )


def _filled(templates: tuple[str, ...], topic: int, place: Place | None, numbers: Numbers) -> str:
    style, keyword, phrase, title, number, year = numbers
    said = _KEYWORDS[keyword % len(_KEYWORDS)]
    return templates[style % len(templates)].format(
        keyword=said,
        Keyword=said[0].upper() + said[1:],
        what=_phrases(topic)[phrase % _PHRASES],
        title=_titles(topic)[title % len(_titles(topic))].format(place=place.name if place else ""),
        tag=_tag(topic),
        place=place.name if place else "",
        country=place.country if place else "",
        number=10_000_000 + number % 90_000_000,
        short=1 + number % 40,
        year=_FIRST_YEAR + year % _YEARS,
    )


@cache
def _phrases(topic: int) -> tuple[str, ...]:
    """`_PHRASES` noun phrases for a topic."""
    shown, rng = _topic(topic), stream(topic)
    article = "an" if shown.name[0] in "aeiou" else "a"
    countable = topic not in _land_cover() and not shown.name.endswith("s")
    named = f"{article} {shown.name}" if countable else shown.name
    own = [f"{named}{company}" for company in _COMPANY]
    if shown.kind is not None:
        own += [subject(shown.kind, rng) for _ in range(_PHRASES - len(own))]
    return tuple(own[place % len(own)] for place in range(_PHRASES))


@cache
def _land_cover() -> frozenset[int]:
    """Topics that only BigEarthNet has: sorts of ground, of which there is not one and two."""
    known = topics()
    return frozenset(known.bigearthnet.values()) - {*known.fmow.values(), *known.millionaid.values()}


@cache
def _titles(topic: int) -> tuple[str, ...]:
    shown = _topic(topic)
    own = f"{{place}} {shown.name}"
    return (own, *VOCABULARY[shown.kind].titles) if shown.kind else (own,)


@cache
def _tag(topic: int) -> str:
    return _topic(topic).name.replace(" ", "").replace("-", "")


@cache
def _topic(topic: int) -> Topic:
    return topics().all[topic]
