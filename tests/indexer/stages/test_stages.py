"""Choosing stages."""

from __future__ import annotations

import pytest

from indexer.errors import UserError
from indexer.records import Fault
from indexer.stages import DEFAULT_STAGES, open_stages
from indexer.stages.invalid import Invalid


def test_stages_run_in_the_order_given_those_of_one_sample_first() -> None:
    assert open_stages(DEFAULT_STAGES).names == ("invalid", "duplicate")
    assert open_stages(["duplicate", "keyword", "invalid"]).names == ("keyword", "invalid", "duplicate")


def test_invalid_always_runs() -> None:
    assert open_stages([]).names == ("invalid",)
    assert open_stages(["keyword"]).names == ("keyword", "invalid")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["nope"], "There is no stage 'nope'. Stages are: keyword, invalid, duplicate"),
        (["keyword"] * 2, "twice"),
    ],
)
def test_a_wrong_choice_is_explained(names: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        open_stages(names)


def test_invalid_gives_the_fault_as_the_reason() -> None:
    assert Invalid().judge({}, None) is None
    verdict = Invalid().judge({}, Fault("zero_bytes", "a.jpg is empty."))
    assert verdict is not None
    assert (verdict.removed, verdict.reason, verdict.detail) == (True, "zero_bytes", "a.jpg is empty.")
