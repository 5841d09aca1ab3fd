"""The duplicate stage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from indexer.near import NearPairs, NearQuery
from indexer.stages.duplicate import Duplicate, DuplicateSettings
from tests.facts import judged, make_facts

EXACT = DuplicateSettings(near=())


def removals(
    rows: list[tuple[str, str | None, str | None]], settings: DuplicateSettings = EXACT
) -> dict[int, dict[str, Any]]:
    """Removals by id among `rows` of (source, url, sha256)."""
    return judged(
        Duplicate(settings),
        make_facts([{"source": source, "url": url, "sha256": sha256} for source, url, sha256 in rows]),
    )


def near_removals(
    vectors: list[list[float]], rows: list[dict[str, Any]] | None = None, **settings: Any
) -> dict[int, dict[str, Any]]:
    """Removals by id among samples with these vectors."""
    facts = make_facts(rows or [{} for _ in vectors], np.array(vectors))
    return judged(Duplicate(DuplicateSettings(**settings)), facts)


def test_samples_that_share_nothing_stay() -> None:
    assert removals([("SBU", "u1", "a"), ("SBU", "u2", "b"), ("SBU", None, None), ("SBU", None, None)]) == {}


def test_an_empty_url_is_no_url() -> None:
    assert removals([("SBU", "", "a"), ("SBU", "", "b"), ("SBU", "  ", "c")]) == {}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("SBU", "u", "a"), ("SBU", "u", "b")], "same_url"),
        ([("SBU", "u", "a"), ("SBU", "v", "a")], "same_bytes"),
        ([("SBU", None, "a"), ("SBU", None, "a")], "same_bytes"),
    ],
)
def test_the_lowest_id_is_kept_and_named(rows: list[Any], reason: str) -> None:
    [removal] = removals(rows).values()
    assert (removal["id"], removal["reason"], removal["keeper"], removal["cluster"]) == (1, reason, 0, 0)
    assert "sample 0 (k0)" in removal["detail"]


@pytest.mark.parametrize("preferred", ["LAION2B", "LAION400M", "COYO700M"])
def test_a_preferred_source_is_kept_whatever_its_id(preferred: str) -> None:
    found = removals([("LAIONCOCO", "u", None), ("SBU", "u", None), (preferred, "u", None)])
    assert {number: removal["keeper"] for number, removal in found.items()} == {0: 2, 1: 2}


def test_a_laioncoco_copy_goes_first() -> None:
    assert list(removals([("LAIONCOCO", "u", None), ("SBU", "u", None)])) == [0]


def test_copies_of_copies_are_one_cluster() -> None:
    # 4 - 3 - 2 - 1 - 0 are linked in turn by URL and by bytes.
    rows = [
        ("SBU", "u0", "a"),
        ("SBU", "u1", "a"),
        ("SBU", "u1", "b"),
        ("SBU", "u2", "b"),
        ("SBU", "u2", "c"),
        ("SBU", "u9", "z"),
    ]
    found = removals(rows)
    assert list(found) == [1, 2, 3, 4]
    assert {removal["keeper"] for removal in found.values()} == {0}
    assert {removal["cluster"] for removal in found.values()} == {0}
    assert found[4]["reason"] == "copy_of_copy"


def test_url_and_bytes_can_be_left_out_of_account() -> None:
    rows: list[tuple[str, str | None, str | None]] = [("SBU", "u", "a"), ("SBU", "u", "b"), ("SBU", "v", "a")]
    assert list(removals(rows, DuplicateSettings(near=(), url=False))) == [2]
    assert list(removals(rows, DuplicateSettings(near=(), bytes=False))) == [1]
    assert removals(rows, DuplicateSettings(near=(), url=False, bytes=False)) == {}


def test_sources_to_prefer_are_a_setting() -> None:
    rows: list[tuple[str, str | None, str | None]] = [("a", "u", None), ("b", "u", None), ("c", "u", None)]
    found = removals(rows, DuplicateSettings(near=(), preferred=("c",), last=("a",)))
    assert {id_: row["keeper"] for id_, row in found.items()} == {0: 2, 1: 2}


ALIKE = [[1, 0, 0], [1, 0.1, 0], [0, 1, 0]]


def test_nearly_the_same_picture_is_a_copy_and_the_cosine_is_told() -> None:
    [found] = near_removals(ALIKE).values()
    assert (found["id"], found["keeper"], found["reason"]) == (1, 0, "near_duplicate")
    assert found["score"] == pytest.approx(1 / np.hypot(1, 0.1), abs=1e-3)
    assert found["threshold"] == 0.9


def test_pictures_below_the_cosine_are_no_copies() -> None:
    assert near_removals(ALIKE, cosine=0.999) == {}


def agreeing(agreement: float) -> Callable[[NearQuery], NearPairs]:
    """Finds one pair, of samples 0 and 1, whose pictures agree so much."""

    def near(_: NearQuery) -> NearPairs:
        found = NearPairs.of(np.array([1]), np.array([0]), np.array([0.99], np.float32))
        return found.agreeing(np.array([agreement], np.float32))

    return near


@pytest.mark.parametrize(("agreement", "gone"), [(0.98, True), (0.97, True), (0.96, False), (np.nan, True)])
def test_pictures_that_do_not_agree_are_of_other_scenes(agreement: float, gone: bool) -> None:
    facts = make_facts([{}, {}], np.eye(2), near=agreeing(agreement))
    assert bool(judged(Duplicate(DuplicateSettings(agreement=0.97)), facts)) == gone


def test_pictures_need_not_be_compared() -> None:
    facts = make_facts([{}, {}], np.eye(2), near=agreeing(0.1))
    assert list(judged(Duplicate(DuplicateSettings(agreement=0)), facts)) == [1]


def test_only_the_chosen_subsets_are_compared() -> None:
    rows = [{"subset": "RS3"}, {"subset": "RS3"}, {}]
    assert near_removals(ALIKE, rows) == {}
    assert list(near_removals(ALIKE, rows, near="all")) == [1]
    assert list(near_removals(ALIKE, rows, near=("RS3",))) == [1]


def test_links_of_every_kind_make_one_cluster() -> None:
    # 2 = 1 by URL, 1 ~ 0 by picture: 2 is a copy of a copy of 0.
    rows = [{"url": "a"}, {"url": "b"}, {"url": "b"}]
    found = near_removals(ALIKE, rows)
    assert {id_: row["keeper"] for id_, row in found.items()} == {1: 0, 2: 0}
    assert found[2]["reason"] == "copy_of_copy"
    assert found[2]["cluster"] == found[1]["cluster"] == 0


def test_what_was_searched_is_told_so_that_it_need_not_be_searched_again() -> None:
    asked: list[NearQuery] = []

    def near(query: NearQuery) -> NearPairs:
        asked.append(query)
        return NearPairs.of(np.array([1]), np.array([0]), np.array([0.89], np.float32))

    facts = make_facts([{}, {}], np.eye(2), near=near)
    report = Duplicate(DuplicateSettings()).judge(facts).report

    [query] = asked
    assert report == {"compared": 2, "pairs": 0, "search": query.key, "floor": query.floor}
    assert query.floor < 0.9
