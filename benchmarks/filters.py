"""Filters that pass a given share of a catalogue: drawn at random, and such as correlate with queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from app.query import BBox, Filters
from app.query.passing import Passing, passing_vectors
from benchmarks.asked import city
from indexer.catalogue import Catalogue
from indexer.errors import UserError

SHARES = (0.5, 0.1, 0.01, 0.001, 0.0001)
# A facet has the values it has: one within this factor of the share asked for will do.
_NEAR = 3.2
_BLOCK = 1 << 15
# BigEarthNet writes all labels of a patch as one class.
_SHOWN = 30


@dataclass(frozen=True)
class Narrowed:
    """A filter.

    Attributes:
        name: what tables call it.
        passing: the samples that pass and have a vector.
        milliseconds: time DuckDB took to find them; None where no DuckDB is asked.
    """

    name: str
    passing: Passing
    milliseconds: float | None = None


def no_filter(catalogue: Catalogue) -> Narrowed:
    """Everything that a search without a filter searches."""
    return _asked(catalogue, "none", Filters())


def random_filters(within: Passing, random: np.random.Generator) -> Iterator[Narrowed]:
    """Of the samples in `within`, each of `SHARES` drawn at random."""
    ids = within.ids()
    for share in SHARES:
        if (count := round(share * len(ids))) >= 1:
            drawn = random.choice(ids, count, replace=False)
            yield Narrowed(f"random {share:.2%}", Passing.of_ids(within.samples, drawn))


def facet_filters(catalogue: Catalogue, facet: str) -> Iterator[Narrowed]:
    """For each of `SHARES` the value of a facet that passes nearest to it, if one comes near."""
    rows = (
        catalogue.connect()
        .execute(
            f"""
            SELECT "{facet}", sum(count) FROM facet_counts
            WHERE stage = 'kept' AND has_vector AND "{facet}" IS NOT NULL GROUP BY ALL ORDER BY 2, 1
            """  # noqa: S608
        )
        .fetchall()
    )
    left = {str(value): int(number) for value, number in rows}
    for share in SHARES:
        off = {
            value: abs(np.log(number / (share * catalogue.manifest.kept))) for value, number in left.items()
        }
        if off and min(off.values()) <= np.log(_NEAR):
            value = min(off, key=lambda name: off[name])
            del left[value]
            yield _asked(catalogue, f"{facet}={value[:_SHOWN]}", Filters.from_params({facet: [value]}))


def box_filters(catalogue: Catalogue) -> Iterator[Narrowed]:
    """Boxes around the place with most samples, as wide as it takes to pass each of `SHARES`."""
    try:
        middle = city(catalogue)
    except UserError:
        return
    columns = (
        catalogue.connect()
        .execute(
            """
            SELECT longitude, latitude FROM samples
            WHERE latitude IS NOT NULL AND longitude IS NOT NULL AND stage = 'kept' AND has_vector
            """
        )
        .fetchnumpy()
    )
    west, south = (middle.west + middle.east) / 2, (middle.south + middle.north) / 2
    away = np.sort(
        np.maximum(np.abs(columns["longitude"] - west), np.abs(columns["latitude"] - south)).astype(
            np.float64
        )
    )
    for share in SHARES:
        count = round(share * catalogue.manifest.kept)
        if 1 <= count <= len(away):
            half = float(away[count - 1])
            box = BBox(
                max(-180.0, west - half), max(-90.0, south - half), min(180.0, west + half), south + half
            )
            yield _asked(catalogue, f"box of {2 * half:.2g} degrees", Filters(bbox=box))


def cluster_filters(
    vectors: NDArray[np.float16], within: Passing, random: np.random.Generator
) -> Iterator[Narrowed]:
    """For each of `SHARES` the samples nearest to one drawn at random: few lists of an index hold them."""
    ids = within.ids()
    for share in SHARES:
        if (count := round(share * len(ids))) >= 1:
            nearest = around(vectors, ids, int(random.choice(ids)), count)
            yield Narrowed(f"cluster {share:.2%}", Passing.of_ids(within.samples, nearest))


def around(
    vectors: NDArray[np.float16], ids: NDArray[np.int64], centre: int, count: int
) -> NDArray[np.int64]:
    """The `count` of `ids` whose vectors are nearest to that of `centre`, in no order, int64 (count,)."""
    query = np.asarray(vectors[centre], np.float32)
    scores = np.empty(len(ids), np.float32)
    for first in range(0, len(ids), _BLOCK):
        block = np.asarray(vectors[ids[first : first + _BLOCK]], np.float32)
        scores[first : first + _BLOCK] = block @ query
    return ids[np.argpartition(scores, len(ids) - count)[len(ids) - count :]]


def _asked(catalogue: Catalogue, name: str, filters: Filters) -> Narrowed:
    start = perf_counter()
    passing = passing_vectors(catalogue, filters)
    return Narrowed(name, passing, (perf_counter() - start) * 1000)
