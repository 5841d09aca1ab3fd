"""What each row of a shard shows, where, and of which other row it is a copy; all rows at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.demo.chance import stream
from indexer.encoders.base import Vectors, unit
from indexer.names import PUB11
from indexer.synth.plan import Slice, sources_of
from indexer.synth.space import Space

SAME_URL = 0.01
"""Share of PUB11's rows published at another row's URL."""
NEAR_DUPLICATE = 0.02
"""Share of rows whose picture is a changed copy of another's."""

_SHAPE = {"FMoW": 3.0, "BigEarthNet": 1.0, "MillionAID": 4.0}
_WEB_SHAPE = 2.0
_LABELS = (0.25, 0.25, 0.25, 0.15, 0.10)
_SCENE_SHAPE = 300.0
_MOST_SCENES = 1 << 32
_STYLE = 0.44
_AT_ONCE = 1024
_URL_STRENGTH, _NEAR_STRENGTH = (0.01, 0.06), (0.06, 0.2)
_STYLES, _WEB_ORDER = 100, 101


@dataclass(frozen=True, slots=True)
class Scenes:
    """Rows of one shard, each array (n,) or (n, d).

    Attributes:
        source: place in `names`.
        names: sources of the subset.
        number: of the row in its source.
        topic: place in `topics().all`; of a row with several labels, the first.
        label: class label, where the source has one.
        copy_of: row of the shard whose picture this is too; -1 for a picture of its own.
        same_url: whether it is published where that one is.
        vectors: float16 unit rows.
    """

    source: NDArray[np.int64]
    names: tuple[str, ...]
    number: NDArray[np.int64]
    topic: NDArray[np.int64]
    label: list[str | None]
    copy_of: NDArray[np.int64]
    same_url: NDArray[np.bool_]
    vectors: NDArray[np.float16]


def draw_scenes(rows: Slice, space: Space, rng: np.random.Generator) -> Scenes:
    """Draw what the rows of one shard show."""
    names = tuple(sources_of(rows.subset, rows.rows))
    source, number = rows.sources()
    copy_of, same_url = _copies(source, rows.subset, rng)
    labels = _draw_labels(source, names, space, rng)
    # A row of the web may be a copy of another source's; only rows of one source are copies with a class.
    origin = np.where(copy_of >= 0, copy_of, np.arange(len(source)))
    labels, look = labels[origin], source[origin]
    topic = labels[:, 0]
    vectors = _draw_vectors(labels, look, names, space, copy_of, same_url, rng)
    label = _names_of_labels(labels, source, names, space)
    return Scenes(source, names, number, topic, label, copy_of, same_url, vectors)


