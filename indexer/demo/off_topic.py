"""Captions of pictures that are no overhead scenes, with the words that let them through a keyword filter."""

from __future__ import annotations

import numpy as np

from indexer.demo.chance import pick

WORDS: dict[str, tuple[str, ...]] = {
    "portrait": (
        "portrait of a woman",
        "a smiling man",
        "a person looking at the camera",
        "face of a young man",
    ),
    "product": (
        "a coffee mug on a white background",
        "a product photo",
        "a bottle for sale",
        "a studio shot",
    ),
    "chart": ("a bar chart", "a diagram with axes", "statistics in a line graph", "an infographic"),
    "map": ("a street map", "a printed map with labels", "a political map", "a map drawing"),
    "text": ("a slide with text", "a poster with letters", "a quote on a coloured card", "a page of text"),
    "logo": ("a company logo", "a round logo", "a badge with letters", "an emblem"),
    "food": ("a plate of food", "a pizza on a table", "a bowl of soup", "breakfast on a plate"),
    "room": ("a living room", "an interior with a sofa", "a bedroom with a window", "a furnished room"),
    "sunset": ("a sunset over hills", "an evening sky", "a landscape at dusk", "sun above the horizon"),
    "flower": ("a flower close up", "a bouquet", "petals of a flower", "a garden flower"),
}
"""Off-topic kind -> what such a picture is called."""

# Such pairs pass RS5M's keyword filter: the keyword belongs to a product, a company, a course or a game.
_FALSE_POSITIVES = (
    "{what} - Satellite Image Gallery",
    "{what}, aerial photography drone giveaway",
    "{what} | Aerial View Restaurant and Bar",
    "{what} from our remote sensing course",
    "{what} (Google Earth fan art)",
    "{what}. Aerial View Records, limited edition",
    "satellite data plans: {what}",
    "{what} by the Landsat team",
)
_WITHOUT_KEYWORD = (
    "{what}",
    "{what} stock photo",
    "{what} #{number}",
    "photo {number}: {what}",
    "{what} - picture of the day",
)


def off_topic_caption(kind: str, rng: np.random.Generator, misleading: float = 0.5) -> str:
    """A caption of an off-topic picture.

    Args:
        kind: one of `WORDS`.
        rng: decides the wording.
        misleading: probability that it holds a keyword of remote sensing all the same.
    """
    forms = _FALSE_POSITIVES if rng.random() < misleading else _WITHOUT_KEYWORD
    return pick(rng, forms).format(what=pick(rng, WORDS[kind]), number=int(rng.integers(100, 99999)))
