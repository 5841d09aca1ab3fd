"""Error rates of the pipeline, estimated from marks of random draws.

Only a random draw says something of the samples that nobody looked at. A draw restricted to one source or one
stage says something of that part only, so it counts for that part and not for the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.query.marked import Marked
from app.query.proportion import Interval, clopper_pearson
from app.query.stages import StageTable
from indexer.catalogue import Catalogue
from indexer.catalogue.facets import MISSING

PUBLISHED_KEPT = 0.008
"""Share of RS5M's kept samples that were outliers, by its authors' audit (arXiv 2306.11300)."""
PUBLISHED_REMOVED = 0.034
"""Share of RS5M's removed samples that were wrongly removed, by the same audit."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of wrong decisions among some samples.

    Attributes:
        population: how many samples there are.
        marked: how many of them were drawn at random and judged.
        errors: how many of those were decided wrongly.
        skipped: how many were drawn and not judged.
    """

    population: int
    marked: int
    errors: int
    skipped: int

    @property
    def share(self) -> float | None:
        """Errors of those marked, 0 to 1; None where none is marked."""
        return self.errors / self.marked if self.marked else None

    @property
    def interval(self) -> Interval | None:
        """Where the share among all of them lies, with 95 % confidence; None where none is marked."""
        return clopper_pearson(self.errors, self.marked) if self.marked else None


@dataclass(frozen=True, slots=True)
class OfSource:
    """Estimates for one source; None stands for samples without one."""

    source: str | None
    kept: Estimate
    removed: Estimate


@dataclass(frozen=True, slots=True)
class Count:
    """Judged samples of a draw that nothing can be estimated from, and the wrong decisions among them."""

    marked: int
    errors: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What the marks say of the pipeline's decisions.

    Attributes:
        kept: share of the kept that should have gone.
        removed: share of the removed that should have stayed.
        by_stage: the latter by the stage that removed, in the order of the stages.
        by_source: both by source, most samples first.
        boundary_kept, boundary_removed: marks of boundary draws, which count for none of these.
        earlier: marks above that were made in another catalogue than this one.
        moved: samples of random draws left out because they were on the other side when they were drawn, and
            were not drawn and marked since.
        changed: marks left out because their sample has another picture now.
        gone: marks left out because there is no such sample now.
    """

    kept: Estimate
    removed: Estimate
    by_stage: dict[str, Estimate]
    by_source: list[OfSource]
    boundary_kept: Count
    boundary_removed: Count
    earlier: int
    moved: int
    changed: int
    gone: int


def estimate(catalogue: Catalogue, marks: Sequence[Marked], table: StageTable) -> Audit:
    """Estimate the error rates.

    Args:
        catalogue: whose decisions are audited.
        marks: every mark of the workspace, the first made first.
        table: the counts of `catalogue`.
    """
    here = [one for one in marks if one.stage is not None and not one.changed]
    random = [one for one in here if one.mark.draw == "random"]
    # What moved to the other side since it was drawn was no draw from that side.
    counted = [one for one in random if not one.moved]
    total = table.total
    sides = _Sides(counted)
    return Audit(
        kept=sides.kept(total.kept),
        removed=sides.removed(total.read - total.kept),
        by_stage={stage: sides.removed(total.removed[stage], stage=stage) for stage in table.stages},
        by_source=[
            OfSource(
                source,
                sides.kept(kept, source=source or MISSING),
                sides.removed(gone, source=source or MISSING),
            )
            for source, (kept, gone) in _by_source(table).items()
        ],
        boundary_kept=_boundary(here, kept=True),
        boundary_removed=_boundary(here, kept=False),
        earlier=sum(one.mark.catalogue != catalogue.manifest.catalogue_id for one in counted),
        moved=len({one.id for one in random if one.moved} - {one.id for one in counted}),
        changed=sum(one.changed for one in marks),
        gone=sum(one.stage is None for one in marks),
    )


class _Sides:
    """Marks of random draws, put together for one part of the samples after another."""

    def __init__(self, marks: Sequence[Marked]) -> None:
        self._kept = [one for one in marks if one.kept]
        self._removed = [one for one in marks if not one.kept]

    def kept(self, population: int, source: str = "") -> Estimate:
        """Of the kept samples of `source`; of all with an empty one. To them `of_stage` is no restriction."""
        return _estimate(population, self._kept, lambda one: _fits(one.mark.of_source, source, _source(one)))

    def removed(self, population: int, source: str = "", stage: str = "") -> Estimate:
        """Of the removed samples of `source` and `stage`; of all with empty ones."""
        return _estimate(
            population,
            self._removed,
            lambda one: (
                _fits(one.mark.of_source, source, _source(one))
                and _fits(one.mark.of_stage, stage, one.stage or "")
            ),
        )


def _fits(restricted_to: str, asked: str, value: str) -> bool:
    """Whether a sample with `value`, from a draw so restricted, is a random one of those with `asked`."""
    return restricted_to in ("", asked) and asked in ("", value)


def _source(one: Marked) -> str:
    return one.mark.source or MISSING


def _estimate(population: int, marks: Iterable[Marked], counts: Callable[[Marked], bool]) -> Estimate:
    drawn, judged = _last_said(one for one in marks if counts(one))
    return Estimate(population, len(judged), sum(bool(one.error) for one in judged), drawn - len(judged))


def _boundary(marks: Iterable[Marked], *, kept: bool) -> Count:
    _, judged = _last_said(one for one in marks if one.mark.draw == "boundary" and one.kept == kept)
    return Count(len(judged), sum(bool(one.error) for one in judged))


def _last_said(marks: Iterable[Marked]) -> tuple[int, list[Marked]]:
    """How many samples there are, and the last judgement of each: drawn several times, it is one."""
    ids: set[int | None] = set()
    judged: dict[int | None, Marked] = {}
    for one in marks:
        ids.add(one.id)
        if one.error is not None:
            judged[one.id] = one
    return len(ids), list(judged.values())


def _by_source(table: StageTable) -> dict[str | None, tuple[int, int]]:
    """Kept and removed samples of each source, most samples first."""
    counts: dict[str | None, tuple[int, int]] = {}
    for row in table.rows:
        kept, gone = counts.get(row.source, (0, 0))
        counts[row.source] = kept + row.kept, gone + row.read - row.kept
    return counts
