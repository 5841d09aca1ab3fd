"""View model of `/stages/samples`: the entries of a cell as a gallery."""

from __future__ import annotations

from dataclasses import dataclass

from app.query import Query
from app.query.cells import OUTLIERS, REMOVED, Cell, Order
from app.query.entries import Entry, EntryPage, Total, orders_of, reasons_of, sources_of, stages_of
from app.query.filters import ANY_STAGE
from app.query.funnel import STEPS
from app.query.samples import Row
from app.templates import image_url
from app.views.chips import ChipView, place_chips
from app.views.reasons import SCORE_NAMES, reason_words, stage_title, tone
from app.views.text import counted
from indexer.catalogue import Catalogue
from indexer.catalogue.facets import MISSING
from indexer.catalogue.schema import KEPT

PIXELS = 256
_ORDERS: dict[Order, str] = {
    "id": "As read",
    "score": "Closest to the threshold",
    "vlm": "Lowest score s",
    "detector": "Lowest score c",
}


@dataclass(frozen=True, slots=True)
class Face:
    """One picture of a card, or the caption in its place."""

    id: int
    url: str
    image: str | None
    caption: str
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What a stage measured against what it was held against, as a bar.

    Attributes:
        name: what was measured.
        words: the numbers.
        score, threshold: their places on the bar, in per cent of its length.
        tone: CSS class of the stage.
    """

    name: str
    words: str
    score: float
    threshold: float | None
    tone: str


@dataclass(frozen=True, slots=True)
class EntryCard:
    """One entry.

    Attributes:
        face: the sample.
        keeper: the sample a duplicate lost to.
        stage: that removed it; None for a kept one.
        reason: in words; empty for a kept one.
        detail: the ledger's sentence.
        measures: scores as bars.
        keyword: that matched.
        notes: the ledger's remarks.
        cluster_url: the entries of its cluster.
    """

    face: Face
    keeper: Face | None
    stage: str | None
    reason: str
    detail: str
    measures: list[Measure]
    keyword: str | None
    notes: list[str]
    cluster_url: str | None


@dataclass(frozen=True, slots=True)
class Pick:
    """A value to pick, and how many entries that gives; None where it is not told."""

    label: str
    count: int | None
    url: str
    chosen: bool


class EntriesView:
    """What `stages/samples/page.html` shows.

    Args:
        catalogue: whose ledger it is.
        cell: the entries asked for.
        order: their order.
        page: a page of them.
    """

    path = "/stages/samples"
    swap = ""

    def __init__(self, catalogue: Catalogue, cell: Cell, order: Order, page: EntryPage) -> None:
        self._catalogue = catalogue
        self.cell = cell
        self.order = order
        self.found = page.found
        self.cards = [_card(catalogue, entry) for entry in page.entries]
        self.next_url = self._url(cell, page.next_cursor) if page.next_cursor else None

    @property
    def title(self) -> str:
        """What the entries are."""
        if self.cell.cluster is not None:
            return f"Cluster {self.cell.cluster}"
        return stage_title(self.cell.stage)

    @property
    def chips(self) -> list[ChipView]:
        """Where the samples lie, each a link to the entries without that condition."""
        return place_chips(self.cell, self.path)

    @property
    def truth(self) -> str:
        """How many there are, of which source and reason, in one line."""
        parts = [counted(self.found, "sample")]
        if self.cell.source:
            parts.append(f"of {'no known source' if self.cell.source == MISSING else self.cell.source}")
        if self.cell.reason:
            parts.append(f"for the reason: {reason_words(self.cell.reason)}")
        return " ".join(parts)

    @property
    def stages(self) -> list[Pick]:
        """The stages of this source."""
        totals = {total.values[0]: total.entries for total in stages_of(self._catalogue, self.cell)}
        removed = sum(count for stage, count in totals.items() if stage != KEPT)
        rows = [(ANY_STAGE, "any", sum(totals.values())), (REMOVED, "removed", removed)]
        order = (*STEPS, *totals)
        rows += [(stage, stage, totals[stage]) for stage in sorted(totals, key=order.index)]
        if self.cell.stage == OUTLIERS or len({"vlm", "detector"} & set(totals)) == 2:
            outliers = sum(totals.get(stage, 0) for stage in ("vlm", "detector"))
            rows.append((OUTLIERS, "outlier (both scores)", outliers))
        return [
            Pick(
                label,
                count,
                self._url(self.cell.with_(stage=stage, reason=None, cluster=None)),
                stage == self.cell.stage,
            )
            for stage, label, count in rows
        ]

    @property
    def sources(self) -> list[Pick]:
        """The sources of this stage."""
        totals = sources_of(self._catalogue, self.cell)
        everywhere = self.cell.with_(source=None, subset=None, reason=None, cluster=None)
        every = sum(total.entries for total in totals)
        return [
            Pick("All sources", every, self._url(everywhere), self.cell.source is None),
            *(self._source(total, everywhere) for total in totals),
        ]

    @property
    def reasons(self) -> list[Pick]:
        """The reasons found under the other conditions, the picked one to be taken back."""
        if self.cell.cluster is not None:
            return []
        totals = [total for total in reasons_of(self._catalogue, self.cell) if total.values[0] != KEPT]
        picks = []
        for (_, reason), count in totals:
            chosen = reason == self.cell.reason
            there = self.cell.with_(reason=None if chosen else reason)
            picks.append(Pick(reason_words(reason), count, self._url(there), chosen))
        return picks

    @property
    def orders(self) -> list[Pick]:
        """The orders this catalogue has."""
        return [
            Pick(
                _ORDERS[order],
                None,
                self.cell.url(order=None if order == "id" else order),
                order == self.order,
            )
            for order in orders_of(self._catalogue)
        ]

    @property
    def funnel_url(self) -> str:
        """The funnel of the same place."""
        return Cell(place=self.cell.place).url("/stages")

    def file_url(self, form: str) -> str:
        """The same entries as a file."""
        return self.cell.url(f"/stages/ledger.{form}")

    @property
    def search_url(self) -> str | None:
        """The same samples in the search; None where a search has no such filter."""
        if self.cell.stage in (REMOVED, OUTLIERS) or self.cell.reason or self.cell.cluster is not None:
            return None
        return Query(filters=self.cell.filters(self.cell.stage)).url("/")

    def _source(self, total: Total, everywhere: Cell) -> Pick:
        source, subset = total.values
        cell = everywhere.with_(source=source or MISSING, subset=subset or MISSING)
        chosen = self.cell.source == cell.source and self.cell.subset in (None, cell.subset)
        label = f"{source or 'unknown'} ({subset})" if subset else source or "unknown"
        return Pick(label, total.entries, self._url(cell), chosen)

    def _url(self, cell: Cell, cursor: str | None = None) -> str:
        return cell.url(order=None if self.order == "id" else self.order, cursor=cursor)


def _card(catalogue: Catalogue, entry: Entry) -> EntryCard:
    ledger = entry.ledger
    kept = ledger["stage"] == KEPT
    return EntryCard(
        face=_face(catalogue, entry.row),
        keeper=None if entry.keeper is None else _face(catalogue, entry.keeper),
        stage=None if kept else ledger["stage"],
        reason="" if kept else reason_words(ledger["reason"]),
        detail=ledger["detail"] or "",
        measures=_measures(entry),
        keyword=ledger["keyword"],
        notes=list(ledger["notes"] or ()),
        cluster_url=None if ledger["cluster"] is None else Cell(cluster=int(ledger["cluster"])).url(),
    )


def _face(catalogue: Catalogue, row: Row) -> Face:
    id_ = int(row["id"])
    # What could not be read when it was indexed cannot be shown either.
    unreadable = row["stage"] == "invalid" and not row["has_vector"]
    return Face(
        id=id_,
        url=f"/samples/{id_}",
        image=None if row["file"] is None or unreadable else image_url(catalogue, id_, PIXELS),
        caption=row["generated_caption"] or row["caption"] or "",
        source=row["source"] or "unknown source",
    )


def _measures(entry: Entry) -> list[Measure]:
    score, threshold = entry.ledger["score"], entry.ledger["threshold"]
    stage = entry.ledger["stage"]
    if score is not None:
        return [_measure(SCORE_NAMES.get(stage, "measured"), score, threshold, stage)]
    if stage != KEPT:
        return []
    given = (("score s", entry.row["vlm_score"]), ("score c", entry.row["detector_score"]))
    return [_measure(name, value, None, stage) for name, value in given if value is not None]


def _measure(name: str, score: float, threshold: float | None, stage: str) -> Measure:
    # Cosines of pictures with texts seldom pass 0.5, those of two pictures and probabilities go to 1.
    top = max(1.0, score, threshold or 0.0)
    words = f"{score:.4f}" if threshold is None else f"{score:.4f}, threshold {threshold:.4f}"
    return Measure(
        name,
        words,
        round(100 * max(0.0, score) / top, 2),
        None if threshold is None else round(100 * max(0.0, threshold) / top, 2),
        tone(stage),
    )
