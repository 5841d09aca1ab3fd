"""Marks held against the catalogue, and the error rates that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.query import stage_table
from app.query.audit import Draw
from app.query.estimates import Audit, Count, estimate
from app.query.marked import mark_of, marks_in, matched
from app.workspace import Mark
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue

ROWS: list[dict[str, Any]] = [
    {"source": "A", "stage": "kept", "sha256": "a0"},
    {"source": "A", "stage": "kept", "sha256": "a1"},
    {"source": "B", "stage": "kept", "sha256": "b2"},
    {"source": None, "stage": "kept", "sha256": None},
    {"source": "A", "stage": "vlm", "sha256": "a4"},
    {"source": "A", "stage": "duplicate", "sha256": "a5"},
    {"source": "B", "stage": "duplicate", "sha256": "b6"},
    {"source": "B", "stage": "vlm", "sha256": "b7"},
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with make_catalogue(tmp_path_factory.mktemp("estimates") / "world", ROWS) as made:
        yield made


@pytest.fixture
def say(world: Catalogue) -> Callable[..., Mark]:
    def mark(id_: int, verdict: str, **draw: Any) -> Mark:
        return mark_of(world, Draw(**draw), id_, verdict)  # type: ignore[arg-type]

    return mark


def audit(catalogue: Catalogue, *marks: Mark) -> Audit:
    return estimate(catalogue, matched(catalogue, marks), stage_table(catalogue))


def numbers(one: Any) -> tuple[int, int, int, int]:
    return one.population, one.marked, one.errors, one.skipped


def test_without_marks_there_is_no_rate(world: Catalogue) -> None:
    found = audit(world)

    assert (numbers(found.kept), numbers(found.removed)) == ((4, 0, 0, 0), (4, 0, 0, 0))
    assert found.kept.share is None
    assert found.kept.interval is None


def test_a_kept_sample_that_does_not_belong_is_an_error_and_so_is_a_removed_one_that_does(
    world: Catalogue, say: Callable[..., Mark]
) -> None:
    found = audit(
        world,
        say(0, "keep"),
        say(1, "remove"),
        say(2, "skip"),
        say(4, "keep"),
        say(5, "remove"),
        say(6, "keep"),
    )

    assert numbers(found.kept) == (4, 2, 1, 1)
    assert numbers(found.removed) == (4, 3, 2, 0)
    assert found.removed.share == pytest.approx(2 / 3)
    assert {stage: numbers(one) for stage, one in found.by_stage.items()} == {
        "duplicate": (2, 2, 1, 0),
        "vlm": (2, 1, 1, 0),
    }
    assert {one.source: (numbers(one.kept), numbers(one.removed)) for one in found.by_source} == {
        "A": ((2, 2, 1, 0), (2, 2, 1, 0)),
        "B": ((1, 0, 0, 1), (2, 1, 1, 0)),
        None: ((1, 0, 0, 0), (0, 0, 0, 0)),
    }


def test_marks_at_a_threshold_are_counted_apart(world: Catalogue, say: Callable[..., Mark]) -> None:
    found = audit(world, say(0, "remove", kind="boundary"), say(4, "keep", kind="boundary"), say(5, "keep"))

    assert (found.boundary_kept, found.boundary_removed) == (Count(1, 1), Count(1, 1))
    assert (numbers(found.kept), numbers(found.removed)) == ((4, 0, 0, 0), (4, 1, 1, 0))


def test_a_restricted_draw_counts_for_its_part_only(world: Catalogue, say: Callable[..., Mark]) -> None:
    found = audit(
        world,
        say(0, "remove", source="A"),
        say(5, "keep", stage="duplicate"),
        say(3, "remove", source="(none)"),
    )

    assert (numbers(found.kept), numbers(found.removed)) == ((4, 0, 0, 0), (4, 0, 0, 0))
    assert numbers(found.by_stage["duplicate"]) == (2, 1, 1, 0)
    sources = {one.source: one for one in found.by_source}
    assert numbers(sources["A"].kept) == (2, 1, 1, 0)
    assert numbers(sources["A"].removed) == (2, 0, 0, 0)
    assert numbers(sources[None].kept) == (1, 1, 1, 0)


def test_to_the_kept_a_stage_is_no_restriction(world: Catalogue, say: Callable[..., Mark]) -> None:
    assert numbers(audit(world, say(0, "remove", stage="vlm")).kept) == (4, 1, 1, 0)


def test_a_sample_of_two_draws_is_one_and_its_last_judgement_counts(
    world: Catalogue, say: Callable[..., Mark]
) -> None:
    found = audit(world, say(0, "keep"), say(0, "remove", seed=2), say(0, "skip", seed=3))

    assert numbers(found.kept) == (4, 1, 1, 0)


@pytest.fixture
def rebuilt(tmp_path: Path) -> Iterator[Catalogue]:
    """The same samples decided anew: 0 is removed now, 4 is kept; 1 has another picture; 7 is not there.

    All ids have moved by one.
    """
    rows = [
        {"source": "A", "key": "new"},
        *({"key": f"{number:05d}"} | row for number, row in enumerate(ROWS[:7])),
    ]
    rows[1] = rows[1] | {"stage": "vlm"}
    rows[5] = rows[5] | {"stage": "kept"}
    rows[2] = rows[2] | {"sha256": "other"}
    with make_catalogue(tmp_path / "rebuilt", rows) as made:
        yield made


def test_marks_are_found_again_by_source_and_key(
    world: Catalogue, rebuilt: Catalogue, say: Callable[..., Mark]
) -> None:
    marks = [say(id_, "keep") for id_ in range(8)]

    found = matched(rebuilt, marks)

    assert [one.id for one in found] == [1, 2, 3, 4, 5, 6, 7, None]
    assert [one.stage for one in found] == [
        "vlm",
        "kept",
        "kept",
        "kept",
        "kept",
        "duplicate",
        "duplicate",
        None,
    ]
    assert [one.changed for one in found] == [False, True, *[False] * 6]
    assert [one.error for one in found] == [True, None, False, False, False, True, True, None]


def test_what_stayed_on_its_side_counts_and_the_rest_is_said_to_be_left_out(
    rebuilt: Catalogue, say: Callable[..., Mark]
) -> None:
    found = audit(rebuilt, *(say(id_, "keep") for id_ in range(8)))

    assert numbers(found.kept) == (5, 2, 0, 0)
    assert numbers(found.removed) == (3, 2, 2, 0)
    assert (found.earlier, found.moved, found.changed, found.gone) == (4, 2, 1, 1)


def test_the_same_key_of_another_source_is_another_sample(tmp_path: Path, say: Callable[..., Mark]) -> None:
    with make_catalogue(tmp_path / "other", [{"source": "Z", "key": "00000"}]) as other:
        assert [one.id for one in matched(other, [say(0, "keep")])] == [None]


def test_a_draw_has_its_own_marks(world: Catalogue, say: Callable[..., Mark]) -> None:
    marks = [
        say(0, "keep"),
        say(1, "keep", seed=2),
        say(2, "keep", kind="boundary"),
        say(3, "keep", source="A"),
    ]

    assert marks_in(Draw(), matched(world, marks)) == {0: marks[0]}


def test_after_a_change_a_draw_asks_again_for_what_moved_changed_or_is_new(
    rebuilt: Catalogue, say: Callable[..., Mark]
) -> None:
    marks = [say(id_, "keep") for id_ in range(8)]

    assert marks_in(Draw(), matched(rebuilt, marks)) == {3: marks[2], 4: marks[3], 6: marks[5], 7: marks[6]}

    again = mark_of(rebuilt, Draw(), 5, "remove")
    found = matched(rebuilt, [*marks, again])
    assert marks_in(Draw(), found)[5] == again
    counted = estimate(rebuilt, found, stage_table(rebuilt))
    assert numbers(counted.kept) == (5, 3, 1, 0)
    assert counted.moved == 1


def test_a_mark_keeps_what_is_needed_to_find_it_again(world: Catalogue) -> None:
    mark = mark_of(world, Draw(source="A", stage="vlm", seed=4), 4, "remove")

    assert replace(mark, marked_at="") == Mark(
        catalogue=world.manifest.catalogue_id,
        id=4,
        key="00004",
        source="A",
        sha256="a4",
        name="00004.jpg",
        stage="vlm",
        reason="vlm",
        verdict="remove",
        draw="random",
        seed=4,
        of_source="A",
        of_stage="vlm",
        marked_at="",
    )
    assert mark.marked_at.endswith("+00:00")
