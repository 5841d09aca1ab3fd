"""View model of `/stages`: where the samples went, here and in RS5M as published."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.query import StageTable
from app.query.cells import Cell
from app.query.filters import ANY_STAGE
from app.query.funnel import STEPS, FunnelRow, Lists, funnel
from app.query.published import PUB11, PUB11_TOTAL, RS3, RS5M_TOTAL, PublishedRow
from app.query.stages import StageRow
from app.views.chips import ChipView, place_chips
from app.views.flow import Band, Flow, Loss, Step, share, steps
from app.views.funnel_table import Difference, Line, difference, line
from app.views.reasons import reason_words, tone
from app.views.text import counted
from indexer.catalogue.schema import KEPT

ALL = "All sources"
# What a step took away, and what those are called that it left.
_WORDS = {
    "keyword": ("no keyword", "After keywords"),
    "download": ("not downloaded", "Downloaded"),
    "invalid": ("invalid", "Valid"),
    "duplicate": ("duplicate", "Unique"),
    "vlm": ("score s (VLM)", "After score s"),
    "detector": ("score c (detector)", "After score c"),
    "outlier": ("outlier", "Remain"),
    "other": ("other stages", "Remain"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A funnel drawn twice: as a band for wide pages, as bars for narrow ones."""

    band: Band
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a selector."""

    label: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Samples that one stage removed for one reason."""

    stage: str
    words: str
    count: int
    share: str
    url: str


class StagesView:
    """What `stages/page.html` shows.

    Args:
        table: the counts of this catalogue.
        cell: the source whose funnel is drawn, and the place where samples lie; nothing for all.
        lists: rows of raw lists that were read before.
    """

    published = PUB11
    published_total = PUB11_TOTAL
    rs3 = RS3
    rs5m_total = RS5M_TOTAL
    headings = ("Amount", "After keywords", "Downloaded", "Invalid", "Duplicate", "Outlier", "Remain")

    path = "/stages"
    swap = ""

    def __init__(self, table: StageTable, cell: Cell | None = None, lists: Lists | None = None) -> None:
        self.cell = cell or Cell()
        self._table = table
        self._lists = lists or {}
        self._funnel = funnel(table, lists)
        self.source = self.cell.source
        self.chips: list[ChipView] = place_chips(self.cell.with_(source=None), self.path)
        self.other = self._funnel.total.other > 0
        self.lines: list[Line] = [line(row, self.cell.place, other=self.other) for row in self._funnel.rows]
        self.total: Line = line(self._funnel.total, self.cell.place, total=True, other=self.other)

    @property
    def choices(self) -> list[Choice]:
        """The sources a funnel can be drawn for: those read here and those published."""
        names = dict.fromkeys(
            [*(row.source for row in self._table.rows if row.source), *(row.source for row in PUB11)]
        )
        picked = [
            Choice(name, self.cell.with_(source=name).url(self.path), name == self.source) for name in names
        ]
        return [Choice(ALL, self.cell.with_(source=None).url(self.path), self.source is None), *picked]

    @property
    def here(self) -> Picture | None:
        """The funnel of this catalogue; None where it did not read the chosen source."""
        rows = [row for row in self._table.rows if self.source in (None, row.source)]
        if not rows:
            return None
        return _picture(_flow(self._drawn(rows), self.cell))

    @property
    def reference(self) -> Picture | None:
        """The published funnel; None for a source the table lacks."""
        row = PUB11_TOTAL if self.source is None else _published(self.source)
        return None if row is None else _picture(_published_flow(row, row.source if self.source else "PUB11"))

    @property
    def differences(self) -> list[Difference]:
        """Shares beside each other, where this catalogue and the table have a source in common."""
        return [
            difference(row, reference)
            for row in self._funnel.rows
            if (reference := _published(row.source or "")) and row.amount
        ]

    @property
    def reasons(self) -> list[Reason]:
        """Every reason of removal, by stage."""
        everything = self._table.total.read
        return [
            Reason(
                part.stage,
                reason_words(part.reason),
                part.samples,
                share(part.samples, everything),
                Cell(stage=part.stage, reason=part.reason or None, place=self.cell.place).url(),
            )
            for part in self._table.reasons
        ]

    def file_url(self, name: str) -> str:
        """The table or the ledger of what is shown, as a file."""
        return self.cell.with_(source=None).url(f"/stages/{name}")

    @property
    def did_not_run(self) -> str:
        """Which of RS5M's steps this catalogue lacks, in a sentence; empty if none."""
        missing = [stage for stage, count in self._funnel.total.removed.items() if count is None]
        return f"Not run here, and so a dash: {', '.join(missing)}." if missing else ""

    @property
    def summary(self) -> str:
        """One sentence: read, removed, kept."""
        total = self._funnel.total
        removed = total.amount - total.remain
        kept = f" ({share(total.remain, total.amount)})" if total.amount else ""
        return f"{counted(total.amount, 'sample')} read, {removed:,} removed, {total.remain:,} kept{kept}."

    def _drawn(self, rows: list[StageRow]) -> FunnelRow:
        if self.source is None:
            return self._funnel.total
        removed = {stage: sum(row.removed[stage] for row in rows) for stage in self._table.stages}
        one = StageRow(self.source, None, sum(r.read for r in rows), removed, sum(r.kept for r in rows))
        lists: Lists = {name: rows for name, rows in self._lists.items() if name == self.source}
        return funnel(StageTable(self._table.stages, [one], one, []), lists).total


def _published(source: str) -> PublishedRow | None:
    return next((row for row in PUB11 if row.source.lower() == source.lower()), None)


def _picture(flow: Flow) -> Picture:
    return Picture(Band(flow), steps(flow))


def _flow(row: FunnelRow, cell: Cell) -> Flow:
    removed = {stage: row.removed[stage] for stage in STEPS}
    if row.other:
        removed["other"] = row.other
    losses = [
        _loss(stage, count, cell.with_(stage=stage).url() if stage in STEPS else None)
        for stage, count in removed.items()
        if count is not None
    ]
    return Flow(
        "This catalogue",
        "Amount",
        row.amount,
        cell.with_(stage=ANY_STAGE).url(),
        _ending_with_remain(losses),
        cell.with_(stage=KEPT).url(),
    )


def _published_flow(row: PublishedRow, name: str) -> Flow:
    removed = {
        "download": row.keyword - row.download,
        "invalid": row.invalid,
        "duplicate": row.duplicate,
        "outlier": row.outlier,
    }
    losses = [_loss(stage, count, None) for stage, count in removed.items()]
    return Flow(
        f"RS5M as published ({name}, of {row.amount})",
        "After keywords",
        row.keyword,
        None,
        _ending_with_remain(losses),
        None,
    )


def _loss(stage: str, count: int, url: str | None) -> Loss:
    label, left = _WORDS[stage]
    return Loss(label, count, left, tone(stage), url if count else None)


def _ending_with_remain(losses: list[Loss]) -> list[Loss]:
    """The steps, with what the last one leaves called so."""
    return [*losses[:-1], *(replace(last, left_label="Remain") for last in losses[-1:])]
