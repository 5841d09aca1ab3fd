"""What a search for near-duplicates is asked, and what it finds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import UserError
from indexer.near.agreement import MEASURE

_KIND = np.dtype([("first", "<i4"), ("second", "<i4"), ("cosine", "<f4"), ("agreement", "<f4")])


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
        """Tells this search, and how it compares pictures, from others over the same vectors: 16 digits."""
        told = f"{self.neighbours} {self.floor:.6f} {MEASURE}".encode()
        return hashlib.sha256(self.ids.astype("<i8").tobytes() + told).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class NearPairs:
    """Pairs of samples, each once, ordered by the first and then the second.

    Attributes:
        first: the smaller id, int64 (pairs,).
        second: the larger id, int64 (pairs,).
        cosine: of the vectors, float32 (pairs,).
        agreement: of the pictures, float32 (pairs,), as `indexer.near.agreement` measures it; NaN where that
            was not done.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    cosine: NDArray[np.float32]
    agreement: NDArray[np.float32]

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
        number = int(once.sum())
        return cls(
            low[once].astype(np.int64),
            high[once].astype(np.int64),
            cosine[once].astype(np.float32),
            np.full(number, np.nan, np.float32),
        )

    def __len__(self) -> int:
        return len(self.first)

    def where(self, which: NDArray[np.bool_]) -> NearPairs:
        """The pairs that are marked in `which`, bool (pairs,)."""
        return NearPairs(self.first[which], self.second[which], self.cosine[which], self.agreement[which])

    def agreeing(self, agreement: NDArray[np.float32]) -> NearPairs:
        """The same pairs with what was measured of their pictures, (pairs,)."""
        return replace(self, agreement=agreement)

    def save(self, path: Path) -> None:
        """Write them to `path`: an array of `first` and `second` (int32), `cosine` and `agreement`."""
        pairs = np.empty(len(self), _KIND)
        for name in _KIND.names or ():
            pairs[name] = getattr(self, name)
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
            pairs["agreement"].astype(np.float32),
        )
