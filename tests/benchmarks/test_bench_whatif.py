"""The benchmark of other thresholds: all ways count alike, and the given catalogue stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.query.judged import population
from benchmarks.whatif import drawn, main
from indexer.catalogue import Catalogue


def test_every_way_is_told_beside_duckdb(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(tiny), "--rounds", "2"])
    printed = capsys.readouterr().out
    for way in ("page fragment over HTTP", "JSON over HTTP", "counting alone", "one DuckDB query"):
        assert way in printed
    assert "Counts within 200 ms" in printed
    assert "Reading and sorting the scores" in printed


def test_drawn_scores_leave_the_catalogue_alone(tiny: Path, tmp_path: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in tiny.rglob("*") if file.is_file()}
    with Catalogue.open(tiny) as catalogue:
        copy = drawn(catalogue, tmp_path / "copy")
        with Catalogue.open(copy) as scored:
            assert all(scored.scores(name) is not None for name in ("vlm", "detector"))
            assert len(population(scored)) == catalogue.manifest.kept
    assert {file: file.stat().st_mtime_ns for file in tiny.rglob("*") if file.is_file()} == before
