"""View model of `/audit`: estimated error rates, and the form that draws samples to judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from app.query import MISSING, StageTable
from app.query.audit import DEFAULT_N, KINDS, MAX_N, OF, Draw
from app.query.drawing import drawn
from app.query.estimates import PUBLISHED_KEPT, PUBLISHED_REMOVED, Audit, Estimate
from app.query.marked import Marked, marks_in
from app.query.proportion import Interval, clopper_pearson
from app.views.text import counted, sentence
from indexer.catalogue import Catalogue
from indexer.catalogue.schema import KEPT

_KINDS = {"random": "at random", "boundary": "nearest to a threshold"}
_OF = {"both": "kept and removed", "kept": "kept", "removed": "removed"}
# Draws that can be gone on with; each has to be drawn to know its first unmarked sample.
_BEGUN = 5
# Sizes of a draw that the empty page weighs up.
_SIZES = (100, 300, 1_000)


def percent(share: float) -> str:
    """`1.2 %`; small shares keep two digits: `0.037 %`."""
    return f"{_number(share)} %"


def between(interval: Interval) -> str:
    """`0.2 to 2.9 %`."""
    return f"{_number(interval.low)} to {_number(interval.high)} %"


def _number(share: float) -> str:
    if share in (0, 1):
        return f"{100 * share:.0f}"
    return f"{100 * share:.1f}" if share >= 0.001 else f"{100 * share:.2g}"


@dataclass(frozen=True, slots=True)
class Rate:
    """An estimate in words.

    Attributes:
        marked: `300 of 5,420`: judged samples of all that there are.
        errors: how many of them were decided wrongly.
        share: the share of errors; a dash without marks.
        interval: `0.2 to 2.9 %`; empty without marks.
        skipped: how many were drawn and skipped.
        draw_url: where more of them are drawn; None where there is none.
    """

    marked: str
    errors: str
    share: str
    interval: str
    skipped: int
    draw_url: str | None


@dataclass(frozen=True, slots=True)
class Scale:
    """An interval drawn to scale, places in per cent of its width.

    Attributes:
        low, high: ends of the interval.
        share: the estimate.
        published: RS5M's.
        end: what the right end stands for.
    """

    low: float
    high: float
    share: float
    published: float
    end: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two error rates, with RS5M's beside it."""

    title: str
    rate: Rate
    scale: Scale | None
    published: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A draw of this catalogue that marks were made in."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of the form."""

    value: str
    label: str
    chosen: bool


