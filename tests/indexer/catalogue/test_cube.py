"""The facet cube: counts by combination of facet values, and the cell of each sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.catalogue import Catalogue
from indexer.catalogue.layout import FACET_CELLS
from indexer.errors import UserError
from tests.catalogues import make_catalogue

ROWS: list[dict[str, Any]] = [
    {"source": "FMoW", "class": "port", "month": 7, "latitude": 1.0, "longitude": 2.0},
    {"source": "FMoW", "class": "port", "month": 7, "latitude": 3.0, "longitude": 4.0},
    {"source": "FMoW", "class": "port", "month": 11},
    {"source": "FMoW", "class": None},
    {"source": "LAION2B", "stage": "duplicate"},
    {"source": "LAION2B", "has_vector": False},
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return make_catalogue(tmp_path / "catalogue", ROWS, np.eye(len(ROWS)))


def test_samples_alike_in_every_facet_are_one_cell(catalogue: Catalogue) -> None:
    cube = catalogue.cube

    assert cube.cells[0] == cube.cells[1]
    assert len(set(cube.cells.tolist())) == len(cube.counts) == 5
    assert np.bincount(cube.cells).tolist() == cube.counts.tolist()


def test_the_table_says_what_the_samples_of_a_cell_have_in_common(catalogue: Catalogue) -> None:
    row = catalogue.connect().execute("FROM facet_counts WHERE cell = ?", [int(catalogue.cube.cells[0])])

    assert row.fetchall()[0][1:] == (
        *("unknown", "FMoW", "port", None, "7", "yes", "unknown", "kept", "point", "yes", 2),
    )


def test_totals_by_value_add_up_and_leave_out_what_is_not_there(catalogue: Catalogue) -> None:
    cube = catalogue.cube
    kept = np.where(cube.holding("stage", ["kept"]), cube.counts, 0)

    assert cube.totals("class", cube.counts) == {"port": 3, "(none)": 3}
    assert cube.totals("stage", kept) == {"kept": 5}
    assert cube.totals("has_vector", kept) == {"yes": 4, "no": 1}


def test_the_largest_totals_come_with_those_asked_for_and_the_number_of_all(catalogue: Catalogue) -> None:
    cube = catalogue.cube

    assert cube.largest("month", cube.counts, 1, ("11", "12")) == ({"(none)": 3, "11": 1}, 3)
    assert cube.largest("month", cube.counts, 2, ()) == ({"(none)": 3, "7": 2}, 3)
    assert cube.largest("class", cube.counts, 1, ()) == ({"port": 3, "(none)": 3}, 2)
    assert cube.largest("source", cube.counts, 9, ("Atlantis",)) == (cube.totals("source", cube.counts), 2)


def test_alternatives_may_name_the_missing_value_and_unknown_ones(catalogue: Catalogue) -> None:
    cube = catalogue.cube

    def samples(name: str, *values: str) -> list[int]:
        return np.flatnonzero(cube.holding(name, values)[cube.cells]).tolist()

    assert samples("class", "(none)") == [3, 4, 5]
    assert samples("month", "11", "(none)", "12") == [2, 3, 4, 5]
    assert samples("source", "Atlantis") == []


def test_samples_are_counted_in_their_cells(catalogue: Catalogue) -> None:
    cube = catalogue.cube
    counts = cube.counts_of(np.array([1, 2, 4]))

    assert cube.totals("source", counts) == {"FMoW": 2, "LAION2B": 1}


def test_a_damaged_file_of_cells_is_one_clear_error(catalogue: Catalogue) -> None:
    np.save(catalogue.path / FACET_CELLS, np.zeros(3, np.int64))

    with pytest.raises(UserError, match=r"facet_cells\.npy is damaged: int64 \(3,\)"):
        _ = catalogue.cube


def test_a_catalogue_without_samples_has_no_cells(tmp_path: Path) -> None:
    cube = make_catalogue(tmp_path / "empty", []).cube

    assert len(cube.counts) == len(cube.cells) == 0
    assert cube.totals("source", cube.counts) == {}
    assert cube.holding("source", ["FMoW"]).tolist() == []
