"""The samples that the score stages judge, held in memory so that any threshold is counted at once."""

from __future__ import annotations

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
        values: float32 (samples,), without NaN.

    Attributes:
        values: as given.
        order: places in `values`, lowest score first, ties by place: int32 (samples,).
        ascending: the scores in that order.
    """

    def __init__(self, values: NDArray[np.float32]) -> None:
        self.values = values
        self.order: NDArray[np.int32] = np.argsort(values, kind="stable").astype(np.int32)
        self.ascending: NDArray[np.float32] = values[self.order]


@dataclass(frozen=True)
class Population:
    """The samples of the judged subsets that no stage before `vlm` removed and that have a score.

    Attributes:
        ids: the samples, ascending: int32 (samples,).
        sources: names of the sources that occur.
        codes: source of each sample, as its place in `sources`: int16 (samples,).
        scores: what each was given, by score; a score that the catalogue lacks is not there.
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


def judged_subsets(catalogue: Catalogue) -> tuple[str, ...] | None:
    """The subsets that the score stages judge, as their settings say; None for all."""
    settings = catalogue.manifest.settings
    named = next((settings[name]["subsets"] for name in SCORES if "subsets" in settings.get(name, {})), None)
    subsets = DEFAULT_SUBSETS if named is None else (named,) if isinstance(named, str) else tuple(named)
    return None if EVERY_SUBSET in subsets else subsets


def _read(catalogue: Catalogue) -> Population:
    cube, subsets = catalogue.cube, judged_subsets(catalogue)
    files = {name: scores for name in SCORES if (scores := catalogue.scores(name)) is not None}
    wanted = cube.holding("stage", (KEPT, *SCORES))
    if subsets is not None:
        wanted &= cube.holding("subset", subsets)
    ids = np.flatnonzero(wanted[cube.cells]) if files else np.empty(0, np.int64)
    for scores in files.values():
        ids = ids[~np.isnan(scores[ids])]
    cells = cube.cells[ids]
    stages, stage_names = cube.coded("stage")
    outcome_of = [SCORES.index(name) if name in SCORES else len(SCORES) for name in stage_names]
    codes, names = cube.coded("source")
    present, dense = np.unique(codes[cells], return_inverse=True)
    return Population(
        ids=ids.astype(np.int32),
        sources=tuple("" if names[code] == MISSING else names[code] for code in present),
        codes=dense.astype(np.int16),
        scores={name: Scored(np.asarray(scores[ids], np.float32)) for name, scores in files.items()},
        removed_by=np.array(outcome_of, np.int8)[stages[cells]] if len(ids) else np.empty(0, np.int8),
        subsets=subsets,
    )
