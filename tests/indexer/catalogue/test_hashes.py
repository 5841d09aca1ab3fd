"""A table's hash follows from its rows and from nothing else."""

from __future__ import annotations

import datetime

import duckdb
import pytest

from indexer.catalogue import hashes
from indexer.catalogue.hashes import hash_table

TYPES = {
    "id": "BIGINT",
    "name": "VARCHAR",
    "month": "TINYINT",
    "taken_at": "TIMESTAMP_S",
    "gsd_m": "FLOAT",
    "phash": "UBIGINT",
    "entities": "VARCHAR[]",
    "has_vector": "BOOLEAN",
}
ROWS: list[tuple[object, ...]] = [
    (0, "port", 1, datetime.datetime(2020, 1, 1, 5), 0.5, 2**64 - 1, ["Rotterdam", "Kiel"], True),
    (1, "", None, None, None, None, [], False),
    (2, None, 0, None, 0.0, 0, None, None),
    (3, "río", 12, None, -0.5, 7, [""], True),
    (5, "quay", 3, None, 1.5, 8, ["Oslo", None], False),
]


def table(rows: list[tuple[object, ...]], types: dict[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    columns = ", ".join(f'"{name}" {kind}' for name, kind in (types or TYPES).items())
    connection.execute(f"CREATE TABLE samples ({columns})")
    for row in rows:
        connection.table("samples").insert(row)
    return connection


def hashed(rows: list[tuple[object, ...]]) -> str:
    return hash_table(table(rows), "samples", "id")


def test_layout_and_order_do_not_matter() -> None:
    connection = table(ROWS[::-1])
    connection.execute("DELETE FROM samples WHERE id = 3")
    connection.execute("CHECKPOINT")
    connection.table("samples").insert(ROWS[3])
    connection.execute("SET threads = 1")
    assert hash_table(connection, "samples", "id") == hashed(ROWS)


@pytest.mark.parametrize("row", range(len(ROWS)))
@pytest.mark.parametrize("column", range(1, len(TYPES)))
def test_every_value_matters_and_a_missing_one_is_no_zero(row: int, column: int) -> None:
    zeros = [0, "", 0, datetime.datetime(1970, 1, 1), 0.0, 0, [], False]
    seen = {hashed(ROWS)}
    for value in (None, zeros[column]):
        if value != ROWS[row][column]:
            changed = [list(one) for one in ROWS]
            changed[row][column] = value
            seen.add(hashed([tuple(one) for one in changed]))
    assert len(seen) == 1 + sum(value != ROWS[row][column] for value in (None, zeros[column]))


def test_what_moves_from_one_value_to_the_next_matters() -> None:
    types = {"id": "BIGINT", "name": "VARCHAR", "entities": "VARCHAR[]"}
    contents = [
        [(0, "ab", ["x"]), (1, "c", ["y"])],
        [(0, "a", ["x"]), (1, "bc", ["y"])],
        [(0, "ab", ["x", "y"]), (1, "c", [])],
        [(0, "ab", ["xy"]), (1, "c", [])],
        [(0, "ab", None), (1, "c", ["x", "y"])],
    ]
    found = {hash_table(table(rows, types), "samples", "id") for rows in contents}
    assert len(found) == len(contents)


def test_names_and_types_matter_and_an_empty_table_has_a_hash() -> None:
    one = hash_table(table([(0, "a")], {"id": "BIGINT", "name": "VARCHAR"}), "samples", "id")
    other = hash_table(table([(0, "a")], {"id": "BIGINT", "title": "VARCHAR"}), "samples", "id")
    assert one != other
    assert len(hashed([])) == 64


def test_every_block_counts_and_each_is_put_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[tuple[object, ...]] = [(number, *ROWS[number % 5][1:]) for number in range(20)]
    monkeypatch.setattr(hashes, "_BLOCK", 8)
    whole = hashed(rows)
    assert hashed(rows[::-1]) == whole
    assert len({whole, *(hashed(rows[:number] + rows[number + 1 :]) for number in range(20))}) == 21
