"""Groups of samples by rank: how many a few large ones hold, and how long the tail of small ones is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, get_args

import numpy as np

from app.query.filters import Filters, field_of
from app.query.geo import Zone
from app.query.passing import cell_counts, in_cells
from app.query.query import Query
from app.query.zones import Reading, ZoneCounts, zone_counts
from indexer.catalogue import Catalogue
from indexer.catalogue.facets import FACETS, MISSING

By = Literal["zone", "class", "source", "month", "country"]
BYS: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True)
class Group:
    """The samples of one group.

    Attributes:
        name: what they share: a facet's value, or a part of the UTM grid as `zone=` has it.
        samples: how many.
        values: values of the filter that select them, alternatives.
    """

    name: str
    samples: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LongTail:
    """All groups of a kind, the largest first.

    Attributes:
        by: what they are grouped by.
        matching: samples that pass the filters.
        groups: those with samples; equal ones by name.
        without: samples that are in none.
    """

    by: By
    matching: int
    groups: list[Group]
    without: int

    @property
    def grouped(self) -> int:
        """Samples that are in a group."""
        return self.matching - self.without

    @property
    def reached(self) -> list[int]:
        """For each rank the samples of all groups so far."""
        return list(accumulate(group.samples for group in self.groups))

    @property
    def half(self) -> int:
        """How many of the largest groups hold half of the samples that are in a group."""
        return sum(2 * held < self.grouped for held in self.reached) + 1 if self.groups else 0

    def url(self, query: Query, group: Group) -> str:
        """The gallery of a group's samples, under the filters of `query`."""
        if self.by == "zone":
            return query.with_(zone=tuple(map(Zone.parse, group.values))).url("/")
        return query.with_(**{_FIELDS[self.by]: group.values}).url("/")


_FIELDS = {facet.name: field_of(facet) for facet in FACETS}


def long_tail(
    catalogue: Catalogue,
    filters: Filters,
    by: By = "zone",
    reading: Reading = "hemisphere",
    zones: ZoneCounts | None = None,
) -> LongTail:
    """The samples that pass `filters`, grouped and ranked.

    Args:
        catalogue: whose samples they are.
        filters: what they pass.
        by: what to group by.
        reading: of UTM zones, as `zone_counts` has it.
        zones: they are counted already.
    """
    if by == "zone":
        counted = zones or zone_counts(catalogue, filters, reading)
        groups = [
            Group(str(part.zone), part.samples, tuple(map(str, part.filters))) for part in counted.parts
        ]
        return LongTail(by, counted.matching, _ranked(groups), counted.without)
    counts = np.where(in_cells(catalogue, filters), cell_counts(catalogue, filters), 0)
    totals = catalogue.cube.totals(by, counts)
    without = totals.pop(MISSING, 0)
    found = _ranked(Group(value, samples, (value,)) for value, samples in totals.items())
    return LongTail(by, sum(totals.values()) + without, found, without)


def _ranked(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group.samples, group.name))
