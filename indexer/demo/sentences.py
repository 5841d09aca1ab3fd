"""Captions as a captioning model writes them: one plain lower-case sentence of what is seen from above."""

from __future__ import annotations

import numpy as np

from indexer.demo.chance import pick
from indexer.demo.scenes.view import View
from indexer.demo.vocabulary import VOCABULARY

_VIEWS = (
    "an aerial view of",
    "an aerial photo of",
    "an aerial image of",
    "an aerial photograph of",
    "a satellite image of",
    "a satellite view of",
    "a satellite photo of",
    "an overhead aerial view of",
    "a google earth image of",
    "a google earth view of",
    "aerial view of",
    "satellite image of",
)
_SHOWN = (
    "the aerial photo shows {what}",
    "this satellite image shows {what}",
    "{what} in a satellite image",
    "{what} seen in an aerial photograph",
    "a satellite picture with {what}",
    "{what} on google earth",
    "this is an aerial photo of {what}",
    "satellite imagery showing {what}",
    "{what} is visible in the aerial image",
)
_LINKS = ("with", "showing", "and")


def subject(kind: str, rng: np.random.Generator) -> str:
    """A noun phrase for the scene: its name, something in it, or both."""
    words = VOCABULARY[kind]
    form = rng.random()
    if form < 0.3:
        return pick(rng, words.names)
    if form < 0.6:
        return pick(rng, words.details)
    return f"{pick(rng, words.names)} {pick(rng, _LINKS)} {pick(rng, words.details)}"


def circumstances(view: View, rng: np.random.Generator) -> str:
    """What may truthfully be added about weather, season and sensor, or an empty string."""
    said = []
    if view.cloud_cover >= 0.12:
        said.append(pick(rng, ("under scattered clouds", "partly hidden by clouds", "on a cloudy day")))
    if view.snow:
        said.append(pick(rng, ("in the snow", "under snow", "on a winter day with snow")))
    if not view.snow and view.climate not in ("arid", "tropical"):
        said.append(pick(rng, (f"in {view.season}", f"during {view.season}")))
    if view.look == "hazy":
        said.append(pick(rng, ("in the haze", "on a hazy day")))
    if view.look == "film":
        said.append(pick(rng, ("on old film", "in a faded photograph")))
    return pick(rng, said) if said and rng.random() < 0.45 else ""


def model_sentence(kind: str, view: View, rng: np.random.Generator) -> str:
    """One sentence about a scene of `kind` as seen under `view`; always names a remote-sensing term."""
    what = subject(kind, rng)
    extra = circumstances(view, rng)
    what = f"{what} {extra}" if extra else what
    if rng.random() < 0.65:
        return f"{pick(rng, _VIEWS)} {what}"
    return pick(rng, _SHOWN).format(what=what)
