"""Which rows a scale catalogue has: RS5M's sources in RS5M's proportions, cut into shards."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.demo.quotas import PUBLISHED, quotas
from indexer.names import PUB11, RS3

RS5M_ROWS = sum(count for _, count in PUBLISHED.values())
SHARD_ROWS = 16_384
SUBSETS = (PUB11, RS3)
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of one subset that make a shard.

    Attributes:
        rows: of the whole catalogue; decides how many each source has.
        subset: PUB11 or RS3.
        first: first row, counted in the subset.
        count: number of rows.
    """

    rows: int
    subset: str
    first: int
    count: int

    def sources(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The source of every row, as a place in `sources_of(subset)`, and the row's number in that source.

        Sources take turns as evenly as they can: row i is dealt card i * step of the deck in which they lie
        one after the other, with a step near the golden section of its size that has no common divisor.
        """
        counts = np.array(list(sources_of(self.subset, self.rows).values()), np.int64)
        size = int(counts.sum())
        cards = np.arange(self.first, self.first + self.count, dtype=np.int64) * _step(size) % size
        ends = np.cumsum(counts)
        source = np.searchsorted(ends, cards, side="right").astype(np.int64)
        return source, cards - (ends - counts)[source]


def slices(rows: int) -> list[Slice]:
    """Cut a catalogue of `rows` into shards, PUB11 first as in RS5M."""
    cut = []
    for subset in SUBSETS:
        size = sum(sources_of(subset, rows).values())
        cut += [
            Slice(rows, subset, first, min(SHARD_ROWS, size - first)) for first in range(0, size, SHARD_ROWS)
        ]
    return cut


def sources_of(subset: str, rows: int) -> dict[str, int]:
    """Rows by source of a subset in a catalogue of `rows`: as published for RS5M's size, else like it."""
    published = {source: count for source, (_, count) in PUBLISHED.items()}
    counts = published if rows == RS5M_ROWS else quotas(rows)
    return {source: count for source, count in counts.items() if PUBLISHED[source][0] == subset}


def _step(size: int) -> int:
    step = max(1, round(size * _GOLDEN))
    while math.gcd(step, size) != 1:
        step += 1
    return step
