"""Every sort, worked out when the catalogue is made."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from indexer.catalogue import Catalogue
from indexer.catalogue.orders import SORTS
from indexer.errors import UserError
from tests.catalogues import make_catalogue


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    rows = [
        {"caption_chars": 5, "taken_at": datetime(2016, 7, 4), "class": "port"},
        {"caption_chars": None, "taken_at": None, "class": "port"},
        {"caption_chars": 9, "taken_at": datetime(2020, 1, 1), "class": "port"},
        {"caption_chars": 5, "taken_at": datetime(1999, 1, 1), "class": "lake"},
        {"caption_chars": 1, "taken_at": None, "class": "lake", "stage": "duplicate"},
    ]
    return make_catalogue(tmp_path / "catalogue", rows)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("id", [0, 1, 2, 3, 4]),
        ("longest", [2, 0, 3, 4, 1]),
        ("shortest", [4, 0, 3, 2, 1]),
        ("newest", [2, 0, 3, 1, 4]),
        ("oldest", [3, 0, 2, 1, 4]),
    ],
)
def test_equal_keys_are_ordered_by_id_and_missing_ones_last(
    catalogue: Catalogue, sort: str, expected: list[int]
) -> None:
    assert catalogue.order(sort).tolist() == expected


def test_spread_alternates_classes_and_leaves_removed_samples_to_the_end(catalogue: Catalogue) -> None:
    order = catalogue.order("spread").tolist()

    assert order[-1] == 4
    assert 3 in order[:2]
    assert sorted(order) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("sort", SORTS)
def test_an_order_that_is_missing_or_damaged_is_one_clear_error(catalogue: Catalogue, sort: str) -> None:
    path = catalogue.path / "orders" / f"{sort}.npy"
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(UserError, match=rf"{sort}\.npy cannot be read"):
        catalogue.order(sort)
    path.unlink()
    with pytest.raises(UserError, match=rf"{sort}\.npy cannot be read"):
        catalogue.order(sort)
