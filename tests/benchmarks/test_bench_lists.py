from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import lists

ROOT = Path(__file__).resolve().parents[2]


def test_a_list_of_each_format_is_filtered_beside_its_scan(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    lists.main(["--rows", "20000", "--rounds", "1"])

    printed = capsys.readouterr().out
    assert printed.count("filter and DuckDB agree") == 2
    row = r"(?:scan|keywords alone|filter) +│ +[\d.]+ │ +[\d,]+ │ +[\d.]+ │ +[\d.]+ │ +[\d.]+ │ +[\d,.]+ MB"
    assert len(re.findall(row, printed)) == 6
    assert not Path("out/benchmarks/lists").exists()
