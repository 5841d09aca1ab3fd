"""The samples that the score stages judge, held in memory so that any threshold is counted at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue import Catalogue
from indexer.catalogue.facets import MISSING
from indexer.catalogue.schema import KEPT

ScoreName = Literal["vlm", "detector"]
SCORES: tuple[ScoreName, ...] = ("vlm", "detector")
"""Score s and score c, in the order their stages run."""
EVERY_SUBSET = "all"
DEFAULT_SUBSETS = ("PUB11",)


class Scored:
    """One score of the population.

    Args:
        values: float32 (samples,); NaN where this score's stage does not judge.

    Attributes:
        values: as given.
        order: places in `values` of the judged samples, lowest score first: int32 (judged,).
        ascending: the scores in that order.
    """

    def __init__(self, values: NDArray[np.float32]) -> None:
        self.values = values
        judged = len(values) - int(np.isnan(values).sum())
        self.order: NDArray[np.int32] = np.argsort(values, kind="stable")[:judged].astype(np.int32)
        self.ascending: NDArray[np.float32] = values[self.order]

    def __len__(self) -> int:
        return len(self.ascending)


@dataclass(frozen=True)
class Population:
    """The samples that a score stage judges: of its subsets, with a score, and there when `vlm` began.

    Attributes:
        ids: the samples, ascending: int32 (samples,).
        sources: names of the sources that occur.
        codes: source of each sample, as its place in `sources`: int16 (samples,).
        scores: what each was given, by score; a score that nobody has is not there.
        removed_by: what the catalogue decided: place of the stage in `SCORES`, 2 for kept; int8 (samples,).
        subsets: the subsets judged; None for all.
    """

    ids: NDArray[np.int32]
    sources: tuple[str, ...]
    codes: NDArray[np.int16]
    scores: dict[ScoreName, Scored]
    removed_by: NDArray[np.int8]
    subsets: tuple[str, ...] | None

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def decided(self) -> NDArray[np.int64]:
        """What the catalogue decided: counts by source and stage, kept last: int64 (sources, 3)."""
        return self.tally(self.removed_by)

    def tally(self, outcome: NDArray[np.int8]) -> NDArray[np.int64]:
        """Counts by source and outcome (0, 1 or 2, one a sample): int64 (sources, 3)."""
        each = len(SCORES) + 1
        both = self.codes.astype(np.int32) * each + outcome
        return np.bincount(both, minlength=each * len(self.sources)).reshape(-1, each)


_populations: WeakKeyDictionary[Catalogue, Population] = WeakKeyDictionary()
_reading = Lock()


def population(catalogue: Catalogue) -> Population:
    """The judged samples of `catalogue`, read once; empty where it has neither score."""
    with _reading:
        if catalogue not in _populations:
            _populations[catalogue] = _read(catalogue)
        return _populations[catalogue]


def judged_subsets(catalogue: Catalogue, name: ScoreName) -> tuple[str, ...] | None:
    """The subsets that the stage of score `name` judges, as its settings say; None for all."""
    named = catalogue.manifest.settings.get(name, {}).get("subsets", DEFAULT_SUBSETS)
    return None if named == EVERY_SUBSET or EVERY_SUBSET in named else tuple(named)


def _read(catalogue: Catalogue) -> Population:
    cube = catalogue.cube
    there = cube.holding("stage", (KEPT, *SCORES))
    files = {name: values for name in SCORES if (values := catalogue.scores(name)) is not None}
    asked = {name: judged_subsets(catalogue, name) for name in files}
    cells_of = {
        name: there if subsets is None else there & cube.holding("subset", subsets)
        for name, subsets in asked.items()
    }
    anywhere = np.logical_or.reduce([*cells_of.values(), np.zeros_like(there)])
    ids = np.flatnonzero(anywhere[cube.cells])
    cells = cube.cells[ids]
    judged = {
        name: np.where(cells_of[name][cells], values[ids], np.float32(np.nan))
        for name, values in files.items()
    }
    scored = np.logical_or.reduce(
        [*(~np.isnan(values) for values in judged.values()), np.zeros(len(ids), np.bool_)]
    )
    ids, cells = ids[scored], cells[scored]
    codes, names = cube.coded("source")
    present, dense = np.unique(codes[cells], return_inverse=True)
    stages, stage_names = cube.coded("stage")
    outcome_of = [SCORES.index(name) if name in SCORES else len(SCORES) for name in stage_names]
    scores = {name: Scored(values[scored]) for name, values in judged.items()}
    return Population(
        ids=ids.astype(np.int32),
        sources=tuple("" if names[code] == MISSING else names[code] for code in present),
        codes=dense.astype(np.int16),
        scores={name: one for name, one in scores.items() if len(one)},
        removed_by=np.array(outcome_of, np.int8)[stages[cells]],
        subsets=_all_of(asked.values()),
    )


def _all_of(asked: Iterable[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    subsets = list(asked)
    if None in subsets:
        return None
    return tuple(dict.fromkeys(name for some in subsets for name in some or ()))
