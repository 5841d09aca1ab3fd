from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.query import BBox, Filters, count, passing
from app.query.samples import fetch_rows
from indexer.catalogue import Catalogue

Row = dict[str, Any]

CASES: list[tuple[Filters, Callable[[Row], bool]]] = [
    (Filters(), lambda row: True),
    (Filters(source=("FMoW",)), lambda row: row["source"] == "FMoW"),
    (Filters(subset=("PUB11", "RS3")), lambda row: row["subset"] in ("PUB11", "RS3")),
    (
        Filters(class_=("river",), source=("RSICD",)),
        lambda row: row["class"] == "river" and row["source"] == "RSICD",
    ),
    (Filters(class_=("(none)",)), lambda row: row["class"] is None),
    (Filters(country=("Chad", "(none)")), lambda row: row["country"] in ("Chad", None)),
    (Filters(month=("7", "(none)")), lambda row: row["month"] in (7, None)),
    (Filters(coordinates="yes"), lambda row: row["latitude"] is not None),
    (Filters(coordinates="no"), lambda row: row["latitude"] is None),
    (Filters(origin=("model",)), lambda row: row["caption_origin"] == "model"),
    (
        Filters(bbox=BBox(0, -90, 90, 90)),
        lambda row: row["longitude"] is not None and 0 <= row["longitude"] <= 90,
    ),
    (
        Filters(bbox=BBox(170, -90, -170, 90)),
        lambda row: row["longitude"] is not None and abs(row["longitude"]) >= 170,
    ),
]


@pytest.fixture(scope="module")
def rows(catalogue: Catalogue) -> list[Row]:
    return fetch_rows(catalogue, range(catalogue.manifest.samples))


@pytest.mark.parametrize(("filters", "passes"), CASES)
def test_filters_pass_what_they_say(
    catalogue: Catalogue, rows: list[Row], filters: Filters, passes: Callable[[Row], bool]
) -> None:
    expected = [row["id"] for row in rows if row["stage"] == "kept" and passes(row)]

    assert expected
    assert passing(catalogue, filters).ids().tolist() == expected
    assert count(catalogue, filters) == len(expected)


def test_removed_samples_are_seen_only_when_asked_for(catalogue: Catalogue) -> None:
    assert passing(catalogue, Filters(stage="duplicate")).ids().tolist() == [60]
    assert count(catalogue, Filters(stage="any")) == catalogue.manifest.samples
    assert count(catalogue, Filters()) == catalogue.manifest.kept


def test_values_are_parameters_and_never_sql(catalogue: Catalogue) -> None:
    hostile = "x') OR TRUE; DROP TABLE samples --"

    assert count(catalogue, Filters(source=(hostile,), class_=(hostile,), stage=hostile)) == 0
    assert hostile not in Filters(source=(hostile,)).where().sql
