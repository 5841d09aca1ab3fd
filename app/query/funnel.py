"""The funnel of a catalogue in the columns of RS5M's own table, by source and in all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.query.filters import Filters
from app.query.stages import StageRow, StageTable, stage_table
from indexer.catalogue import Catalogue

STEPS = ("keyword", "download", "invalid", "duplicate", "vlm", "detector")
"""The stages of RS5M's pipeline, in the order they run."""
OUTLIER = ("vlm", "detector")
"""What RS5M counts as one step: removed by score s or by score c."""


@dataclass(frozen=True, slots=True)
class ListRows:
    """What was read of the raw lists of one source before anything was downloaded.

    Attributes:
        read: rows of the lists.
        kept: rows that hold a keyword.
    """

    read: int
    kept: int


Lists = Mapping[str | None, ListRows]
"""Source -> rows of its raw lists. Rows without a keyword are in no catalogue: they are counted here only."""


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One source, or all of them.

    What is left after a step is None where the step did not run; what was removed by it is None then too.
    `amount = removed by each step + remain`, with None for 0.

    Attributes:
        source: as in `samples`; None where unknown, and for the total.
        subset: as in `samples`; None likewise.
        amount: image-text pairs read.
        no_keyword: removed: the caption has no keyword.
        keyword: left by the keyword filter.
        not_downloaded: removed: the image could not be fetched.
        download: left by the download.
        invalid: removed: cannot be read as a picture.
        duplicate: removed: same URL, same bytes or nearly the same picture.
        vlm: removed: score s below its threshold.
        detector: removed: score c below its threshold.
        other: removed by stages that RS5M's pipeline does not have.
        remain: kept.
    """

    source: str | None
    subset: str | None
    amount: int
    no_keyword: int | None
    keyword: int | None
    not_downloaded: int | None
    download: int | None
    invalid: int | None
    duplicate: int | None
    vlm: int | None
    detector: int | None
    other: int
    remain: int

    @property
    def outlier(self) -> int | None:
        """Removed by either score; None where neither stage ran."""
        if self.vlm is None and self.detector is None:
            return None
        return (self.vlm or 0) + (self.detector or 0)

    @property
    def removed(self) -> dict[str, int | None]:
        """What each of `STEPS` removed."""
        counts = (
            self.no_keyword,
            self.not_downloaded,
            self.invalid,
            self.duplicate,
            self.vlm,
            self.detector,
        )
        return dict(zip(STEPS, counts, strict=True))


@dataclass(frozen=True, slots=True)
class Funnel:
    """Rows that balance, and their sum.

    Attributes:
        rows: one a source and subset, most samples first.
        total: the sum of the rows.
    """

    rows: list[FunnelRow]
    total: FunnelRow


def funnel_of(catalogue: Catalogue, place: Filters | None = None) -> Funnel:
    """The funnel of a catalogue, rows of the raw lists it came from included; or of a `place`."""
    return funnel(stage_table(catalogue, place), lists_of(catalogue, place))


def lists_of(catalogue: Catalogue, place: Filters | None = None) -> Lists:
    """Rows of raw lists that the keyword stage's report tells of, `{"lists": {source: {"read", "kept"}}}`.

    Of what the keywords left out nobody knows where it lies: of a `place` there are none.
    """
    if place is not None and place.whereabouts != Filters():
        return {}
    told = catalogue.manifest.reports.get("keyword", {}).get("lists", {})
    return {source: ListRows(int(rows["read"]), int(rows["kept"])) for source, rows in told.items()}


def funnel(table: StageTable, lists: Lists | None = None) -> Funnel:
    """The counts of `table` in RS5M's columns.

    Args:
        table: what each stage removed of each source.
        lists: rows of raw lists, counted into the source's row with most samples.
    """
    waiting = dict(lists or {})
    ran = {*table.stages, *(("keyword",) if waiting else ())}
    rows = [_row(row, ran, waiting.pop(row.source, None)) for row in table.rows]
    rows += [
        _row(StageRow(source, None, 0, {}, 0), ran, of_list) for source, of_list in sorted_lists(waiting)
    ]
    listed = list((lists or {}).values())
    everything = ListRows(sum(part.read for part in listed), sum(part.kept for part in listed))
    return Funnel(rows, _row(table.total, ran, everything))


def sorted_lists(lists: Lists) -> list[tuple[str | None, ListRows]]:
    """Sources of which no row got into the catalogue, most rows first."""
    return sorted(lists.items(), key=lambda item: (-item[1].read, item[0] or ""))


def _row(row: StageRow, ran: Collection[str], of_list: ListRows | None) -> FunnelRow:
    dropped = of_list.read - of_list.kept if of_list else 0
    removed = {stage: row.removed.get(stage, 0) for stage in STEPS}
    removed["keyword"] += dropped
    amount = row.read + dropped
    after_keywords = amount - removed["keyword"]

    def if_ran(stage: str, count: int) -> int | None:
        return count if stage in ran else None

    return FunnelRow(
        source=row.source,
        subset=row.subset,
        amount=amount,
        no_keyword=if_ran("keyword", removed["keyword"]),
        keyword=if_ran("keyword", after_keywords),
        not_downloaded=if_ran("download", removed["download"]),
        download=if_ran("download", after_keywords - removed["download"]),
        invalid=if_ran("invalid", removed["invalid"]),
        duplicate=if_ran("duplicate", removed["duplicate"]),
        vlm=if_ran("vlm", removed["vlm"]),
        detector=if_ran("detector", removed["detector"]),
        other=sum(count for stage, count in row.removed.items() if stage not in STEPS),
        remain=row.kept,
    )
