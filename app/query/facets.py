"""Counts beside each filter value: what picking it would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.query.filters import ANY_STAGE
from app.query.passing import cell_counts, in_cells
from app.query.query import Query
from indexer.catalogue import Catalogue
from indexer.catalogue.facets import FACETS, MISSING, Facet

LISTED = 200


class FacetValue(NamedTuple):
    """One value of a facet, the number of samples with it, and whether it is picked."""

    value: str
    samples: int
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of one facet; iterates over them.

    Attributes:
        name: URL parameter.
        label: heading.
        values: picked ones and the most frequent others, at most `LISTED`; months in order, others by count.
        more: values left out.
    """

    name: str
    label: str
    values: list[FacetValue]
    more: int

    def __iter__(self) -> Iterator[FacetValue]:
        return iter(self.values)


def facets(catalogue: Catalogue, query: Query) -> dict[str, FacetCounts]:
    """For each facet its values, counted under all filters but the facet's own."""
    counts = cell_counts(catalogue, query.filters)
    under_all = np.where(in_cells(catalogue, query.filters), counts, 0)
    filtered = dict(query.filters.required())
    found = {}
    for facet in FACETS:
        under = under_all
        if facet in filtered:
            under = np.where(in_cells(catalogue, query.filters, without=facet.name), counts, 0)
        picked = query.filters.picked(facet)
        largest, distinct = catalogue.cube.largest(facet.name, under, LISTED, (*picked, MISSING))
        found[facet.name] = _listed(facet, query, largest, distinct)
    return found


def _listed(facet: Facet, query: Query, counts: dict[str, int], distinct: int) -> FacetCounts:
    picked = query.filters.picked(facet)
    if facet.name == "stage" and ANY_STAGE in picked:
        counts[ANY_STAGE] = sum(counts.values())
    unknown = {value: 0 for value in picked if value not in counts}
    added = len(unknown) + (ANY_STAGE in counts)
    counts |= unknown
    by_count = sorted(
        counts, key=lambda value: (value not in picked, value == MISSING, -counts[value], value)
    )
    listed = sorted(by_count[:LISTED], key=lambda value: _order(facet, value, counts[value]))
    return FacetCounts(
        name=facet.name,
        label=facet.label,
        values=[FacetValue(value, counts[value], value in picked) for value in listed],
        more=distinct + added - len(listed),
    )


def _order(facet: Facet, value: str, number: int) -> tuple[bool, int, str]:
    if facet.name == "month" and value != MISSING:
        return False, int(value), value
    return value == MISSING, -number, value
