"""View model of `/stages`: what each stage removed here, beside RS5M's published counts."""

from __future__ import annotations

from dataclasses import dataclass

from app.query import MISSING, Query, StageRow, StageTable
from app.query.filters import ANY_STAGE
from app.query.published import PUB11, PUB11_TOTAL, RS3, RS5M_TOTAL, PublishedRow
from app.views.text import counted
from indexer.catalogue.schema import KEPT

# One hue for what is removed, one shade a stage, the same here and in the published funnel.
_TONES = {"keyword": 1, "not downloaded": 1, "invalid": 2, "duplicate": 3, "outlier": 4}
ALL = "All sources"


def tone(stage: str) -> str:
    """CSS class of what `stage` removes."""
    return f"removed-{_TONES.get(stage, 5)}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a bar, in per cent of its whole length.

    Attributes:
        tone: CSS class: `kept`, `rest` (left for later stages) or `removed-1` to `removed-5`.
        start: where it begins.
        width: how long it is.
        words: what it stands for, with the number.
        url: the samples behind it; None for published counts, whose samples were not published.
    """

    tone: str
    start: float
    width: float
    words: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the funnel: what was left, and what this step took away."""

    label: str
    count: int
    bars: list[Bar]
    note: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """Steps from everything to what is kept, to one scale."""

    title: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the table, its share of the row, and the samples behind it."""

    count: int
    share: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One source of this catalogue."""

    source: str
    subset: str
    read: Cell
    removed: list[Cell]
    kept: Cell
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of the source selector."""

    label: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One source that both have: shares of what was downloaded, and how far they lie apart.

    Attributes:
        source: the source.
        here: kept share here, per cent of what was read.
        published: remaining share in RS5M, per cent of what was downloaded.
        points: `here - published`, in percentage points.
    """

    source: str
    here: float
    published: float
    points: float


class StagesView:
    """What `stages/page.html` shows.

    Args:
        table: the counts of this catalogue.
        source: the source whose funnel is drawn; None for all.
    """

    tone = staticmethod(tone)
    published = PUB11
    published_total = PUB11_TOTAL
    rs3 = RS3
    rs5m_total = RS5M_TOTAL

    def __init__(self, table: StageTable, source: str | None) -> None:
        self._table = table
        self.source = source
        self.stages = table.stages
        self.lines = [_line(row, table.stages) for row in table.rows]
        self.total = _line(table.total, table.stages)

    @property
    def choices(self) -> list[Choice]:
        """The sources a funnel can be drawn for: those read here and those published."""
        names = dict.fromkeys(
            [*(row.source for row in self._table.rows if row.source), *(row.source for row in PUB11)]
        )
        picked = [Choice(name, f"/stages?source={name}", name == self.source) for name in names]
        return [Choice(ALL, "/stages", self.source is None), *picked]

    @property
    def here(self) -> Funnel | None:
        """The funnel of this catalogue; None where it did not read the chosen source."""
        rows = [row for row in self._table.rows if self.source in (None, row.source)]
        if not rows:
            return None
        read = sum(row.read for row in rows)
        removed = {stage: sum(row.removed[stage] for row in rows) for stage in self.stages}
        return Funnel("This catalogue", _steps("read", read, list(removed.items()), self._query()))

    @property
    def reference(self) -> Funnel | None:
        """The published funnel; None for a source the table lacks."""
        row = PUB11_TOTAL if self.source is None else _published(self.source)
        if row is None:
            return None
        removed = [
            ("not downloaded", row.keyword - row.download),
            ("invalid", row.invalid),
            ("duplicate", row.duplicate),
            ("outlier", row.outlier),
        ]
        name = row.source if self.source else "PUB11"
        steps = _steps("after keyword filter", row.keyword, removed, None)
        return Funnel(f"RS5M as published ({name})", steps)

    @property
    def differences(self) -> list[Difference]:
        """Kept shares beside each other, where this catalogue and the table have a source in common."""
        found = []
        for row in self._table.rows:
            reference = _published(row.source or "")
            if reference is None or not row.read:
                continue
            here, there = 100 * row.kept / row.read, 100 * reference.remain / reference.download
            found.append(Difference(reference.source, here, there, here - there))
        return found

    @property
    def reasons(self) -> list[tuple[str, str, Cell]]:
        """Stage, reason in words, and the number it stands for."""
        everything = self._table.total.read
        return [
            (
                part.stage,
                part.reason.replace("_", " "),
                Cell(part.samples, _share(part.samples, everything), None),
            )
            for part in self._table.reasons
        ]

    @property
    def summary(self) -> str:
        """One sentence: read, removed, kept."""
        total = self._table.total
        return (
            f"{counted(total.read, 'sample')} read, {total.read - total.kept:,} removed, {total.kept:,} kept."
        )

    def _query(self) -> Query:
        return Query().with_(source=(self.source,)) if self.source else Query()


def _published(source: str) -> PublishedRow | None:
    return next((row for row in PUB11 if row.source.lower() == source.lower()), None)


def _steps(first: str, whole: int, removed: list[tuple[str, int]], query: Query | None) -> list[Step]:
    """Lines of a funnel; each shows what is left and, beside it, what its stage took away.

    Args:
        first: what the whole is called.
        whole: samples the funnel begins with, and its scale.
        removed: stage and number removed, in order.
        query: the samples the bars lead to; None where there are none.
    """
    scale = 100 / whole if whole else 0.0

    def url(stage: str) -> str | None:
        return query.with_(stage=stage).url() if query else None

    left = whole
    steps = [Step(first, whole, [Bar("kept", 0, whole * scale, f"{whole:,}", url(ANY_STAGE))], "")]
    for stage, count in removed:
        left -= count
        bars = [
            Bar("rest", 0, left * scale, f"{left:,} left", None),
            Bar(tone(stage), left * scale, count * scale, f"{count:,} removed: {stage}", url(stage)),
        ]
        steps.append(Step(stage, count, bars, f"-{_share(count, whole)}"))
    kept = Bar("kept", 0, left * scale, f"{left:,} kept", url(KEPT))
    return [*steps, Step("kept", left, [kept], _share(left, whole))]


def _line(row: StageRow, stages: tuple[str, ...]) -> Line:
    query = _query_of(row)

    def cell(count: int, stage: str) -> Cell:
        return Cell(count, _share(count, row.read), query.with_(stage=stage).url() if count else None)

    scale = 100 / row.read if row.read else 0.0
    bars = [Bar("kept", 0, row.kept * scale, f"{row.kept:,} kept", None)]
    start = row.kept * scale
    for stage in stages:
        width = row.removed[stage] * scale
        bars.append(Bar(tone(stage), start, width, f"{row.removed[stage]:,} {stage}", None))
        start += width
    return Line(
        source=row.source or ("unknown source" if row.subset or row.read else ""),
        subset=row.subset or "",
        read=cell(row.read, ANY_STAGE),
        removed=[cell(row.removed[stage], stage) for stage in stages],
        kept=cell(row.kept, KEPT),
        bars=bars,
    )


def _query_of(row: StageRow) -> Query:
    if row.source is None and row.subset is None:
        return Query()
    return Query().with_(source=(row.source or MISSING,), subset=(row.subset or MISSING,))


def _share(part: int, whole: int) -> str:
    if not whole:
        return ""
    share = 100 * part / whole
    return f"{share:.1f} %" if share >= 0.1 or not part else f"{share:.2g} %"
