"""Captions as the web writes them: alt text, titles, hashtags and file numbers around a word that helps."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indexer.demo.chance import pick
from indexer.demo.places import Spot
from indexer.demo.scenes.view import View
from indexer.demo.sentences import model_sentence, subject
from indexer.demo.vocabulary import VOCABULARY

_KEYWORDS = (
    "aerial view", "aerial photo", "aerial photograph", "aerial image", "aerial picture", "satellite image",
    "satellite view", "satellite photo", "satellite map", "aerial imagery", "Google Earth view",
)  # fmt: skip
_FOREIGN = (
    "Luftbild",
    "vue aérienne",
    "vista aérea",
    "luchtfoto",
    "аэрофото",
    "航拍",
    "flygfoto",
    "Luftaufnahme",
)
_AGENCIES = ("Royalty Free Stock Photo", "stock photo", "Stock Photography", "Editorial Image", "Stock Image",
             "Premium Photo", "Photo Print", "drone stock footage")  # fmt: skip
_SOURCES_OF_IMAGES = ("Landsat 8", "Sentinel-2", "WorldView-3", "USGS", "NAIP", "Gaofen-2", "Maxar")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a caption is about.

    Attributes:
        kind: kind of scene.
        spot: where it is.
        view: how it is seen.
        year: when it was seen.
    """

    kind: str
    spot: Spot
    view: View
    year: int

    def title(self, rng: np.random.Generator) -> str:
        """A proper name for the scene: `Lisbon Airport`."""
        return pick(rng, VOCABULARY[self.kind].titles).format(place=self.spot.place.name)

    def where(self, rng: np.random.Generator) -> str:
        """Town, country or both."""
        place = self.spot.place
        return pick(rng, (place.name, place.country, f"{place.name}, {place.country}"))


def _stock(topic: Topic, rng: np.random.Generator) -> str:
    what = f"{pick(rng, _KEYWORDS)} of {subject(topic.kind, rng)}".title()
    number = int(rng.integers(10_000_000, 99_999_999))
    return pick(
        rng,
        (
            f"{what} {pick(rng, _AGENCIES)}",
            f"{what}, {topic.where(rng)} - {pick(rng, _AGENCIES)}",
            f"{what} {pick(rng, _AGENCIES)} - Image: {number}",
            f"{topic.title(rng)}. {what} ({pick(rng, _AGENCIES)} #{number})",
        ),
    )


def _titled(topic: Topic, rng: np.random.Generator) -> str:
    keyword, title, number = pick(rng, _KEYWORDS), topic.title(rng), int(rng.integers(100, 9999))
    what = subject(topic.kind, rng)
    return pick(
        rng,
        (
            f"{title} &amp; surroundings, {keyword}: {what}",
            f"{title} - {keyword} - {what} ({int(rng.integers(1, 9))} of {int(rng.integers(9, 40))})",
            f"{keyword.capitalize()} of {title}, {topic.spot.place.country} &#8211; {what}",
            f"{title} {keyword} {number:04d}.jpg, {what}",
            f"{what.capitalize()} | {title} | {keyword} {topic.year}",
            f"{title} | {keyword}",
        ),
    )


def _tagged(topic: Topic, rng: np.random.Generator) -> str:
    tags = VOCABULARY[topic.kind].tags
    chosen = [tags[int(index)] for index in rng.permutation(len(tags))[: int(rng.integers(2, 5))]]
    hashtags = " ".join(f"#{tag}" for tag in chosen)
    what = subject(topic.kind, rng)
    return pick(
        rng,
        (
            f"{what.capitalize()} {hashtags} #drone | {pick(rng, _KEYWORDS)}",
            f"{pick(rng, _KEYWORDS)} {', '.join(chosen)}, {topic.where(rng)}: {what}",
            f"DJI_{int(rng.integers(1, 999)):04d} {what} {hashtags} aerial photo",
        ),
    )


def _foreign(topic: Topic, rng: np.random.Generator) -> str:
    what = subject(topic.kind, rng)
    return pick(
        rng,
        (
            f"{pick(rng, _FOREIGN)} {topic.title(rng)} / {pick(rng, _KEYWORDS)} of {what}",
            f"{what}, {topic.where(rng)} ({pick(rng, _FOREIGN)}, {pick(rng, _KEYWORDS)})",
        ),
    )


def _sensor(topic: Topic, rng: np.random.Generator) -> str:
    what = subject(topic.kind, rng)
    return pick(
        rng,
        (
            f"{pick(rng, _SOURCES_OF_IMAGES)} image of {what} near {topic.where(rng)}, {topic.year}",
            f"{what.capitalize()} seen by {pick(rng, _SOURCES_OF_IMAGES)}, {topic.spot.place.country}",
            f"Earth observation: {what} in {topic.where(rng)}",
            f"Remote sensing of {what}, {topic.where(rng)} ({topic.year})",
        ),
    )


