"""Query vectors as people ask: texts through the catalogue's encoder, and samples to find more like."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from app.encoding import QueryEncoder
from app.query.passing import Passing
from app.query.samples import fetch_rows
from indexer.catalogue import Catalogue

_WORDS = 6


class QuerySource:
    """Draws queries from the samples of a catalogue.

    Attributes:
        texts: whether there is an encoder for texts; without one, queries are samples only.
    """

    def __init__(self, catalogue: Catalogue, random: np.random.Generator) -> None:
        self._catalogue = catalogue
        self._random = random
        self._encoder = QueryEncoder(catalogue)
        self._encoder.start()

    def samples(self, within: Passing, count: int) -> NDArray[np.float32]:
        """Vectors of `count` samples drawn from `within`, float32 (count, d)."""
        return np.asarray(self._catalogue.vectors[self._drawn(within, count)], np.float32)

    def texts(self, within: Passing, count: int) -> NDArray[np.float32]:
        """Vectors of `count` texts that speak of samples in `within`, float32 (count, d).

        The class of a sample where it has one, and in turn some words of its caption in a row.

        Raises:
            UnavailableError: the catalogue's encoder cannot be used here.
        """
        rows = fetch_rows(self._catalogue, self._drawn(within, count).tolist())
        asked = [self._text(row["class"], row["caption"] or "", place) for place, row in enumerate(rows)]
        return np.stack([self._encoder.of_text(text) for text in asked])

    def _text(self, class_: str | None, caption: str, place: int) -> str:
        words = re.findall(r"[A-Za-z][A-Za-z'-]*", caption)
        if class_ and (place % 2 or not words):
            return class_.replace("_", " ")
        first = int(self._random.integers(0, max(1, len(words) - _WORDS + 1)))
        return " ".join(words[first : first + _WORDS]) or "aerial image"

    def _drawn(self, within: Passing, count: int) -> NDArray[np.int64]:
        ids = within.ids()
        return self._random.choice(ids, count, replace=len(ids) < count)
