"""The samples that the score stages judge, held in memory so that any threshold is counted at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
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
        ids: the samples, those of a source in one stretch, ascending there: int32 (samples,).
        sources: names of the sources that occur; empty where unknown.
        starts: where the stretch of each source begins, and the end of the last: int64 (sources + 1,).
        scores: what each was given, by score; a score that nobody has is not there.
        decided: what the catalogue decided: counts by source and stage, kept last: int64 (sources, 3).
        subsets: the subsets judged; None for all.
    """

    ids: NDArray[np.int32]
    sources: tuple[str, ...]
    starts: NDArray[np.int64]
    scores: dict[ScoreName, Scored]
    decided: NDArray[np.int64]
    subsets: tuple[str, ...] | None

    def __len__(self) -> int:
        return len(self.ids)

    def by_source(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of each source are in `mask`, bool (samples,): int64 (sources,)."""
        counts = [np.count_nonzero(mask[start:end]) for start, end in pairwise(self.starts)]
        return np.array(counts, np.int64)


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
    codes, names = cube.coded("source")
    # Stretches of a source, so that counting it is counting in a row.
    places = np.flatnonzero(scored)
    places = places[np.argsort(codes[cells[places]], kind="stable")]
    present, starts = np.unique(codes[cells[places]], return_index=True)
    starts = np.append(starts, len(places)).astype(np.int64)
    scores = {name: Scored(values[places]) for name, values in judged.items()}
    stage_of, stages = cube.coded("stage")
    outcome_of = np.array([SCORES.index(name) if name in SCORES else len(SCORES) for name in stages])
    return Population(
        ids=ids[places].astype(np.int32),
        sources=tuple("" if names[code] == MISSING else names[code] for code in present),
        starts=starts,
        scores={name: one for name, one in scores.items() if len(one)},
        decided=_tally(outcome_of[stage_of[cells[places]]], starts),
        subsets=_all_of(asked.values()),
    )


def _tally(outcomes: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts of the outcomes 0, 1 and 2 in each stretch: int64 (stretches, 3)."""
    each = len(SCORES) + 1
    found = [np.bincount(outcomes[start:end], minlength=each) for start, end in pairwise(starts)]
    return np.array(found, np.int64).reshape(-1, each)


def _all_of(asked: Iterable[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    subsets = list(asked)
    if None in subsets:
        return None
    return tuple(dict.fromkeys(name for some in subsets for name in some or ()))
