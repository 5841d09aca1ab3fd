"""What other thresholds of the score stages would remove: counted, without deciding anything.

As the stages themselves decide: each threshold is taken over all samples that its stage judges, whatever the
other one does; a sample is kept if its score is at least the threshold; one below both is removed by `vlm`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from app.query.judged import SCORES, Population, Scored, ScoreName, population
from indexer.catalogue import Catalogue
from indexer.catalogue.scores import staying
from indexer.errors import UserError

STRIP = 12
_BLOCK = 1 << 14


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where one score is cut: by value or by share; neither keeps everything.

    Attributes:
        least: lowest score that is kept.
        keep: share of the population that is kept, 0 to 1, as it was written.
    """

    least: float | None = None
    keep: str | None = None

    @classmethod
    def parse(cls, name: str, least: str | None, keep: str | None) -> Threshold:
        """Read `name=VALUE` and `name_keep=SHARE`.

        Raises:
            UserError: both are given, or one is not such a number.
        """
        if least and keep:
            raise UserError(f"{name} and {name}_keep are both given.", "Give one of them.")
        if least:
            return cls(least=_number(name, least))
        if keep:
            if not 0 <= _number(f"{name}_keep", keep) <= 1:
                raise UserError(
                    f"{name}_keep={keep[:40]!r} is no share.", "Write a number from 0 to 1, as 0.9."
                )
            return cls(keep=keep)
        return cls()

    def value(self, scored: Scored) -> float:
        """The lowest score kept; minus infinity where everything is, infinity where nothing is."""
        if self.least is not None:
            return self.least
        if self.keep is None:
            return -math.inf
        share, count = float(self.keep), len(scored)
        return float(scored.ascending[count - staying(share, count)]) if share else math.inf


@dataclass(frozen=True, slots=True)
class Outcome:
    """Samples of one source, or of all, under some thresholds: judged = vlm + detector + remain.

    Attributes:
        source: empty where unknown; None for the total.
        judged: samples.
        vlm: removed by score s.
        detector: removed by score c.
        remain: kept.
        decided: the same three as the catalogue decided.
    """

    source: str | None
    judged: int
    vlm: int
    detector: int
    remain: int
    decided: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Edge:
    """A sample at a threshold and its score."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Boundary:
    """The samples nearest to a threshold, nearest first on both sides."""

    removed: list[Edge]
    kept: list[Edge]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What thresholds would do.

    Attributes:
        thresholds: lowest score kept, by score.
        shares: share of the population that each threshold keeps by itself.
        rows: one a source, most samples first.
        total: their sum.
        milliseconds: time that counting took.
    """

    thresholds: dict[ScoreName, float]
    shares: dict[ScoreName, float]
    rows: list[Outcome]
    total: Outcome
    milliseconds: float


def what_if(catalogue: Catalogue, asked: Mapping[ScoreName, Threshold]) -> WhatIf:
    """Counts by source under `asked`; a score that is not asked about is cut where the catalogue cuts it."""
    judged = population(catalogue)
    start = perf_counter()
    thresholds = resolve(catalogue, asked)
    counts = tally(judged, thresholds)
    rows = [
        _outcome(source or "", counts[place], judged.decided[place])
        for place, source in enumerate(judged.sources)
    ]
    shares = {
        name: 1 - int(np.searchsorted(scored.ascending, _as32(thresholds[name]))) / len(scored)
        for name, scored in judged.scores.items()
    }
    return WhatIf(
        thresholds=thresholds,
        shares=shares,
        rows=sorted(rows, key=lambda row: (-row.judged, row.source or "")),
        total=_outcome(None, counts.sum(axis=0), judged.decided.sum(axis=0)),
        milliseconds=(perf_counter() - start) * 1000,
    )


def resolve(catalogue: Catalogue, asked: Mapping[ScoreName, Threshold]) -> dict[ScoreName, float]:
    """The lowest score kept, by score that the catalogue has."""
    judged = population(catalogue)
    return {
        name: (asked.get(name) or decided(catalogue, name)).value(scored)
        for name, scored in judged.scores.items()
    }


