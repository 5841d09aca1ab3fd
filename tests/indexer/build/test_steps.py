"""Steps are done whole and once, and only what the same job finished counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from indexer.build import Progress
from indexer.build.steps import Step, Steps


class Kitchen:
    """Three steps, each reading what the one before made; counts how often each was done."""

    def __init__(self, folder: Path, fails_at: str = "") -> None:
        self.folder, self.fails_at = folder, fails_at
        self.done: list[str] = []

    def steps(self, job: str = "job") -> Steps:
        return Steps(
            (
                Step("flour", ("flour.txt",), self._work("flour", "flour.txt", None)),
                Step("two doughs", ("dough",), self._work("two doughs", "dough/1.txt", "flour.txt")),
                Step("bread", ("bread.txt",), self._work("bread", "bread.txt", "dough/1.txt")),
            ),
            self.folder,
            self.folder / "aside",
            job,
        )

    def _work(self, name: str, makes: str, of: str | None) -> Callable[[Path], dict[str, Any]]:
        def work(into: Path) -> dict[str, Any]:
            assert list(into.iterdir()) == []
            (into / makes).parent.mkdir(exist_ok=True)
            (into / makes).write_text("half")
            if name == self.fails_at:
                raise KeyboardInterrupt
            before = (self.folder / of).read_text() if of else ""
            (into / makes).write_text(f"{before}{name}, ")
            self.done.append(name)
            return {"letters": len(name)}

        return work


class Resumed(Progress):
    """Writes down what a run goes on with."""

    def __init__(self) -> None:
        self.told: list[tuple[list[str], list[str]]] = []

    def resumed(self, done: Sequence[str], left: Sequence[str]) -> None:
        self.told.append((list(done), list(left)))


def stopped_at(name: str, folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        Kitchen(folder, fails_at=name).steps().run(Progress())


def test_all_steps_are_done_in_order_and_leave_nothing_else(tmp_path: Path) -> None:
    kitchen, progress = Kitchen(tmp_path), Resumed()
    steps = kitchen.steps()
    steps.run(progress)
    assert (tmp_path / "bread.txt").read_text() == "flour, two doughs, bread, "
    assert steps.facts == {"flour": {"letters": 5}, "two doughs": {"letters": 10}, "bread": {"letters": 5}}
    assert all(done.seconds >= 0 and done.peak_mb > 1 for done in steps.done)
    assert list((tmp_path / "aside").iterdir()) == []
    assert progress.told == []


def test_a_stopped_run_goes_on_behind_the_last_finished_step(tmp_path: Path) -> None:
    stopped_at("bread", tmp_path)
    assert not (tmp_path / "bread.txt").exists()
    kitchen, progress = Kitchen(tmp_path), Resumed()
    steps = kitchen.steps()
    steps.run(progress)
    assert kitchen.done == ["bread"]
    assert progress.told == [(["flour", "two doughs"], ["bread"])]
    assert steps.facts["two doughs"] == {"letters": 10}


def test_what_is_finished_stays_so(tmp_path: Path) -> None:
    Kitchen(tmp_path).steps().run(Progress())
    kitchen = Kitchen(tmp_path)
    kitchen.steps().run(Progress())
    assert kitchen.done == []


def test_another_job_begins_anew(tmp_path: Path) -> None:
    stopped_at("bread", tmp_path)
    kitchen = Kitchen(tmp_path)
    steps = kitchen.steps(job="another")
    assert not (tmp_path / "flour.txt").exists()
    steps.run(Progress())
    assert kitchen.done == ["flour", "two doughs", "bread"]


@pytest.mark.parametrize(
    ("name", "again"),
    [("flour.txt", ["flour", "two doughs", "bread"]), ("dough/1.txt", ["two doughs", "bread"])],
)
@pytest.mark.parametrize("content", [None, "", "flo"])
def test_a_file_that_is_gone_or_cut_off_is_made_again_with_all_behind_it(
    tmp_path: Path, name: str, again: list[str], content: str | None
) -> None:
    stopped_at("bread", tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_text(content)
    kitchen = Kitchen(tmp_path)
    kitchen.steps().run(Progress())
    assert kitchen.done == again
    assert (tmp_path / "bread.txt").read_text() == "flour, two doughs, bread, "


@pytest.mark.parametrize(
    "record", ["", "no json", "[]", '{"job": "job"}', '{"job": "job", "done": [{"name": "flour"}]}']
)
def test_a_damaged_record_counts_for_nothing(tmp_path: Path, record: str) -> None:
    stopped_at("bread", tmp_path)
    (tmp_path / "steps.json").write_text(record)
    kitchen = Kitchen(tmp_path)
    kitchen.steps().run(Progress())
    assert kitchen.done == ["flour", "two doughs", "bread"]


def test_files_without_a_record_are_not_taken_for_a_finished_step(tmp_path: Path) -> None:
    (tmp_path / "flour.txt").write_text("flour, ")
    (tmp_path / "aside" / "flour").mkdir(parents=True)
    (tmp_path / "aside" / "flour" / "flour.txt").write_text("half")
    kitchen = Kitchen(tmp_path)
    kitchen.steps().run(Progress())
    assert kitchen.done == ["flour", "two doughs", "bread"]


def test_the_record_names_a_step_only_when_its_files_are_in_place(tmp_path: Path) -> None:
    stopped_at("two doughs", tmp_path)
    record = json.loads((tmp_path / "steps.json").read_text())
    assert [done["name"] for done in record["done"]] == ["flour"]
    assert record["done"][0]["sizes"] == {"flour.txt": 7}
