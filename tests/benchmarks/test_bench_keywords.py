from __future__ import annotations

import pytest

from benchmarks import keywords


def test_counts_of_every_keyword_are_greps(capsys: pytest.CaptureFixture[str]) -> None:
    keywords.main(["--rows", "20000"])

    assert "All counts are the same." in capsys.readouterr().out