def decided(catalogue: Catalogue, name: ScoreName) -> Threshold:
    """Where the catalogue itself cuts the score; nowhere if that stage did not run."""
    manifest = catalogue.manifest
    threshold = manifest.reports.get(name, {}).get("threshold")
    if threshold is not None:
        return Threshold(least=float(threshold))
    settings = manifest.settings.get(name, {})
    if settings.get("least") is not None:
        return Threshold(least=float(settings["least"]))
    return Threshold(keep=None if settings.get("keep") is None else str(settings["keep"]))


def tally(judged: Population, thresholds: Mapping[ScoreName, float]) -> NDArray[np.int64]:
    """Removed by each of `SCORES`, and kept, by source: int64 (sources, 3). NaN is below no threshold."""
    gone = np.zeros(len(judged), np.bool_)
    columns = []
    for name in SCORES:
        below = np.zeros(len(judged), np.bool_)
        if name in judged.scores:
            below = (judged.scores[name].values < _as32(thresholds[name])) & ~gone
        columns.append(judged.by_source(below))
        gone |= below
    return np.stack([*columns, judged.by_source(~gone)], axis=1)


def boundary(
    judged: Population, thresholds: Mapping[ScoreName, float], name: ScoreName, number: int = STRIP
) -> Boundary:
    """The samples that the threshold of `name` only just removes and only just keeps.

    Of `detector` only samples that `vlm` leaves are told: the others are gone wherever it is cut.
    """
    scored = judged.scores[name]
    reached = np.ones(len(judged), np.bool_)
    if name == "detector" and "vlm" in judged.scores:
        # Not "at least": whom `vlm` does not judge, it leaves too.
        reached = ~(judged.scores["vlm"].values < _as32(thresholds["vlm"]))
    cut = int(np.searchsorted(scored.ascending, _as32(thresholds[name])))
    below, above = scored.order[:cut][::-1], scored.order[cut:]
    return Boundary(
        removed=_first(judged, scored, below, reached, number),
        kept=_first(judged, scored, above, reached, number),
    )


def histogram(scored: Scored, bins: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Numbers of samples in `bins` even steps from the lowest to the highest score, and the steps' edges."""
    lowest, highest = float(scored.ascending[0]), float(scored.ascending[-1])
    if lowest == highest:
        lowest, highest = lowest - 0.5, highest + 0.5
    edges = np.linspace(lowest, highest, bins + 1)
    places = np.searchsorted(scored.ascending, edges[1:-1].astype(np.float32))
    return np.diff(places, prepend=0, append=len(scored.ascending)), edges


def _first(
    judged: Population,
    scored: Scored,
    order: NDArray[np.int32],
    reached: NDArray[np.bool_],
    number: int,
) -> list[Edge]:
    found: list[Edge] = []
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        places = block[reached[block]][: number - len(found)]
        found += [Edge(int(judged.ids[place]), float(scored.values[place])) for place in places]
        if len(found) == number:
            break
    return found


def _outcome(source: str | None, counts: NDArray[np.int64], before: NDArray[np.int64]) -> Outcome:
    vlm, detector, remain = (int(count) for count in counts)
    first, second, third = (int(count) for count in before)
    return Outcome(source, vlm + detector + remain, vlm, detector, remain, (first, second, third))


def _as32(value: float) -> np.float32:
    """`value` as the scores are stored: a threshold that was one of them still is."""
    return np.float32(value)


def _number(name: str, text: str) -> float:
    hint = "Write a number, for example 0.25."
    try:
        value = float(text)
    except ValueError:
        raise UserError(f"{name}={text[:40]!r} is not a number.", hint) from None
    if not math.isfinite(value) or abs(value) > 1e6:
        raise UserError(f"{name}={text[:40]!r} is not a score.", hint)
    return value
