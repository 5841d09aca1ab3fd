"""A shard of the scale catalogue: drawn when it is read, from a generator of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from indexer.demo.chance import stream
from indexer.demo.geo_sentences import ben_meta, fmow_meta
from indexer.errors import UserError
from indexer.names import PUB11
from indexer.records import Fault, RawSample
from indexer.synth.captions import DRAWS, keywordless_caption, model_sentence, web_caption
from indexer.synth.plan import RS5M_ROWS, Slice, slices
from indexer.synth.scenes import Scenes, draw_scenes
from indexer.synth.space import DEFAULT_DIMENSION, VERSION, space
from indexer.synth.where import Where

NO_KEYWORD = 0.01
"""Share of PUB11's rows whose caption has no keyword."""
EMPTY = 236 / 5_244_251
"""Share of PUB11's rows with an empty file, as published: 236 invalid of 5,244,251 downloads."""
NAMES_A_PLACE = 880_354 / 3_007_809
"""Share of PUB11's captions that name a place, as published."""
HAS_POINT = 7_841 / 9_629
"""Share of YFCC's rows with coordinates, as published."""

_WORDS, _SCENES = 1, 2
_FORMS = {
    "FMoW": "fmow_{label}_{number}_0_rgb.jpg",
    "BigEarthNet": "ben_{number}.jpg",
    "MillionAID": "millionaid_P{number:07d}.jpg",
}
_WEB_FORM = "{source}_{block}_{number}.jpg"


@dataclass(frozen=True)
class SynthShard:
    """Some rows of a scale catalogue; `read` draws them, so they take no disk.

    Attributes:
        index: number of the shard.
        rows: which rows.
        dimension: length of their vectors.
        seed: of the catalogue.
    """

    index: int
    rows: Slice
    dimension: int
    seed: int

    kind = "synth"
    brings_vectors: ClassVar[Literal[True]] = True

    @property
    def name(self) -> str:
        """As RS5M names its shards, without a suffix: there is no file."""
        return f"{self.rows.subset.lower()}-{self.index:05d}"

    @property
    def fingerprint(self) -> str:
        """Hash of all that the rows follow from."""
        told = (VERSION, self.index, self.rows, self.dimension, self.seed)
        return hashlib.sha256(repr(told).encode()).hexdigest()

    @property
    def samples(self) -> int:
        """Number of rows."""
        return self.rows.count

    def read(self) -> Iterator[RawSample]:
        """Draw the rows, each with its vector."""
        drawn = draw_scenes(
            self.rows, space(self.dimension, self.seed), stream(self.seed, _SCENES, self.index)
        )
        rng = stream(self.seed, _WORDS, self.index)
        numbers = rng.integers(1 << 31, size=(self.rows.count, DRAWS)).tolist()
        chances = rng.random((self.rows.count, 3)).tolist()
        where = Where(self.rows.count, rng)
        for row in range(self.rows.count):
            yield self._sample(row, drawn, numbers[row], chances[row], where, rng)

    def _sample(
        self,
        row: int,
        drawn: Scenes,
        numbers: list[int],
        chances: list[float],
        where: Where,
        rng: np.random.Generator,
    ) -> RawSample:
        source, topic, label = drawn.names[drawn.source[row]], int(drawn.topic[row]), drawn.label[row]
        columns: dict[str, object] = {}
        if source == "FMoW":
            taken = where.acquisition(row, in_bigearthnet=False, rng=rng)
            caption = f"{fmow_meta(taken, str(label), rng)} {model_sentence(topic, None, numbers)}"
            columns = {"latitude": taken.spot.latitude, "longitude": taken.spot.longitude, "class": label}
        elif source == "BigEarthNet":
            taken = where.acquisition(row, in_bigearthnet=True, rng=rng)
            caption = f"{ben_meta(taken, [str(label)], rng)} {model_sentence(topic, None, numbers)}"
        elif source == "MillionAID":
            caption, columns = model_sentence(topic, None, numbers), {"class": label}
        else:
            caption, columns = _web(source, topic, row, numbers, chances, where)
        sample = RawSample(
            key=f"{self.name}/{row:05d}", name=_name(drawn, row, label), caption=caption, columns=columns
        )
        if self.rows.subset == PUB11:
            columns["url"] = _url(drawn, int(drawn.copy_of[row]) if drawn.same_url[row] else row)
            if chances[1] < EMPTY:
                sample.fault = Fault("zero_bytes", f"{sample.name} is an empty file.")
        if sample.fault is None:
            sample.vector = drawn.vectors[row]
        return sample


def _web(
    source: str, topic: int, row: int, numbers: list[int], chances: list[float], where: Where
) -> tuple[str, dict[str, object]]:
    """Caption and columns of a web row."""
    place = where.place(row)
    if chances[0] < NO_KEYWORD:
        return keywordless_caption(topic, place, numbers), {}
    if source == "YFCC15M" and chances[2] < HAS_POINT:
        latitude, longitude = where.point(row)
        columns: dict[str, object] = {
            "latitude": latitude,
            "longitude": longitude,
            "country": place.country,
        }
        return web_caption(topic, place, numbers), columns
    write = model_sentence if source == "LAIONCOCO" else web_caption
    if chances[0] < NO_KEYWORD + NAMES_A_PLACE:
        return write(topic, place, numbers), {"entities": [place.name]}
    return write(topic, None, numbers), {}


def _name(drawn: Scenes, row: int, label: str | None) -> str:
    source, number = drawn.names[drawn.source[row]], int(drawn.number[row])
    form = _FORMS.get(source, _WEB_FORM)
    return form.format(source=source.lower(), label=label, number=number, block=number % 128)


def _url(drawn: Scenes, row: int) -> str:
    """An address under a domain reserved for examples (RFC 2606)."""
    source, number = drawn.names[drawn.source[row]], int(drawn.number[row])
    return f"https://images{number % 31}.example.org/{source.lower()}/{number}.jpg"


def synth_shards(
    rows: int = RS5M_ROWS, dimension: int = DEFAULT_DIMENSION, seed: int = 0
) -> list[SynthShard]:
    """Plan a scale catalogue.

    Args:
        rows: image-text pairs in all.
        dimension: length of a vector.
        seed: everything drawn follows from the three.

    Raises:
        UserError: there are no rows.
    """
    if rows < 1:
        raise UserError(f"rows is {rows}.", "Give 1 or more.")
    return [SynthShard(index, cut, dimension, seed) for index, cut in enumerate(slices(rows))]
