"""The encoder of a scale catalogue: it knows the words its vectors were drawn from, and no pictures.

NumPy only, so that a catalogue of `rs5m synth` answers text queries without torch.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image

from indexer.encoders.base import Pixels, Vectors
from indexer.errors import UserError
from indexer.synth.space import DEFAULT_DIMENSION, LEAST_DIMENSION, VERSION, Space, one, space
from indexer.synth.topics import telling_words, topics

_NAME = re.compile(r"synthetic(?:-(?P<dimension>\d{1,5})-(?P<seed>\d{1,18}))?")
_CODES_OF_A_WORD = 4


class SyntheticEncoder:
    """Puts a text near the pictures of the topics it names.

    Args:
        dimension: length of a vector, at least 16.
        seed: the catalogue's; vectors of two seeds do not compare.

    Raises:
        UserError: the dimension is too small.
    """

    image_size = 224

    def __init__(self, dimension: int = DEFAULT_DIMENSION, seed: int = 0) -> None:
        if dimension < LEAST_DIMENSION:
            raise UserError(f"The dimension {dimension} is too small.", f"Give {LEAST_DIMENSION} or more.")
        self.dimension = dimension
        self.seed = seed

    @classmethod
    def named(cls, name: str) -> SyntheticEncoder:
        """Return the encoder of a name such as `synthetic-512-0`: dimension, seed; `synthetic` is that one.

        Raises:
            UserError: the name is another.
        """
        match = _NAME.fullmatch(name)
        if match is None:
            raise UserError(f"There is no encoder {name}.", "Name it as synthetic-512-0: dimension, seed.")
        return cls(int(match["dimension"] or DEFAULT_DIMENSION), int(match["seed"] or 0))

    @property
    def name(self) -> str:
        """Dimension and seed included, so that a manifest is enough to open it again."""
        return f"synthetic-{self.dimension}-{self.seed}"

    @cached_property
    def weights_sha256(self) -> str:
        """Hex SHA-256 of what defines the vectors: version, dimension, seed and every topic's words."""
        words = [(topic.name, topic.kind, sorted(topic.words.items())) for topic in topics().all]
        return hashlib.sha256(repr((VERSION, self.dimension, self.seed, words)).encode()).hexdigest()

    def preprocess(self, image: Image.Image) -> Pixels:
        """Raise UserError: this encoder knows no pictures."""
        raise _no_pictures()

    def encode_images(self, batch: Pixels) -> Vectors:
        """Raise UserError: this encoder knows no pictures."""
        raise _no_pictures()

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts to float32 (n, dimension) unit vectors.

        Words of a topic lead to its concept, rare ones more than common ones. Every word also adds a little
        of a direction of its own, which is all that an unknown one does.
        """
        found = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            words = telling_words(text)
            found[row] = self._space.text(self._concept(words), self._own(words))
        return found

    def describe(self) -> dict[str, Any]:
        """What a manifest keeps of the encoder."""
        return {
            "name": self.name,
            "architecture": "drawn, not learnt",
            "checkpoint": None,
            "weights_sha256": self.weights_sha256,
            "dimension": self.dimension,
            "image_size": self.image_size,
        }

    @cached_property
    def _space(self) -> Space:
        return space(self.dimension, self.seed)

    @cached_property
    def _words(self) -> dict[str, Vectors]:
        """Word to (d,): the mean concept of its topics, as long as the word is telling."""
        of_topics = [topic.words for topic in topics().all]
        used = Counter(word for words in of_topics for word in words)
        sums: dict[str, Vectors] = {word: np.zeros(self.dimension, np.float32) for word in used}
        for concept, words in zip(self._space.concepts, of_topics, strict=True):
            for word, weight in words.items():
                # Squared, so that a topic named by the word counts far more than one whose prose has it.
                sums[word] += weight**2 * concept
        return {
            word: one(total) * np.float32(math.log(1 + len(of_topics) / used[word]))
            for word, total in sums.items()
        }

    def _concept(self, words: list[str]) -> Vectors:
        known = [self._words[word] for word in words if word in self._words]
        return one(np.sum([np.zeros(self.dimension, np.float32), *known], axis=0))

    def _own(self, words: list[str]) -> Vectors:
        codebook = self._space.codebook
        total = np.zeros(self.dimension, np.float32)
        for word in words:
            digest = hashlib.sha256(word.encode()).digest()
            for code in range(_CODES_OF_A_WORD):
                total += codebook[int.from_bytes(digest[4 * code : 4 * code + 4], "big") % len(codebook)]
        return one(total)


def _no_pictures() -> UserError:
    return UserError(
        "The encoder of a scale catalogue knows no pictures.",
        "Search by words, or by a sample of the catalogue.",
    )
