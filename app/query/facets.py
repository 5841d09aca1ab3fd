"""Counts beside each filter value: what picking it would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

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
    return {facet.name: _counts(catalogue, query, facet) for facet in FACETS}


def _counts(catalogue: Catalogue, query: Query, facet: Facet) -> FacetCounts:
    if query.filters.bbox:
        where, table, value, number = query.filters.where(facet.name), "samples", facet.sql, "count(*)"
    else:
        where, table = query.filters.where_counted(facet.name), "facet_counts"
        value, number = f'"{facet.name}"', "sum(count)"
    rows = (
        catalogue.connect()
        .execute(
            f"SELECT {value} AS value, {number} FROM {table} WHERE {where.sql} GROUP BY ALL",  # noqa: S608
            where.params,
        )
        .fetchall()
    )
    picked = query.filters.picked(facet)
    counts = {MISSING if value is None else str(value): int(number) for value, number in rows}
    counts |= {value: 0 for value in picked if value not in counts}
    by_count = sorted(
        counts, key=lambda value: (value not in picked, value == MISSING, -counts[value], value)
    )
    listed = sorted(by_count[:LISTED], key=lambda value: _order(facet, value, counts[value]))
    return FacetCounts(
        name=facet.name,
        label=facet.label,
        values=[FacetValue(value, counts[value], value in picked) for value in listed],
        more=len(counts) - len(listed),
    )


def _order(facet: Facet, value: str, number: int) -> tuple[bool, int, str]:
    if facet.name == "month" and value != MISSING:
        return False, int(value), value
    return value == MISSING, -number, value
