from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.metadata import main, measure
from benchmarks.metadata_cases import Case, cases
from benchmarks.stores import Parquet, SQLite
from indexer.catalogue import Catalogue
from indexer.errors import UserError


def test_the_app_sqlite_and_parquet_answer_alike_and_are_timed(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Unequal answers are an error: that this prints a table means that all three agreed on every question.
    main([str(tiny), "--rounds", "2"])
    printed = capsys.readouterr().out
    for row in (
        "facet counts, no filter",
        "ids of a filter",
        "page 1",
        "50 rows by id",
        "map, a city",
        "stage",
    ):
        assert row in printed
    assert "SQLite p50" in printed
    assert "DuckDB over Parquet p50" in printed


def test_stores_are_built_once(opened: Catalogue, tmp_path: Path) -> None:
    first = SQLite(opened, tmp_path).path.stat().st_mtime_ns
    assert SQLite(opened, tmp_path).path.stat().st_mtime_ns == first
    assert Parquet(opened, tmp_path).rows("SELECT count(*) FROM samples") == [(opened.manifest.samples,)]


def test_other_answers_are_an_error(opened: Catalogue, tmp_path: Path) -> None:
    wrong = Case(
        "number of samples",
        lambda _: opened.manifest.samples + 1,
        lambda store, _: len(store.ids("SELECT id FROM samples")),
    )
    with pytest.raises(UserError, match=r"number of samples: SQLite answers 3000, the app 3001"):
        measure([wrong], [SQLite(opened, tmp_path)], rounds=1)


def test_rounds_ask_for_different_filters(opened: Catalogue) -> None:
    asked = next(case for case in cases(opened) if case.name == "ids of a filter, facets picked")
    assert len({asked.ours(turn) for turn in range(20)}) > 3
