"""Who takes part in `benchmarks.rivals`, and what each is asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.environments import CannotRunError, Driver, environment
from benchmarks.timing import Memory, Times

TURN = 10


@dataclass(frozen=True)
class Rival:
    """One vector index.

    Attributes:
        name: what the table calls it.
        module: its driver in `benchmarks.drivers`; names its environment too.
        requirements: what pip installs into it; none runs in this environment.
        settings: ways to search it, its default first.
    """

    name: str
    module: str
    requirements: tuple[str, ...]
    settings: tuple[dict[str, int], ...] = ({},)

    def python(self) -> Path:
        """The Python that has it.

        Raises:
            CannotRunError: it cannot be installed.
        """
        return environment(self.module, self.requirements) if self.requirements else Path(sys.executable)


RIVALS = (
    Rival("rs5m", "app_planner", ()),
    # autofaiss needs NumPy 1, which newer pyarrow refuses.
    Rival("autofaiss", "autofaiss_choice", ("autofaiss==2.18.0", "pyarrow<20")),
    Rival(
        "usearch", "usearch_index", ("usearch==2.26.6", "numpy>=2"), ({"expansion": 64}, {"expansion": 512})
    ),
    Rival(
        "LanceDB",
        "lancedb_table",
        ("lancedb==0.40.0",),
        ({"nprobes": 20, "refine": 0}, {"nprobes": 20, "refine": 10}, {"nprobes": 100, "refine": 20}),
    ),
)


@dataclass
class Answers:
    """What a rival found with one setting, inside the filter or without it.

    Attributes:
        milliseconds: of each query.
        found: rows of each query, best first.
        refused: why it does not answer; empty if it does.
    """

    milliseconds: list[float] = field(default_factory=list)
    found: list[NDArray[np.int64]] = field(default_factory=list)
    refused: str = ""

    def times(self) -> Times:
        """The times of all queries."""
        return Times(np.array(self.milliseconds))


@dataclass
class Entry:
    """A rival and how it did.

    Attributes:
        rival: who.
        facts: what its driver told of building: seconds, peak, disk (bytes), what.
        memory: what it holds in memory after all searches.
        answers: by setting (its place in `rival.settings`) and whether filtered.
        refused: why it does not take part; empty if it does.
    """

    rival: Rival
    facts: dict[str, Any] = field(default_factory=dict)
    memory: Memory = field(default_factory=lambda: Memory(0, 0))
    answers: dict[tuple[int, bool], Answers] = field(default_factory=dict)
    refused: str = ""


def compete(rivals: Sequence[Rival], given: Path, folder: Path, queries: int, k: int) -> list[Entry]:
    """Build every index, one after the other, then let all answer `queries` queries in turns.

    Args:
        rivals: who takes part.
        given: folder of what drivers read.
        folder: gets a new folder for each rival.
        queries: how many there are.
        k: results of a query.
    """
    entries, drivers = [], {}
    for rival in rivals:
        entry = Entry(rival)
        entries.append(entry)
        home = folder / rival.module
        home.mkdir()
        try:
            drivers[rival.name] = driver = Driver(
                rival.python(), rival.module, folder / f"{rival.module}.log"
            )
            entry.facts = driver.ask("build", given=str(given.absolute()), home=str(home.absolute()))
        except CannotRunError as error:
            entry.refused = str(error)
    running = [entry for entry in entries if not entry.refused]
    for first in range(0, queries, TURN):
        for entry in running:
            _answer(entry, drivers[entry.rival.name], given, first, min(first + TURN, queries), k)
    for entry in running:
        entry.memory = drivers[entry.rival.name].memory()
    for driver in drivers.values():
        driver.close()
    return entries


def _answer(entry: Entry, driver: Driver, given: Path, first: int, last: int, k: int) -> None:
    for place, setting in enumerate(entry.rival.settings):
        for filtered in (False, True):
            answers = entry.answers.setdefault((place, filtered), Answers())
            if answers.refused:
                continue
            asked = {"given": str(given.absolute()), "first": first, "last": last, "k": k}
            try:
                answer = driver.ask("search", **asked, filtered=filtered, **setting)
            except CannotRunError as error:
                answers.refused = str(error)
                continue
            answers.milliseconds += answer["milliseconds"]
            answers.found += [np.array(rows, np.int64) for rows in answer["found"]]
