"""Pairs for training the embedded encoder: pictures with captions in every style, and no faults."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.demo.acquisition import draw_scene
from indexer.demo.alt_text import WEB_SOURCES, Topic, keywordless_caption, web_caption
from indexer.demo.chance import pick
from indexer.demo.off_topic import off_topic_caption
from indexer.demo.scenes import OFF_TOPIC, render, render_off_topic
from indexer.demo.sentences import model_sentence

_STYLES = ("model", "web", "bare")
_STYLE_MIX = (0.45, 0.3, 0.25)


def training_sample(kind: str, rng: np.random.Generator) -> tuple[NDArray[np.uint8], str, str]:
    """Draw one picture with its caption.

    Args:
        kind: a name in `SCENES` or `OFF_TOPIC`.
        rng: decides picture and wording.

    Returns:
        The image, uint8 (256, 256, 3); a caption that says what is seen; `kind`.

    Raises:
        KeyError: there is no such kind.
    """
    if kind in OFF_TOPIC:
        return render_off_topic(kind, rng), off_topic_caption(kind, rng), kind
    spot, view = draw_scene(kind, rng)
    topic = Topic(kind, spot, view, int(rng.integers(2009, 2018)))
    return render(kind, rng, view).image, _caption(topic, rng), kind


def _caption(topic: Topic, rng: np.random.Generator) -> str:
    style = str(rng.choice(_STYLES, p=_STYLE_MIX))
    if style == "model":
        return model_sentence(topic.kind, topic.view, rng)
    if style == "web":
        return web_caption(pick(rng, WEB_SOURCES), topic, rng)
    return keywordless_caption(topic, rng)
