from __future__ import annotations

import numpy as np
import pytest

from benchmarks.command import number, ratio
from benchmarks.timing import Times, interleaved, machine, memory


def test_every_case_runs_once_a_round_and_none_always_comes_first() -> None:
    asked: list[tuple[str, int]] = []
    cases = {name: lambda turn, name=name: asked.append((name, turn)) for name in "abc"}

    times = interleaved(cases, rounds=4, warm_up=2)

    assert [turn for _, turn in asked] == [turn for turn in range(6) for _ in "abc"]
    assert {name for name, _ in asked[::3]} == set("abc")
    assert {name: len(of.milliseconds) for name, of in times.items()} == {"a": 4, "b": 4, "c": 4}


def test_percentiles_and_rate_of_one_caller() -> None:
    times = Times(np.arange(1.0, 101.0))
    assert times.p50 == pytest.approx(50.5)
    assert times.p95 == pytest.approx(95.05)
    assert times.per_second == pytest.approx(1000 / 50.5)


def test_memory_tells_own_pages_from_mapped_files() -> None:
    before = memory()
    held = np.ones(20_000_000, np.uint8)
    assert memory().anonymous - before.anonymous >= 0.9 * held.nbytes
    assert before.mapped > 0


def test_the_machine_is_named_with_cores_and_load() -> None:
    assert "cores" in machine()
    assert "load" in machine()


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0421, "0.042"), (3.14159, "3.14"), (271.3, "271"), (5_070_186, "5,070,186")]
)
def test_numbers_have_three_digits_where_they_matter(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_ratio_above_one_means_that_ours_is_faster() -> None:
    assert ratio(theirs=500, ours=10) == "50.00x"
