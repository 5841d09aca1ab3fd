from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import codes


def test_every_code_is_measured_and_more_scored_again_never_finds_less(
    listed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "CANDIDATES", (100, 3_000))

    codes.main([str(listed), "--rows", "3000", "--queries", "5"])

    printed = capsys.readouterr().out
    for name in codes.codes(16):
        recalls = [float(found) for found in re.findall(rf"{re.escape(name)} .*?([01]\.\d+) *│\n", printed)]
        assert len(recalls) == 2 and recalls[0] <= recalls[1], (name, printed)
