from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.environments import CannotRunError, Driver, environment
from benchmarks.rivals import give, main
from indexer.catalogue import Catalogue


def test_the_planner_runs_as_a_rival_and_is_exact_on_few_rows(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(tiny), "--queries", "6", "--only", "rs5m"])
    printed = capsys.readouterr().out
    assert "its own choice" in printed
    assert printed.count("1.000") >= 4, "recall@10 and recall@100, without a filter and inside it"
    assert "1% random" in printed


def test_with_fewer_rows_the_planner_searches_inside_them(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(tiny), "--queries", "6", "--rows", "1000", "--only", "rs5m"])
    assert "inside a filter on the first 1,000" in capsys.readouterr().out


def test_rivals_are_given_only_the_first_rows(opened: Catalogue, tmp_path: Path) -> None:
    everything, narrowed = give(opened, tmp_path / "given", rows=1_000, queries=4)
    assert np.load(tmp_path / "given" / "vectors" / "image_vectors.npy").shape == (1_000, 32)
    assert everything.passing.ids().max() < 1_000
    assert narrowed.passing.count == round(0.01 * everything.passing.count)


def test_an_environment_is_made_once_and_anew_for_other_requirements(tmp_path: Path) -> None:
    python = environment("own", ("pip",), tmp_path)
    made = python.lstat().st_mtime_ns
    assert environment("own", ("pip",), tmp_path).lstat().st_mtime_ns == made

    with pytest.raises(CannotRunError, match=r"cannot be installed: ERROR: .*no-such-file"):
        environment("own", ("./no-such-file.whl",), tmp_path)
    assert not (tmp_path / "own" / "installed").exists()


def test_an_error_of_a_driver_is_told_and_it_goes_on(tiny: Path, tmp_path: Path) -> None:
    with Driver(Path(sys.executable), "app_planner", tmp_path / "log") as driver:
        for _ in range(2):
            with pytest.raises(CannotRunError, match=r"nowhere/catalogue does not exist"):
                driver.ask("build", given="nowhere", home=str(tmp_path))


def test_a_driver_that_ends_is_told(tmp_path: Path) -> None:
    with (
        Driver(Path(sys.executable), "no_such_driver", tmp_path / "log") as driver,
        pytest.raises(CannotRunError, match=r"ended with status 1; see .*log"),
    ):
        driver.ask("build", given="", home="")
    assert "no_such_driver" in (tmp_path / "log").read_text()
