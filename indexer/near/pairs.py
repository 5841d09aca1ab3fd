"""What a search for near-duplicates is asked, and what it finds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import UserError

_KIND = np.dtype([("first", "<i4"), ("second", "<i4"), ("cosine", "<f4")])


@dataclass(frozen=True, slots=True)
class NearQuery:
    """What is looked for.

    Attributes:
        ids: samples to compare with each other, int64 (n,), ascending.
        neighbours: of each sample as many of its nearest are looked at.
        floor: lowest cosine of a pair.
    """

    ids: NDArray[np.int64]
    neighbours: int
    floor: float

    @property
    def key(self) -> str:
        """Tells the query from others over the same vectors: 16 hexadecimal digits."""
        told = f"{self.neighbours} {self.floor:.6f}".encode()
        return hashlib.sha256(self.ids.astype("<i8").tobytes() + told).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class NearPairs:
    """Pairs of samples, each once, ordered by the first and then the second.

    Attributes:
        first: the smaller id, int64 (pairs,).
        second: the larger id, int64 (pairs,).
        cosine: float32 (pairs,).
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    cosine: NDArray[np.float32]

    @classmethod
    def of(
        cls, first: NDArray[np.int64], second: NDArray[np.int64], cosine: NDArray[np.float32]
    ) -> NearPairs:
        """Put pairs, given either way round and perhaps twice, in order."""
        low, high = np.minimum(first, second), np.maximum(first, second)
        order = np.lexsort((-cosine, high, low))
        low, high, cosine = low[order], high[order], cosine[order]
        once = np.ones(len(low), np.bool_)
        once[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
        return cls(low[once].astype(np.int64), high[once].astype(np.int64), cosine[once].astype(np.float32))

    def __len__(self) -> int:
        return len(self.first)

    def where(self, which: NDArray[np.bool_]) -> NearPairs:
        """The pairs that are marked in `which`, bool (pairs,)."""
        return NearPairs(self.first[which], self.second[which], self.cosine[which])

    def save(self, path: Path) -> None:
        """Write them to `path`: a structured array of `first` and `second` (int32) and `cosine` (float32)."""
        pairs = np.empty(len(self), _KIND)
        pairs["first"], pairs["second"], pairs["cosine"] = self.first, self.second, self.cosine
        with path.open("wb") as stream:
            np.save(stream, pairs, allow_pickle=False)

    @classmethod
    def load(cls, path: Path) -> NearPairs:
        """Read what `save` wrote.

        Raises:
            UserError: the file is missing or damaged.
        """
        try:
            pairs = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise UserError(f"{path} cannot be read: {error}.", "Build the catalogue again.") from None
        if pairs.dtype != _KIND or pairs.ndim != 1:
            raise UserError(f"{path} is damaged: {pairs.dtype}.", "Build the catalogue again.")
        return cls(
            pairs["first"].astype(np.int64),
            pairs["second"].astype(np.int64),
            pairs["cosine"].astype(np.float32),
        )
