"""One planned sample made concrete: its place and time, its caption, and the bytes of its image."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from indexer.demo import faults
from indexer.demo.acquisition import acquire, draw_scene
from indexer.demo.alt_text import Topic, keywordless_caption, web_caption
from indexer.demo.chance import stream
from indexer.demo.geo_sentences import Acquisition, ben_meta, fmow_meta, yfcc_meta
from indexer.demo.off_topic import off_topic_caption
from indexer.demo.plan import Planned
from indexer.demo.scenes import View, render, render_off_topic
from indexer.demo.sentences import model_sentence
from indexer.demo.vocabulary import VOCABULARY

_SCENE, _PIXELS, _CAPTION, _DAMAGE = range(10, 14)
_MAX_BEN_LABELS = 3


@dataclass(frozen=True, slots=True)
class Described:
    """All of a sample but its image.

    Attributes:
        planned: what it was planned to be.
        acquisition: place, time and geometry; None for an off-topic picture.
        caption: as the shard holds it.
        meta_caption: template sentences; None for sources that have none.
        url: where the web sample was published; None for RS3.
    """

    planned: Planned
    acquisition: Acquisition | None
    caption: str
    meta_caption: str | None
    url: str | None

    @property
    def caption_bytes(self) -> bytes:
        """UTF-8, except where an old web page's encoding is the sample's fault."""
        if self.planned.fault == faults.NOT_UTF8:
            return f"{self.caption} – photo aérienne".encode("cp1252", "replace")
        return self.caption.encode()


def describe(planned: Planned, seed: int) -> Described:
    """Place, time and caption of a sample; the same for the same plan and seed."""
    rng = stream(seed, _CAPTION, planned.index)
    url = _url(planned, rng)
    if planned.fault == faults.OFF_TOPIC:
        return Described(planned, None, off_topic_caption(planned.kind, rng), None, url)
    acquisition, view = _scene(planned, seed)
    topic = Topic(planned.kind, acquisition.spot, view, acquisition.taken_at.year)
    meta = _meta(planned, acquisition, rng)
    if planned.source in ("FMoW", "BigEarthNet"):
        return Described(planned, acquisition, f"{meta} {_generated(topic, rng)}", meta, url)
    if planned.source == "MillionAID":
        return Described(planned, acquisition, _generated(topic, rng), None, url)
    write = keywordless_caption(topic, rng) if planned.fault == faults.NO_KEYWORD else None
    return Described(planned, acquisition, write or web_caption(planned.source, topic, rng), meta, url)


def draw(planned: Planned, seed: int) -> bytes:
    """The sample's image file, its fault included; the same for the same plan and seed."""
    if planned.fault == faults.ZERO_BYTES:
        return b""
    pixels = stream(seed, _PIXELS, planned.picture)
    if planned.fault == faults.OFF_TOPIC:
        picture = render_off_topic(planned.kind, pixels)
    else:
        picture = render(planned.kind, pixels, _scene(planned, seed)[1]).image
    image = Image.fromarray(picture)
    damage = stream(seed, _DAMAGE, planned.index)
    if planned.fault == faults.NEAR_DUPLICATE:
        return faults.near_duplicate(image, damage)
    data = faults.encode_jpeg(image)
    return faults.truncate(data, damage) if planned.fault == faults.TRUNCATED else data


def _scene(planned: Planned, seed: int) -> tuple[Acquisition, View]:
    rng = stream(seed, _SCENE, planned.picture)
    bigearthnet = planned.source == "BigEarthNet"
    spot, view = draw_scene(planned.kind, rng, bigearthnet)
    if bigearthnet:  # Sentinel-2 pixels, chosen free of clouds
        view = replace(view, look="medium_resolution", cloud_cover=0.0)
    return acquire(spot, view, rng, bigearthnet), view


def _meta(planned: Planned, acquisition: Acquisition, rng: np.random.Generator) -> str | None:
    if planned.label is not None:
        return fmow_meta(acquisition, planned.label, rng)
    if planned.source == "BigEarthNet":
        labels = VOCABULARY[planned.kind].ben
        count = int(rng.integers(1, min(len(labels), _MAX_BEN_LABELS) + 1))
        return ben_meta(acquisition, labels[:count], rng)
    return yfcc_meta(acquisition, rng) if planned.source == "YFCC15M" else None


def _generated(topic: Topic, rng: np.random.Generator) -> str:
    return model_sentence(topic.kind, topic.view, rng)


def _url(planned: Planned, rng: np.random.Generator) -> str | None:
    """An address under a domain reserved for examples; some exact duplicates share their original's."""
    if planned.subset != "PUB11":
        return None
    shared = planned.fault == faults.EXACT_DUPLICATE and rng.random() < 0.5
    return f"https://images.example.org/{planned.picture if shared else planned.index:06d}.jpg"
