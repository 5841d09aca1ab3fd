"""The pictures and words the embedded encoder is trained and examined on: demo scenes, from any seed."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexer.demo.acquisition import acquire, draw_scene
from indexer.demo.chance import pick, stream
from indexer.demo.geo_sentences import ben_meta, fmow_meta
from indexer.demo.scenes import OFF_TOPIC, SCENES
from indexer.demo.training import training_sample
from indexer.demo.vocabulary import VOCABULARY
from indexer.encoders.base import Pixels
from indexer.encoders.preprocess import square

# Scenes first, so that a kind's number says whether it is one.
KINDS: tuple[str, ...] = (*SCENES, *OFF_TOPIC)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pictures with captions and kinds.

    Attributes:
        images: uint8 (n, side, side, 3).
        captions: n texts.
        kinds: n numbers into `KINDS`.
    """

    images: Pixels
    captions: list[str]
    kinds: NDArray[np.int64]

    @property
    def are_scenes(self) -> NDArray[np.bool_]:
        """Whether each picture is an overhead scene rather than off-topic."""
        return self.kinds < len(SCENES)

    def save(self, path: Path) -> None:
        """Write an uncompressed npz, with the kinds by name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        names = np.array(KINDS)[self.kinds]
        np.savez(path, images=self.images, captions=np.array(self.captions), kinds=names)

    @classmethod
    def load(cls, path: Path) -> Pairs:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            kinds = np.array([KINDS.index(name) for name in arrays["kinds"].tolist()], np.int64)
            return cls(arrays["images"], arrays["captions"].tolist(), kinds)


def draw_pairs(
    seed: int, per_kind: int, per_off_topic: int, side: int, workers: int = 1
) -> Iterator[tuple[Pixels, str, int]]:
    """Draw pairs of every kind, one kind after the other.

    Args:
        seed: pair number i of a kind depends on the seed, the kind and i alone.
        per_kind: pictures of each kind of scene.
        per_off_topic: pictures of each off-topic kind.
        side: of the pictures in pixels.
        workers: processes that draw.

    Yields:
        The picture, uint8 (side, side, 3); its caption; the number of its kind in `KINDS`.
    """
    counts = [per_kind] * len(SCENES) + [per_off_topic] * len(OFF_TOPIC)
    jobs = [(seed, kind, place, side) for kind, count in enumerate(counts) for place in range(count)]
    if workers == 1:
        yield from map(_draw, jobs)
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(_draw, jobs, chunksize=16)


def collect(drawn: Iterator[tuple[Pixels, str, int]]) -> Pairs:
    """Gather drawn pairs into arrays."""
    images, captions, kinds = zip(*drawn, strict=True)
    return Pairs(np.stack(images), list(captions), np.array(kinds, np.int64))


def _draw(job: tuple[int, int, int, int]) -> tuple[Pixels, str, int]:
    seed, number, place, side = job
    # Named by the kind's name, so that a new kind leaves the pictures of the others as they were.
    rng = stream(seed, crc32(KINDS[number].encode()), place)
    picture, caption, kind = training_sample(KINDS[number], rng)
    if rng.random() < 0.12:
        caption = f"{_metadata(kind, rng)} {caption}".strip()
    return square(Image.fromarray(picture), side), caption, number


def _metadata(kind: str, rng: np.random.Generator) -> str:
    """Sentences as RS3 captions begin with, so that the words after them are found all the same."""
    words = VOCABULARY.get(kind)
    if words is None or not (words.fmow or words.ben):
        return ""
    taken = acquire(*draw_scene(kind, rng), rng)
    return fmow_meta(taken, pick(rng, words.fmow), rng) if words.fmow else ben_meta(taken, words.ben, rng)