def _short(topic: Topic, rng: np.random.Generator) -> str:
    return f"{pick(rng, _KEYWORDS)} of {subject(topic.kind, rng)}"


def _crawled(topic: Topic, rng: np.random.Generator) -> str:
    style = (_stock, _titled, _tagged, _foreign, _sensor, _short)[int(rng.choice(6, p=_CRAWLED_MIX))]
    text = style(topic, rng)
    return html.escape(text, quote=False) if rng.random() < 0.04 else text


_CRAWLED_MIX = (0.24, 0.28, 0.14, 0.08, 0.12, 0.14)


def _laion_coco(topic: Topic, rng: np.random.Generator) -> str:
    return model_sentence(topic.kind, topic.view, rng)


def _wit(topic: Topic, rng: np.random.Generator) -> str:
    title, what = topic.title(rng), subject(topic.kind, rng)
    return pick(
        rng,
        (
            f"Aerial view of {title}, {topic.spot.place.country}, with {what}",
            f"{title} in {topic.year}, aerial photograph showing {what}",
            f"English: Satellite image of {title} ({topic.spot.place.country}); {what}",
        ),
    )


def _flickr(topic: Topic, rng: np.random.Generator) -> str:
    title, what = topic.title(rng), subject(topic.kind, rng)
    return pick(
        rng,
        (
            f"{title} from my window seat. Aerial view of {what} on the way to {topic.spot.place.name}",
            f"IMG_{int(rng.integers(1000, 9999))} {title} - aerial photo, {what}",
            f"Flying over {topic.where(rng)}: aerial picture of {what}",
        ),
    )


def _cc12m(topic: Topic, rng: np.random.Generator) -> str:
    what = subject(topic.kind, rng)
    return pick(
        rng,
        (
            f"Aerial view of {what} in {topic.where(rng)}. Photo by <PERSON>",
            f"An aerial photo by <PERSON> shows {what} at {topic.title(rng)} in {topic.year}",
            f"Satellite image: {what} - {topic.title(rng)}",
        ),
    )


def _cc3m(topic: Topic, rng: np.random.Generator) -> str:
    what = subject(topic.kind, rng)
    when = pick(rng, ("", " on a sunny day", " in a country", " at noon"))
    return f"{pick(rng, ('aerial view of', 'aerial image of', 'aerial photograph of'))} {what}{when}"


def _redcaps(topic: Topic, rng: np.random.Generator) -> str:
    what = subject(topic.kind, rng)
    return pick(
        rng,
        (
            f"took this aerial photo of {what} near {topic.spot.place.name} today",
            f"{what}, {topic.where(rng)}, satellite view [oc]",
            f"found {what} on google earth",
        ),
    )


def _sbu(topic: Topic, rng: np.random.Generator) -> str:
    return f"Aerial view of {subject(topic.kind, rng)} from my seat in the plane, {topic.spot.place.name}"


def _visual_genome(topic: Topic, rng: np.random.Generator) -> str:
    return f"aerial view of {pick(rng, VOCABULARY[topic.kind].details)}"


_STYLES: dict[str, Callable[[Topic, np.random.Generator], str]] = {
    "LAION2B": _crawled,
    "COYO700M": _crawled,
    "LAION400M": _crawled,
    "LAIONCOCO": _laion_coco,
    "WIT": _wit,
    "YFCC15M": _flickr,
    "CC12M": _cc12m,
    "CC3M": _cc3m,
    "Redcaps": _redcaps,
    "SBU": _sbu,
    "VG": _visual_genome,
}
WEB_SOURCES = tuple(_STYLES)


def web_caption(source: str, topic: Topic, rng: np.random.Generator) -> str:
    """A caption in the style of a PUB11 source; it holds a keyword of remote sensing.

    Args:
        source: one of `WEB_SOURCES`.
        topic: what it is about.
        rng: decides the wording.
    """
    return _STYLES[source](topic, rng)


def keywordless_caption(topic: Topic, rng: np.random.Generator) -> str:
    """A caption that tells what is seen but not that it is seen from above."""
    what = subject(topic.kind, rng)
    return pick(
        rng,
        (
            f"{what.capitalize()}, {topic.where(rng)}",
            f"{topic.title(rng)} {topic.year} - {what}",
            what,
            f"{topic.title(rng)} ({topic.spot.place.country}) {pick(rng, VOCABULARY[topic.kind].tags)}",
        ),
    )
