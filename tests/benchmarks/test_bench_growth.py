from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.growth import exponent, main
from indexer.errors import UserError


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_exponent_of_a_power_law_is_its_power(power: float) -> None:
    rows = [1_000, 2_000, 5_000]
    assert exponent(rows, [3 * size**power for size in rows]) == pytest.approx(power)


def test_sizes_are_built_measured_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--rows", "400", "200", "--dimension", "32"])
    printed = capsys.readouterr().out
    for row in (
        "seconds: vector index",
        "seconds: whole",
        "peak memory",
        "disk: catalogue.duckdb",
        "disk: whole",
    ):
        assert row in printed
    assert "200" in printed
    assert "400" in printed
    assert "exponent" in printed
    assert {path.name for path in (tmp_path / "out/benchmarks/growth").iterdir()} == {"200.log", "400.log"}


def test_a_run_that_fails_says_where_its_log_is() -> None:
    with pytest.raises(UserError, match="failed"):
        main(["--rows", "200", "--dimension", "1"])
