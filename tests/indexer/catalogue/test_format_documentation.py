"""`docs/catalogue.md` describes the format that the code writes."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from indexer.catalogue import FORMAT_VERSION
from indexer.catalogue.database import TABLES, duckdb_type
from indexer.catalogue.named_places import schema

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "catalogue.md").read_text("utf-8")


@pytest.mark.parametrize("table", TABLES)
def test_the_columns_of_each_table_are_those_of_the_schema(table: str) -> None:
    section = re.split(r"^##+ ", TEXT.split(f"### {table}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    documented = re.findall(r"^\| `(\w+)` \| ([A-Z_\[\]]+) \| (.+) \|$", section, re.MULTILINE)
    assert documented == [(column.name, duckdb_type(column), column.meaning) for column in TABLES[table]]


def test_the_columns_of_named_places_are_those_of_the_file() -> None:
    section = re.split(r"^## ", TEXT.split("## Named places\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    documented = re.findall(r"^\| `(\w+)` \| ([A-Z]+) \| .+ \|$", section, re.MULTILINE)
    with duckdb.connect() as connection:
        connection.register("places", schema().empty_table())
        described = connection.execute("DESCRIBE places").fetchall()
    assert documented == [(name, kind) for name, kind, *_ in described]


def test_the_format_version_is_the_current_one() -> None:
    assert f"Format {FORMAT_VERSION}." in TEXT
