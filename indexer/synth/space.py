"""The space of the scale catalogue's vectors: what makes them hard or easy to search as real ones are.

Vectors of a CLIP model are not spread evenly over the sphere, and an index that is measured on even ones is
measured wrongly. So a picture's vector is a sum of directions of unit length, weighted so that the squared
weights sum to 1 and are the cosines that pictures have in common (before chance correlations):

| direction                                   | square of weight | two pictures share it if            |
|---------------------------------------------|------------------|-------------------------------------|
| mean of all pictures                        | 0.45             | always: random pairs lie near 0.45  |
| concept of the topic                        | 0.19             | of one class: near 0.64             |
| prototype of the scene                      | 0.22             | of one scene: near 0.86             |
| noise, half coloured and half white         | 0.14             | one is a copy of the other: > 0.97  |

Concepts, prototypes and coloured noise are drawn with a decaying spectrum: the variance along the k-th axis
of a random basis is proportional to k^-0.8, as in the covariance of real embeddings, so that few axes carry
most of it and classes are more or less akin. A class beside a scene of the demo world (`stadium` of FMoW and
of the demo) shares most of its concept. A prototype is a sum of four entries of one codebook, so that the
number of scenes is not bounded by a table; sizes of scenes fall off as a Zipf-Mandelbrot law.

A text's vector has another mean, at cosine 0.25 to the pictures' (the "modality gap", Liang et al., NeurIPS
2022), the concepts of its words, and a part of its own. It thus lies near no picture: at a cosine of about
0.15 to any, and of about 0.3 to those of its topic, as CLIP's do.

All of it follows from a seed and the dimension.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.demo.chance import stream
from indexer.encoders.base import Vectors, unit
from indexer.synth.topics import Topics, topics

VERSION = 1
DEFAULT_DIMENSION = 512
LEAST_DIMENSION = 16

_MEAN, _TOPIC, _SCENE, _NOISE = (float(np.sqrt(share)) for share in (0.45, 0.19, 0.22, 0.14))
_TEXT_MEAN, _TEXT_TOPIC, _TEXT_OWN = (float(np.sqrt(share)) for share in (0.72, 0.17, 0.11))
_GAP = 0.25
_KINSHIP = 0.7
_DECAY = 0.8
_CODEBOOK = 4096
_CODES = 4
_AXES, _MEANS, _CONCEPTS, _CODES_DRAWN = range(4)


class Space:
    """Directions of one space.

    Args:
        dimension: length of a vector.
        seed: everything follows from it.

    Attributes:
        topics: what there is to see.
        concepts: float32 (len(topics.all), d) unit rows.
        codebook: float32 (4096, d) unit rows, of which prototypes and noise are made.
    """

    def __init__(self, dimension: int = DEFAULT_DIMENSION, seed: int = 0) -> None:
        self.dimension = dimension
        self.seed = seed
        self.topics: Topics = topics()
        self._axes = self._draw_axes()
        self._image_mean, self._text_mean = self._draw_means()
        self.concepts = self._draw_concepts()
        self.codebook = self._coloured(stream(seed, _CODES_DRAWN), _CODEBOOK)

    def images(
        self,
        concepts: Vectors,
        scenes: NDArray[np.uint64],
        rng: np.random.Generator,
    ) -> Vectors:
        """Draw pictures.

        Args:
            concepts: (n, d) unit rows, what each shows.
            scenes: (n,) numbers; equal ones are one scene.
            rng: decides the noise.

        Returns:
            float32 (n, d) unit rows.
        """
        drawn = _MEAN * self._image_mean + _TOPIC * concepts
        drawn += _SCENE * self._prototypes(scenes)
        drawn += _NOISE * self._noise(len(scenes), rng)
        return unit(drawn)

    def copies(self, originals: Vectors, strength: NDArray[np.float32], rng: np.random.Generator) -> Vectors:
        """Draw pictures that are copies of others.

        Args:
            originals: (n, d) unit rows.
            strength: (n,) length of what is added; the cosine becomes 1 / sqrt(1 + strength²).
            rng: decides what is added.

        Returns:
            float32 (n, d) unit rows.
        """
        return unit(originals + strength[:, None] * self._white(len(originals), rng))

    def text(self, concept: Vectors, own: Vectors) -> Vectors:
        """Put a text's parts together: both (d,), of length 1 or, for a text that says nothing, 0."""
        mixed = _TEXT_MEAN * self._text_mean + _TEXT_TOPIC * concept + _TEXT_OWN * own
        return one(mixed)

    def _prototypes(self, scenes: NDArray[np.uint64]) -> Vectors:
        numbers = mix(scenes)
        found = np.zeros((len(scenes), self.dimension), np.float32)
        for code in range(_CODES):
            found += self.codebook[(numbers >> np.uint64(12 * code)) % np.uint64(_CODEBOOK)]
        return unit(found)

    def _noise(self, count: int, rng: np.random.Generator) -> Vectors:
        coloured = np.zeros((count, self.dimension), np.float32)
        for _ in range(_CODES):
            weights = rng.standard_normal((count, 1), dtype=np.float32)
            coloured += weights * self.codebook[rng.integers(_CODEBOOK, size=count)]
        share = np.float32(np.sqrt(0.5))
        return share * (coloured / np.float32(np.sqrt(_CODES)) + self._white(count, rng))

    def _white(self, count: int, rng: np.random.Generator) -> Vectors:
        """Draw (n, d) rows of expected length 1."""
        drawn = rng.standard_normal((count, self.dimension), dtype=np.float32)
        drawn *= np.float32(1 / np.sqrt(self.dimension))
        return drawn

    def _draw_axes(self) -> Vectors:
        """Return (d, d): a random orthogonal basis, its k-th row scaled to the spectrum."""
        drawn = stream(self.seed, _AXES).standard_normal((self.dimension, self.dimension))
        basis, _ = np.linalg.qr(drawn)
        scale = np.arange(1, self.dimension + 1) ** (-_DECAY / 2)
        axes: Vectors = (basis.T * scale[:, None]).astype(np.float32)
        return axes

    def _draw_means(self) -> tuple[Vectors, Vectors]:
        first, second = np.linalg.qr(stream(self.seed, _MEANS).standard_normal((self.dimension, 2)))[0].T
        second = _GAP * first + np.sqrt(1 - _GAP**2) * second
        return first.astype(np.float32), second.astype(np.float32)

    def _draw_concepts(self) -> Vectors:
        rng = stream(self.seed, _CONCEPTS)
        all_topics = self.topics.all
        kinds = sorted({topic.kind for topic in all_topics if topic.kind})
        of_kind = dict(zip(kinds, self._coloured(rng, len(kinds)), strict=True))
        own = self._coloured(rng, len(all_topics))
        for place, topic in enumerate(all_topics):
            if topic.kind:
                own[place] = np.sqrt(_KINSHIP) * of_kind[topic.kind] + np.sqrt(1 - _KINSHIP) * own[place]
        return unit(own)

    def _coloured(self, rng: np.random.Generator, count: int) -> Vectors:
        """Draw (n, d) unit rows with the decaying spectrum, at right angles to both means."""
        drawn = rng.standard_normal((count, self.dimension), dtype=np.float32) @ self._axes
        across = one(self._text_mean - _GAP * self._image_mean)
        for mean in (self._image_mean, across):
            drawn -= np.outer(drawn @ mean, mean)
        return unit(drawn)


def one(vector: Vectors) -> Vectors:
    """Scale one vector (d,) to length 1; zeros stay zeros."""
    scaled: Vectors = unit(vector[None])[0]
    return scaled


def mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble numbers so that every bit depends on all (the finaliser of SplitMix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


@lru_cache(maxsize=2)
def space(dimension: int, seed: int) -> Space:
    """Return the space of that dimension and seed; it takes 20 MB and a moment, so it is held."""
    return Space(dimension, seed)
