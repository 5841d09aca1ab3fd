"""The duplicate stage."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from indexer.stages.base import REMOVAL_COLUMNS
from indexer.stages.duplicate import Duplicate


def removals(rows: list[tuple[str, str | None, str | None]]) -> dict[int, dict[str, Any]]:
    """Removals by id among `rows` of (source, url, sha256)."""
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE remaining (id BIGINT, key VARCHAR, source VARCHAR, url VARCHAR, sha256 VARCHAR)"
    )
    for number, (source, url, sha256) in enumerate(rows):
        connection.execute(
            "INSERT INTO remaining VALUES (?, ?, ?, ?, ?)", [number, f"k{number}", source, url, sha256]
        )
    found = Duplicate().judge(connection)
    assert tuple(found.columns) == REMOVAL_COLUMNS
    return {row[0]: dict(zip(REMOVAL_COLUMNS, row, strict=True)) for row in found.fetchall()}


def test_samples_that_share_nothing_stay() -> None:
    assert removals([("SBU", "u1", "a"), ("SBU", "u2", "b"), ("SBU", None, None), ("SBU", None, None)]) == {}


def test_an_empty_url_is_no_url() -> None:
    assert removals([("SBU", "", "a"), ("SBU", "", "b"), ("SBU", "  ", "c")]) == {}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("SBU", "u", "a"), ("SBU", "u", "b")], "same_url"),
        ([("SBU", "u", "a"), ("SBU", "v", "a")], "same_bytes"),
        ([("SBU", None, "a"), ("SBU", None, "a")], "same_bytes"),
    ],
)
def test_the_lowest_id_is_kept_and_named(rows: list[Any], reason: str) -> None:
    [removal] = removals(rows).values()
    assert (removal["id"], removal["reason"], removal["keeper"], removal["cluster"]) == (1, reason, 0, 0)
    assert "sample 0 (k0)" in removal["detail"]


@pytest.mark.parametrize("preferred", ["LAION2B", "LAION400M", "COYO700M"])
def test_a_preferred_source_is_kept_whatever_its_id(preferred: str) -> None:
    found = removals([("LAIONCOCO", "u", None), ("SBU", "u", None), (preferred, "u", None)])
    assert {number: removal["keeper"] for number, removal in found.items()} == {0: 2, 1: 2}


def test_a_laioncoco_copy_goes_first() -> None:
    assert list(removals([("LAIONCOCO", "u", None), ("SBU", "u", None)])) == [0]


def test_copies_of_copies_are_one_cluster() -> None:
    # 4 - 3 - 2 - 1 - 0 are linked in turn by URL and by bytes.
    rows = [
        ("SBU", "u0", "a"),
        ("SBU", "u1", "a"),
        ("SBU", "u1", "b"),
        ("SBU", "u2", "b"),
        ("SBU", "u2", "c"),
        ("SBU", "u9", "z"),
    ]
    found = removals(rows)
    assert list(found) == [1, 2, 3, 4]
    assert {removal["keeper"] for removal in found.values()} == {0}
    assert {removal["cluster"] for removal in found.values()} == {0}
    assert found[4]["reason"] == "copy_of_copy"
