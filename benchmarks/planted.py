"""What the demo planted, held against what the stages removed: recall and precision by kind of fault."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.catalogue import Catalogue
from indexer.demo.faults import (
    EXACT_DUPLICATE,
    NEAR_DUPLICATE,
    NO_KEYWORD,
    OFF_TOPIC,
    TRUNCATED,
    ZERO_BYTES,
)
from indexer.names import PUB11

SCORED = frozenset({"vlm", "detector"})
_EXACT = frozenset({"same_bytes", "same_url"})
_BEFORE_SCORES = frozenset({"keyword", "download", "invalid", "duplicate"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one sample.

    Attributes:
        name: its own.
        kind: what the picture shows.
        fault: what was planted; empty for nothing.
        original: name of the sample whose picture it shows, its own where it is no copy.
        stage: the stage that removed it, or `kept`.
        reason: why it was removed.
        keeper: for a duplicate, the original of the sample it lost to; else empty.
    """

    name: str
    kind: str
    fault: str
    original: str
    stage: str
    reason: str
    keeper: str

    @property
    def is_removed_copy(self) -> bool:
        """Whether the duplicate stage removed it in favour of the same picture."""
        return self.stage == "duplicate" and self.original == self.keeper


@dataclass(frozen=True, slots=True)
class Tally:
    """One row of the benchmark.

    Attributes:
        what: the fault.
        planted: how many there are to find.
        missed: those not found.
        removed: how many were removed for it.
        wrong: those of them that were not planted so.
        goal: recall and precision that must be reached; None where there is none.
    """

    what: str
    planted: int
    missed: tuple[Outcome, ...]
    removed: int
    wrong: tuple[Outcome, ...]
    goal: float | None

    @property
    def recall(self) -> float:
        """Share of the planted that were found; 1 of none."""
        return 1 - len(self.missed) / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Share of the removed that were planted; 1 of none."""
        return 1 - len(self.wrong) / self.removed if self.removed else 1.0

    @property
    def holds(self) -> bool:
        """Whether recall and precision reach the goal."""
        return self.goal is None or min(self.recall, self.precision) >= self.goal


def outcomes(catalogue: Catalogue, truth: Path) -> list[Outcome]:
    """Every web sample of a demo's catalogue, in order of ids; RS3 has no faults."""
    with truth.open(encoding="utf-8", newline="") as file:
        planted = {row["name"]: row for row in csv.DictReader(file)}
    rows = catalogue.connect().execute(
        """
        SELECT samples.name, ledger.stage, coalesce(ledger.reason, ''), coalesce(keeper.name, '')
        FROM samples JOIN ledger USING (id) LEFT JOIN samples AS keeper ON keeper.id = ledger.keeper
        WHERE samples.subset = $subset ORDER BY samples.id
        """,
        {"subset": PUB11},
    )
    return [_outcome(planted, *row) for row in rows.fetchall()]


def _outcome(
    planted: Mapping[str, Mapping[str, str]], name: str, stage: str, reason: str, keeper: str
) -> Outcome:
    row = planted[name]
    kept = (planted[keeper]["of"] or keeper) if keeper else ""
    return Outcome(name, row["kind"], row["fault"], row["of"] or name, stage, reason, kept)


def tallies(samples: Iterable[Outcome]) -> list[Tally]:
    """A row for each kind of fault that a stage is there for."""
    every = list(samples)
    left = [sample for sample in every if sample.stage not in _BEFORE_SCORES]
    return [
        _row(
            "no keyword",
            every,
            planted=lambda one: one.fault == NO_KEYWORD,
            removed=lambda one: one.stage == "keyword",
            # Half of the off-topic captions are planted without a keyword as well.
            right=lambda one: one.fault in (NO_KEYWORD, OFF_TOPIC),
            goal=None,
        ),
        _row(
            "invalid",
            every,
            planted=lambda one: one.fault in (TRUNCATED, ZERO_BYTES),
            removed=lambda one: one.stage == "invalid",
            right=lambda one: one.fault in (TRUNCATED, ZERO_BYTES),
            goal=1.0,
        ),
        _copies("exact duplicates", every, EXACT_DUPLICATE, lambda reason: reason in _EXACT, 1.0),
        _copies("near duplicates", every, NEAR_DUPLICATE, lambda reason: reason not in _EXACT, 0.95),
        _off_topic("off-topic, that reach the scores", left),
        _off_topic("off-topic, whole pipeline", every),
    ]


def _row(
    what: str,
    samples: list[Outcome],
    planted: Callable[[Outcome], bool],
    removed: Callable[[Outcome], bool],
    right: Callable[[Outcome], bool],
    goal: float | None,
) -> Tally:
    wanted = [one for one in samples if planted(one)]
    gone = [one for one in samples if removed(one)]
    return Tally(
        what,
        len(wanted),
        tuple(one for one in wanted if not removed(one)),
        len(gone),
        tuple(one for one in gone if not right(one)),
        goal,
    )


def _copies(
    what: str, samples: list[Outcome], fault: str, of_kind: Callable[[str], bool], goal: float
) -> Tally:
    """A planted copy is found if either of the two was removed as a copy of the other."""
    found = {one.original for one in samples if one.is_removed_copy and of_kind(one.reason)}
    wanted = [one for one in samples if one.fault == fault]
    gone = [one for one in samples if one.stage == "duplicate" and of_kind(one.reason)]
    return Tally(
        what,
        len(wanted),
        tuple(one for one in wanted if one.original not in found),
        len(gone),
        tuple(one for one in gone if not one.is_removed_copy),
        goal,
    )


def _off_topic(what: str, samples: list[Outcome]) -> Tally:
    """An off-topic picture is found by whatever removed it; only what scores removed counts as removed."""
    wanted = [one for one in samples if one.fault == OFF_TOPIC]
    gone = [one for one in samples if one.stage in SCORED]
    return Tally(
        what,
        len(wanted),
        tuple(one for one in wanted if one.stage == "kept"),
        len(gone),
        tuple(one for one in gone if one.fault != OFF_TOPIC),
        0.95,
    )
