"""The facet cube: the samples that share the value of every facet are one cell, counted once.

There are thousands of cells where a catalogue has millions of samples, so that counting under any picked
facets is adding up few numbers; and the cell of each sample, kept in a file, turns picked cells into the
samples in them without a look at any column.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from indexer.catalogue.arrays import open_integers
from indexer.catalogue.facets import FACETS, MISSING
from indexer.catalogue.layout import FACET_CELLS
from indexer.catalogue.schema import Column

# Beside the facets, what is told of every answer: how many have a place, how many a vector.
_VALUES = {facet.name: facet.sql for facet in FACETS} | {
    "geo_tier": "geo_tier",
    "has_vector": "CASE WHEN has_vector THEN 'yes' ELSE 'no' END",
}

FACET_COUNT_COLUMNS: tuple[Column, ...] = (
    Column("cell", pa.int32(), "number of the cell, dense from 0"),
    *(Column(facet.name, pa.string(), f"value of the facet {facet.label}") for facet in FACETS),
    Column("geo_tier", pa.string(), "as in `samples`"),
    Column("has_vector", pa.string(), "yes or no"),
    Column("count", pa.int64(), "number of samples with these values"),
)


def write_facet_counts(connection: duckdb.DuckDBPyConnection) -> None:
    """Count `samples` into the empty table `facet_counts`."""
    names = ", ".join(f'"{name}"' for name in _VALUES)
    connection.execute(
        f"""
        INSERT INTO facet_counts
        SELECT row_number() OVER (ORDER BY {names}) - 1 AS cell, * FROM (
            SELECT {_select()}, count(*) FROM samples GROUP BY ALL
        ) ORDER BY cell
        """  # noqa: S608 - the facets are this package's own
    )


def write_facet_cells(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the cell of each of `samples`, int32 (samples,), into `folder`."""
    same = " AND ".join(f'cells."{name}" IS NOT DISTINCT FROM described."{name}"' for name in _VALUES)
    found = connection.execute(
        f"""
        SELECT id, cell FROM (SELECT id, {_select()} FROM samples) AS described
        JOIN facet_counts AS cells ON {same}
        """  # noqa: S608
    ).fetchnumpy()
    numbers = np.empty(len(found["id"]), np.int32)
    numbers[found["id"]] = found["cell"]
    np.save(folder / FACET_CELLS, numbers, allow_pickle=False)


def _select() -> str:
    return ", ".join(f'{sql} AS "{name}"' for name, sql in _VALUES.items())


class Cube:
    """The facet cube of one catalogue.

    Args:
        folder: of the catalogue.
        connection: its database.
        samples: how many it has.

    Attributes:
        counts: samples in each cell, int64 (cells,).
        cells: cell of each sample, int32 (samples,), mapped.

    Raises:
        UserError: the file of cells is missing or damaged.
    """

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection, samples: int) -> None:
        rows = connection.sql("FROM facet_counts ORDER BY cell").to_arrow_table()
        self.counts: NDArray[np.int64] = rows["count"].to_numpy()
        self.cells = open_integers(folder / FACET_CELLS, samples)
        self._codes: dict[str, NDArray[np.int32]] = {}
        self._values: dict[str, list[str]] = {}
        self._places_of: dict[str, dict[str, int]] = {}
        for name in _VALUES:
            column = rows[name].combine_chunks().fill_null(MISSING).dictionary_encode()
            self._codes[name] = column.indices.to_numpy()
            self._values[name] = column.dictionary.to_pylist()

    def holding(self, name: str, values: Collection[str]) -> NDArray[np.bool_]:
        """Which cells have one of `values` as their value of `name`, bool (cells,); `(none)` is none.

        Args:
            name: a facet, `geo_tier` or `has_vector`.
            values: alternatives.
        """
        wanted = np.zeros(len(self._values[name]), np.bool_)
        places = self._places(name)
        wanted[[places[value] for value in values if value in places]] = True
        return wanted[self._codes[name]]

    def coded(self, name: str) -> tuple[NDArray[np.int32], list[str]]:
        """The value of `name` of each cell as its place in a list, int32 (cells,), and that list."""
        return self._codes[name], self._values[name]

    def totals(self, name: str, counts: NDArray[np.int64]) -> dict[str, int]:
        """`counts`, one a cell, added up by the value of `name`; values without any are left out."""
        sums = np.bincount(self._codes[name], weights=counts, minlength=len(self._values[name]))
        return {self._values[name][code]: int(sums[code]) for code in np.flatnonzero(sums)}

    def largest(
        self, name: str, counts: NDArray[np.int64], number: int, also: Collection[str]
    ) -> tuple[dict[str, int], int]:
        """As `totals`, of the `number` values with most samples and those in `also`; and how many have any.

        Values whose sum ties with the smallest of these are among them.
        """
        sums = np.bincount(self._codes[name], weights=counts, minlength=len(self._values[name]))
        present = np.flatnonzero(sums)
        chosen = present
        if len(present) > number:
            least = np.partition(sums[present], len(present) - number)[len(present) - number]
            wanted = [
                place for place in map(self._places(name).get, also) if place is not None and sums[place]
            ]
            chosen = np.union1d(np.flatnonzero(sums >= least), np.array(wanted, np.int64))
        return {self._values[name][code]: int(sums[code]) for code in chosen}, len(present)

    def _places(self, name: str) -> dict[str, int]:
        if name not in self._places_of:
            self._places_of[name] = {value: place for place, value in enumerate(self._values[name])}
        return self._places_of[name]

    def counts_of(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """How many of the samples `ids` are in each cell, int64 (cells,)."""
        return np.bincount(self.cells[ids], minlength=len(self.counts)).astype(np.int64, copy=False)
