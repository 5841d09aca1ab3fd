"""What each stage removed of each source."""

from __future__ import annotations

from dataclasses import dataclass

from app.query.filters import Filters
from app.query.stage_counts import stage_counts
from indexer.catalogue import KEPT, Catalogue


@dataclass(frozen=True, slots=True)
class Removed:
    """Samples a stage removed for one reason."""

    stage: str
    reason: str
    samples: int


@dataclass(frozen=True, slots=True)
class StageRow:
    """One source of this catalogue, or all of them.

    Attributes:
        source: as in `samples`; None where a sample's source is unknown, or for the total.
        subset: as in `samples`; None likewise.
        read: samples read.
        removed: samples each stage removed, by stage, in the order of `StageTable.stages`.
        kept: samples no stage removed.
    """

    source: str | None
    subset: str | None
    read: int
    removed: dict[str, int]
    kept: int


@dataclass(frozen=True, slots=True)
class StageTable:
    """Counts by source and stage; every row balances: read = removed + kept.

    Attributes:
        stages: removing stages, in the order they ran.
        rows: one a source, most samples first.
        total: the sum of the rows.
        reasons: what the stages removed and why, most samples first within a stage.
    """

    stages: tuple[str, ...]
    rows: list[StageRow]
    total: StageRow
    reasons: list[Removed]


def stage_table(catalogue: Catalogue, place: Filters | None = None) -> StageTable:
    """The stage counts of this catalogue, or of the samples that lie in a `place`."""
    counts = [
        (row["source"], row["subset"], row["stage"], row["reason"], int(row["count"]))
        for row in stage_counts(catalogue, place)
    ]
    found = {stage for _, _, stage, _, _ in counts} - {KEPT}
    ran = tuple(stage for stage in catalogue.manifest.stages if stage != KEPT)
    stages = (*ran, *sorted(found - set(ran)))
    by_source: dict[tuple[str | None, str | None], dict[str, int]] = {}
    reasons: dict[tuple[str, str], int] = {}
    for source, subset, stage, reason, number in counts:
        of_source = by_source.setdefault((source, subset), {})
        of_source[stage] = of_source.get(stage, 0) + number
        if stage != KEPT:
            reasons[stage, reason or ""] = reasons.get((stage, reason or ""), 0) + number
    rows = [_row(source, subset, stages, number) for (source, subset), number in by_source.items()]
    rows.sort(key=lambda row: (-row.read, row.source or "", row.subset or ""))
    everything = {stage: sum(of.get(stage, 0) for of in by_source.values()) for stage in (*stages, KEPT)}
    removed = [Removed(stage, reason, number) for (stage, reason), number in reasons.items()]
    return StageTable(
        stages=stages,
        rows=rows,
        total=_row(None, None, stages, everything),
        reasons=sorted(removed, key=lambda part: (stages.index(part.stage), -part.samples, part.reason)),
    )


def _row(source: str | None, subset: str | None, stages: tuple[str, ...], counts: dict[str, int]) -> StageRow:
    removed = {stage: counts.get(stage, 0) for stage in stages}
    kept = counts.get(KEPT, 0)
    return StageRow(source, subset, read=kept + sum(removed.values()), removed=removed, kept=kept)
