from __future__ import annotations

from pathlib import Path

import pytest

from app.query import nearest as planner
from benchmarks.crossover import main
from indexer.errors import UserError


def test_both_ways_are_timed_inside_the_same_filters(
    listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = planner.EXACT_ROWS
    main([str(listed), "--rounds", "4", "--counts", "50", "1000", "5000000"])
    printed = capsys.readouterr().out
    for row in ("random 50", "cluster 50", "random 1,000", "cluster 1,000", f"EXACT_ROWS is {chosen:,}"):
        assert row in printed
    assert "5,000,000" not in printed, "more than there are cannot pass"
    assert chosen == planner.EXACT_ROWS


def test_a_flat_index_has_no_crossover(tiny: Path) -> None:
    with pytest.raises(UserError, match="flat index"):
        main([str(tiny)])