def _copies(
    source: NDArray[np.int64], subset: str, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Choose copies, and for each an original that is none: of any source for one URL, else of its own."""
    count = len(source)
    chance = rng.random(count)
    same_url = (chance < SAME_URL) if subset == PUB11 else np.zeros(count, bool)
    copies = same_url | ((chance >= SAME_URL) & (chance < SAME_URL + NEAR_DUPLICATE))
    copy_of = np.full(count, -1, np.int64)
    among = np.flatnonzero(~copies)
    if len(among) == 0:
        return copy_of, np.zeros(count, bool)
    copy_of[same_url] = rng.choice(among, int(same_url.sum()))
    for place in np.unique(source[copies]):
        wanted = np.flatnonzero(copies & ~same_url & (source == place))
        own = among[source[among] == place]
        if len(own):
            copy_of[wanted] = rng.choice(own, len(wanted))
    return copy_of, same_url


def _draw_labels(
    source: NDArray[np.int64], names: tuple[str, ...], space: Space, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Topics of every row, (n, 5): the first is always there, -1 where there are no more."""
    labels = np.full((len(source), len(_LABELS)), -1, np.int64)
    web = stream(space.seed, _WEB_ORDER).permutation(len(space.topics.all))
    tables = {
        "FMoW": list(space.topics.fmow.values()),
        "BigEarthNet": list(space.topics.bigearthnet.values()),
        "MillionAID": list(space.topics.millionaid.values()),
    }
    for place, name in enumerate(names):
        rows = np.flatnonzero(source == place)
        table = np.array(tables.get(name, web))
        several = len(_LABELS) if name == "BigEarthNet" else 1
        drawn = _zipf(len(table), _SHAPE.get(name, _WEB_SHAPE), (len(rows), several), rng)
        labels[rows[:, None], np.arange(several)] = table[drawn]
        if several > 1:
            labels[rows] = _distinct(labels[rows], rng)
    return labels


def _distinct(labels: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Keep one to five of each row's labels, none twice."""
    wanted = 1 + rng.choice(len(_LABELS), len(labels), p=_LABELS)
    kept = labels.copy()
    for column in range(1, labels.shape[1]):
        repeated = (labels[:, :column] == labels[:, column : column + 1]).any(axis=1)
        kept[repeated | (column >= wanted), column] = -1
    return kept


def _draw_vectors(
    labels: NDArray[np.int64],
    look: NDArray[np.int64],
    names: tuple[str, ...],
    space: Space,
    copy_of: NDArray[np.int64],
    same_url: NDArray[np.bool_],
    rng: np.random.Generator,
) -> NDArray[np.float16]:
    count = len(labels)
    vectors = np.empty((count, space.dimension), np.float16)
    scene = (_SCENE_SHAPE * (1 / (1 - rng.random(count)) - 1)).astype(np.int64) % _MOST_SCENES
    numbers = (scene + (labels[:, 0] << 33) + (look << 43)).astype(np.uint64)
    styles = np.stack([_style(space, name) for name in names])
    # A few rows at a time: they stay in the processor's cache.
    for start in range(0, count, _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        concepts = _concepts(labels[rows], space) + _STYLE * styles[look[rows]]
        vectors[rows] = space.images(unit(concepts), numbers[rows], rng)
    copies = np.flatnonzero(copy_of >= 0)
    low, high = (np.where(same_url[copies], a, b) for a, b in zip(_URL_STRENGTH, _NEAR_STRENGTH, strict=True))
    strength = rng.uniform(low, high).astype(np.float32)
    vectors[copies] = space.copies(vectors[copy_of[copies]].astype(np.float32), strength, rng)
    return vectors


def _concepts(labels: NDArray[np.int64], space: Space) -> Vectors:
    concepts = space.concepts[labels[:, 0]]
    for column in range(1, labels.shape[1]):
        rows = np.flatnonzero(labels[:, column] >= 0)
        if len(rows):
            concepts[rows] += space.concepts[labels[rows, column]]
    return unit(concepts)


def _style(space: Space, source: str) -> Vectors:
    """Direction that all pictures of a source share: its sensor, its compression, its framing."""
    first = int.from_bytes(source.encode()[:6], "big")
    style: Vectors = space.codebook[int(stream(space.seed, _STYLES, first).integers(len(space.codebook)))]
    return style


def _names_of_labels(
    labels: NDArray[np.int64], source: NDArray[np.int64], names: tuple[str, ...], space: Space
) -> list[str | None]:
    tables = {
        "FMoW": {topic: label for label, topic in space.topics.fmow.items()},
        "BigEarthNet": {topic: label for label, topic in space.topics.bigearthnet.items()},
        "MillionAID": {topic: label for label, topic in space.topics.millionaid.items()},
    }
    found: list[str | None] = []
    for place, row in zip(source.tolist(), labels.tolist(), strict=True):
        table = tables.get(names[place])
        found.append(", ".join(table[topic] for topic in row if topic >= 0) if table else None)
    return found


def _zipf(size: int, shape: float, wanted: tuple[int, int], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw ranks below `size`, the r-th with a chance proportional to 1 / (r + shape) (Zipf-Mandelbrot)."""
    weights = np.cumsum(1 / (np.arange(size) + shape))
    ranks: NDArray[np.int64] = np.searchsorted(weights, rng.random(wanted) * weights[-1], side="right")
    return ranks
