"""Filters turned into a bitmap of the samples that pass, and into counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from app.lru import LRU
from app.query.filters import ANY_STAGE, Filters, Where
from indexer.catalogue import KEPT, Catalogue

_CACHED_BYTES = 64_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Passing:
    """Some of a catalogue's samples.

    Attributes:
        samples: how many the catalogue has.
        count: how many of them pass.
        bitmap: one bit a sample, set where it passes: uint8 (ceil(samples / 8),), the first sample in the
            lowest bit, as FAISS reads it; bits beyond the last sample are clear. Not to be written to.
    """

    samples: int
    count: int
    bitmap: NDArray[np.uint8]

    @classmethod
    def of_bits(cls, samples: int, bitmap: NDArray[np.uint8]) -> Passing:
        """The samples whose bits are set."""
        bitmap.setflags(write=False)
        return cls(samples, int(np.bitwise_count(bitmap).sum(dtype=np.int64)), bitmap)

    @classmethod
    def of_ids(cls, samples: int, ids: NDArray[np.integer[Any]]) -> Passing:
        """The samples of `ids`, in any order."""
        mask = np.zeros(samples, dtype=np.bool_)
        mask[ids] = True
        return cls.of_bits(samples, np.packbits(mask, bitorder="little"))

    def ids(self) -> NDArray[np.int64]:
        """The samples that pass, int64 (count,), ascending."""
        bits = np.unpackbits(self.bitmap, count=self.samples, bitorder="little")
        return np.flatnonzero(bits.view(np.bool_)).astype(np.int64, copy=False)

    def contains(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """For each of `ids` whether it passes."""
        bits: NDArray[np.uint8] = self.bitmap[ids >> 3] >> (ids & 7).astype(np.uint8) & np.uint8(1)
        return bits.view(np.bool_)

    def __and__(self, other: Passing) -> Passing:
        return Passing.of_bits(self.samples, self.bitmap & other.bitmap)


def passing(catalogue: Catalogue, filters: Filters) -> Passing:
    """The samples that pass `filters`."""
    return _remembered(catalogue, filters, lambda: _where(catalogue, filters.where()))


def passing_vectors(catalogue: Catalogue, filters: Filters) -> Passing:
    """The samples that pass `filters` and have an image vector."""
    within = passing(catalogue, filters)
    if catalogue.manifest.vectors == catalogue.manifest.samples:
        return within
    return within & _remembered(catalogue, None, lambda: _where(catalogue, Where("has_vector", ())))


def count(catalogue: Catalogue, filters: Filters) -> int:
    """Number of samples that pass `filters`."""
    if filters.bbox:
        return passing(catalogue, filters).count
    where = filters.where_counted()
    row = (
        catalogue.connect()
        .execute(f"SELECT coalesce(sum(count), 0) FROM facet_counts WHERE {where.sql}", where.params)  # noqa: S608
        .fetchone()
    )
    return int(row[0]) if row else 0


def total(catalogue: Catalogue, filters: Filters) -> int:
    """Number of samples in the stage that `filters` asks for, its other conditions aside."""
    if filters.stage == ANY_STAGE:
        return catalogue.manifest.samples
    if filters.stage == KEPT:
        return catalogue.manifest.kept
    return count(catalogue, Filters(stage=filters.stage))


def _where(catalogue: Catalogue, where: Where) -> Passing:
    rows = catalogue.connect().execute(f"SELECT id FROM samples WHERE {where.sql}", where.params)  # noqa: S608
    return Passing.of_ids(catalogue.manifest.samples, rows.fetchnumpy()["id"])


_caches: WeakKeyDictionary[Catalogue, LRU[Filters | None, Passing]] = WeakKeyDictionary()
_opening = Lock()


def _remembered(catalogue: Catalogue, key: Filters | None, compute: Callable[[], Passing]) -> Passing:
    with _opening:
        cache = _caches.get(catalogue)
        if cache is None:
            cache = _caches[catalogue] = LRU(_CACHED_BYTES, lambda value: value.bitmap.nbytes)
    return cache.computed(key, compute)
