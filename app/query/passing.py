"""Filters turned into a bitmap of the samples that pass, and into counts."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from app.lru import LRU
from app.query.filters import ANY_STAGE, Filters
from app.query.located import located
from indexer.catalogue import KEPT, Catalogue

_CACHED_BYTES = 64_000_000
# Where fewer than one in so many pass, most bytes of a bitmap are empty and are passed over.
_SPARSE = 50
# Above one sample in so many all bits are unpacked, not only those of bytes that hold one.
_DENSE = 20


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
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
    def of_mask(cls, mask: NDArray[np.bool_]) -> Passing:
        """The samples where `mask`, bool (samples,), is true."""
        return cls.of_bits(len(mask), np.packbits(mask, bitorder="little"))

    @classmethod
    def of_ids(cls, samples: int, ids: NDArray[np.integer[Any]]) -> Passing:
        """The samples of `ids`, in any order."""
        mask = np.zeros(samples, dtype=np.bool_)
        mask[ids] = True
        return cls.of_mask(mask)

    def mask(self) -> NDArray[np.bool_]:
        """For each sample whether it passes, bool (samples,)."""
        return np.unpackbits(self.bitmap, count=self.samples, bitorder="little").view(np.bool_)

    def ids(self) -> NDArray[np.int64]:
        """The samples that pass, int64 (count,), ascending."""
        if self.count * _SPARSE > self.samples:
            return np.flatnonzero(self.mask())
        if self.count > self.samples // _DENSE:
            mask = np.unpackbits(self.bitmap, count=self.samples, bitorder="little").view(np.bool_)
            return np.flatnonzero(mask)
        held = np.flatnonzero(self.bitmap)
        rows, bits = np.unpackbits(self.bitmap[held, np.newaxis], axis=1, bitorder="little").nonzero()
        return held[rows] * 8 + bits

    def contains(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """For each of `ids` whether it passes."""
        bits: NDArray[np.uint8] = self.bitmap[ids >> 3] >> (ids & 7).astype(np.uint8) & np.uint8(1)
        return bits.view(np.bool_)

    def __and__(self, other: Passing) -> Passing:
        return Passing.of_bits(self.samples, self.bitmap & other.bitmap)


def passing(catalogue: Catalogue, filters: Filters) -> Passing:
    """The samples that pass `filters`."""
    return _passing(catalogue, _Key(filters, with_vector=False))


def passing_vectors(catalogue: Catalogue, filters: Filters) -> Passing:
    """The samples that pass `filters` and have an image vector."""
    everywhere = catalogue.manifest.vectors == catalogue.manifest.samples
    return _passing(catalogue, _Key(filters, with_vector=not everywhere))


def in_cells(catalogue: Catalogue, filters: Filters, without: str | None = None) -> NDArray[np.bool_]:
    """Which cells of the facet cube pass, bool (cells,); where samples are and the facet `without` are left
    aside.
    """
    cube = catalogue.cube
    passing = np.ones(len(cube.counts), np.bool_)
    for facet, values in filters.required(without):
        passing &= cube.holding(facet.name, values)
    return passing


def cell_counts(catalogue: Catalogue, filters: Filters) -> NDArray[np.int64]:
    """Samples in each cell of the facet cube, int64 (cells,), those elsewhere left out."""
    ids = located(catalogue, filters)
    return catalogue.cube.counts if ids is None else catalogue.cube.counts_of(ids)


def count(catalogue: Catalogue, filters: Filters) -> int:
    """Number of samples that pass `filters`."""
    return passing(catalogue, filters).count


def total(catalogue: Catalogue, filters: Filters) -> int:
    """Number of samples in the stage that `filters` asks for, its other conditions aside."""
    if filters.stage == ANY_STAGE:
        return catalogue.manifest.samples
    if filters.stage == KEPT:
        return catalogue.manifest.kept
    return count(catalogue, Filters(stage=filters.stage))


class _Key(NamedTuple):
    filters: Filters
    with_vector: bool


_EVERY_VECTOR = _Key(Filters(stage=ANY_STAGE), with_vector=True)


_caches: WeakKeyDictionary[Catalogue, LRU[_Key, Passing]] = WeakKeyDictionary()
_opening = Lock()


def _passing(catalogue: Catalogue, key: _Key) -> Passing:
    with _opening:
        cache = _caches.get(catalogue)
        if cache is None:
            cache = _caches[catalogue] = LRU(_CACHED_BYTES, lambda value: value.bitmap.nbytes)
    return cache.computed(key, lambda: _worked_out(catalogue, key))


def _worked_out(catalogue: Catalogue, key: _Key) -> Passing:
    if key == _EVERY_VECTOR:
        return _of_cells(catalogue, catalogue.cube.holding("has_vector", ["yes"]))
    # Two bitmaps are met in a tenth of the time that looking up every sample's cell takes.
    if key.with_vector:
        return passing(catalogue, key.filters) & _passing(catalogue, _EVERY_VECTOR)
    ids = located(catalogue, key.filters)
    if ids is not None:
        anywhere = passing(catalogue, key.filters.anywhere)
        return anywhere & Passing.of_ids(catalogue.manifest.samples, ids)
    return _of_cells(catalogue, in_cells(catalogue, key.filters))


def _of_cells(catalogue: Catalogue, cells: NDArray[np.bool_]) -> Passing:
    return Passing.of_mask(cells[catalogue.cube.cells])