class AuditView:
    """What `audit/page.html` shows.

    Args:
        catalogue: the catalogue that is audited.
        draw: what the form starts from.
        table: counts of the catalogue.
        audit: the estimates.
        marks: every mark of the workspace, with its sample.
        problem: why nothing can be marked; None where it can.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        draw: Draw,
        table: StageTable,
        audit: Audit,
        marks: Sequence[Marked],
        problem: str | None,
    ) -> None:
        self._catalogue = catalogue
        self._table = table
        self._audit = audit
        self._marks = marks
        self.draw = draw
        self.problem = problem
        self.most = MAX_N
        self.marks = len(marks)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to estimate from."""
        return (
            not self._audit.kept.marked
            + self._audit.removed.marked
            + sum(one.kept.marked + one.removed.marked for one in self._audit.by_source)
            + sum(one.marked for one in self._audit.by_stage.values())
        )

    @property
    def sides(self) -> list[Side]:
        """Both error rates of the whole catalogue."""
        kept, removed = self._audit.kept, self._audit.removed
        return [
            _side("Kept, should have gone", kept, PUBLISHED_KEPT, _drawing("kept")),
            _side("Removed, should have stayed", removed, PUBLISHED_REMOVED, _drawing("removed")),
        ]

    @property
    def stages(self) -> list[tuple[str, Rate]]:
        """The removing stages with what they removed wrongly; those that removed nothing are left out."""
        return [
            (stage, _rate(found, _drawing("removed", stage=stage)))
            for stage, found in self._audit.by_stage.items()
            if found.population
        ]

    @property
    def sources(self) -> list[tuple[str, Rate, Rate]]:
        """Each source with both of its rates."""
        return [
            (
                one.source or "no source",
                _rate(one.kept, _drawing("kept", source=one.source or MISSING)),
                _rate(one.removed, _drawing("removed", source=one.source or MISSING)),
            )
            for one in self._audit.by_source
        ]

    @property
    def boundary(self) -> str | None:
        """What was marked at the thresholds; None where nothing was."""
        kept, removed = self._audit.boundary_kept, self._audit.boundary_removed
        if not kept.marked + removed.marked:
            return None
        return (
            f"{counted(kept.marked, 'kept sample')} marked, {kept.errors:,} should have gone; "
            f"{counted(removed.marked, 'removed sample')} marked, {removed.errors:,} should have stayed."
        )

    @property
    def older(self) -> str | None:
        """What to know where marks are from before the stages decided anew; None where none is."""
        if not self._audit.earlier + self._audit.moved:
            return None
        return (
            "The catalogue was decided or built anew since some of these marks were made. "
            f"{counted(self._audit.earlier, 'of them is', 'of them are')} counted, as the samples stayed on "
            f"their side; {self._audit.moved:,} left out, as the samples moved. "
            "Go through the same draw again: only what moved or is new has to be marked."
        )

    @property
    def left_out(self) -> list[str]:
        """What is not counted above and why, beside what `older` says."""
        audit = self._audit
        sentences = {
            "left out: the sample has another picture now": audit.changed,
            "left out: there is no such sample in this catalogue": audit.gone,
        }
        return [f"{counted(number, 'mark')} {words}." for words, number in sentences.items() if number]

    @property
    def sizes(self) -> list[tuple[int, str]]:
        """For some numbers of marks, the upper end of the interval when none of them is an error."""
        return [(size, percent(clopper_pearson(0, size).high)) for size in _SIZES]

    @property
    def begun(self) -> list[Begun]:
        """The last few draws that marks were made in, each leading to its first unmarked sample."""
        draws = dict.fromkeys(one.mark.drawn_by for one in reversed(self._marks) if one.id is not None)
        return [self._begun(*drawn_by) for drawn_by in islice(draws, _BEGUN)]

    @property
    def ofs(self) -> list[Option]:
        """What can be drawn from."""
        return [Option(of, "both" if of == "both" else _OF[of], of == self.draw.of) for of in OF]

    @property
    def kinds(self) -> list[Option]:
        """How it can be drawn."""
        return [Option(kind, _KINDS[kind], kind == self.draw.kind) for kind in KINDS]

    @property
    def source_options(self) -> list[Option]:
        """All sources, or one."""
        names = dict.fromkeys(row.source or MISSING for row in self._table.rows)
        return _options("all sources", names, self.draw.source)

    @property
    def stage_options(self) -> list[Option]:
        """All stages, or one that removed something."""
        names = (stage for stage in self._table.stages if self._table.total.removed[stage])
        return _options("all stages", names, self.draw.stage)

    def _begun(self, kind: str, seed: int, source: str, stage: str) -> Begun:
        of_draw = (kind, seed, source, stage)
        # The sides that were drawn from, which need not be those that its samples are on now.
        kept = {one.mark.stage == KEPT for one in self._marks if one.mark.drawn_by == of_draw}
        of = "both" if len(kept) > 1 else "kept" if True in kept else "removed"
        draw = Draw(of=of, kind=kind, source=source, stage=stage, seed=seed)  # type: ignore[arg-type]
        said = marks_in(draw, self._marks)
        while draw.n <= len(said) and draw.n < MAX_N:
            draw = replace(draw, n=min(draw.n + DEFAULT_N, MAX_N))
        ids = drawn(self._catalogue, draw).tolist()
        place = next((place for place, id_ in enumerate(ids, 1) if id_ not in said), len(ids) + 1)
        words = sentence(
            [
                f"{_OF[of]}, {_KINDS[kind]}",
                f"seed {seed}" if kind == "random" else None,
                f"source {source}" if source else None,
                f"stage {stage}" if stage else None,
                f"{len(said):,} marked",
            ]
        )
        return Begun(words, draw.looking_at(place).url())


def _side(title: str, estimate: Estimate, published: float, url: str) -> Side:
    interval, share = estimate.interval, estimate.share
    scale = None
    if interval is not None and share is not None:
        end = min(1.0, 1.1 * max(interval.high, published))
        low, high, at, theirs = (
            100 * value / end for value in (interval.low, interval.high, share, published)
        )
        scale = Scale(low, high, at, theirs, percent(end))
    return Side(title, _rate(estimate, url), scale, percent(published))


def _rate(estimate: Estimate, url: str) -> Rate:
    interval, share = estimate.interval, estimate.share
    return Rate(
        marked=f"{estimate.marked:,} of {estimate.population:,}",
        errors=f"{estimate.errors:,}",
        share="-" if share is None else percent(share),
        interval="" if interval is None else between(interval),
        skipped=estimate.skipped,
        draw_url=url if estimate.population else None,
    )


def _drawing(of: str, source: str = "", stage: str = "") -> str:
    return Draw(of=of, source=source, stage=stage, at=1).url()  # type: ignore[arg-type]


def _options(all_of_them: str, names: Iterable[str], chosen: str) -> list[Option]:
    listed = [*names]
    if chosen and chosen not in listed:
        listed.append(chosen)
    return [Option("", all_of_them, not chosen), *(Option(name, name, name == chosen) for name in listed)]
