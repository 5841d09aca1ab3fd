from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import near

ROOT = Path(__file__).resolve().parents[2]


def test_each_size_is_searched_beside_all_with_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    near.main(["--rows", "2500", "1000", "--dimension", "64"])

    printed = capsys.readouterr().out
    row = r"^│ ([\d,]+) +│.*│ +([\d.]+)% │ +([\d.]+)% │ +[\d.,]+ MB"
    rows = re.findall(row, printed, re.MULTILINE)
    assert [size for size, _, _ in rows] == ["1,000", "2,500"]
    # So few vectors are one cell, and nothing is missed but what others crowd out.
    assert all(float(planted) > 95 and float(recall) == 100 for _, planted, recall in rows)
    assert "growth exponent" in printed
    assert not Path("out/benchmarks/near").exists()


def test_copies_are_as_near_as_they_are_said_to_be(tmp_path: Path) -> None:
    vectors, copies, originals = near.drawn(tmp_path / "vectors.npy", 2000, 64)

    one, other = (vectors[which].astype("f4") for which in (copies, originals))
    cosines = (one * other).sum(1)
    assert len(copies) == 100
    assert 0.85 < cosines.min() < cosines.max() < 1
    assert set(copies.tolist()).isdisjoint(originals.tolist())
