"""Rows of the funnel as the page's table shows them, and how far they lie from the published ones."""

from __future__ import annotations

from dataclasses import dataclass

from app.query.cells import OUTLIERS, Cell
from app.query.filters import ANY_STAGE, Filters
from app.query.funnel import FunnelRow
from app.query.published import PublishedRow
from app.views.flow import share
from indexer.catalogue.facets import MISSING
from indexer.catalogue.schema import KEPT

MARKED_POINTS = 10.0


@dataclass(frozen=True, slots=True)
class Removal:
    """What a step removed, under the number it left."""

    words: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the table.

    Attributes:
        count: None where the step did not run.
        share: of the row's amount.
        url: the samples behind it; None for zero and for what was left on the way.
        parts: smaller numbers below it.
    """

    count: int | None
    share: str
    url: str | None
    parts: tuple[Removal, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One source, in the columns of RS5M's table."""

    source: str
    subset: str
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class Compared:
    """One share here and as published, in per cent of what was downloaded.

    Attributes:
        here: None where the step did not run.
        published: as in RS5M.
    """

    here: float | None
    published: float

    @property
    def points(self) -> float:
        """How far they lie apart, in percentage points."""
        # Rounded, so that nothing is written as -0.0.
        return 0.0 if self.here is None else round(self.here - self.published, 1) + 0.0

    @property
    def apart(self) -> bool:
        """Whether that is worth a mark."""
        return abs(self.points) >= MARKED_POINTS


@dataclass(frozen=True, slots=True)
class Difference:
    """One source that both have: invalid, duplicate, outlier, remain."""

    source: str
    shares: list[Compared]


def cell_of(row: FunnelRow) -> Cell:
    """The samples of a row."""
    if row.source is None and row.subset is None:
        return Cell()
    return Cell(source=row.source or MISSING, subset=row.subset or MISSING)


def line(row: FunnelRow, place: Filters | None = None, *, total: bool = False, other: bool = False) -> Line:
    """A row of the table.

    Args:
        row: its counts.
        place: where the counted samples lie.
        total: whether it is the sum of the others.
        other: whether the table has a column for stages that RS5M's pipeline does not have.
    """
    cell = Cell() if total else cell_of(row)
    cell = cell.with_(place=place or Filters())

    def number(count: int | None, stage: str, *parts: Removal) -> Number:
        url = cell.with_(stage=stage).url() if count else None
        return Number(count, share(count, row.amount) if count else "", url, parts)

    def left(count: int | None, removed: int | None, stage: str) -> Number:
        parts = (_removal(f"-{removed:,}", removed, cell, stage),) if removed else ()
        return Number(count, "" if count is None else share(count, row.amount), None, parts)

    outliers = tuple(
        _removal(f"{letter} {count:,}", count, cell, stage)
        for letter, stage, count in (("s", "vlm", row.vlm), ("c", "detector", row.detector))
        if count
    )
    numbers = [
        Number(row.amount, "", cell.with_(stage=ANY_STAGE).url() if row.amount else None),
        left(row.keyword, row.no_keyword, "keyword"),
        left(row.download, row.not_downloaded, "download"),
        number(row.invalid, "invalid"),
        number(row.duplicate, "duplicate"),
        number(row.outlier, OUTLIERS, *outliers),
        *([Number(row.other, share(row.other, row.amount), None)] if other else []),
        number(row.remain, KEPT),
    ]
    return Line("All" if total else row.source or "unknown source", row.subset or "", numbers)


def difference(row: FunnelRow, published: PublishedRow) -> Difference:
    """Shares of `row` beside the published ones, both of what was downloaded."""
    base = row.amount - (row.no_keyword or 0) - (row.not_downloaded or 0)
    pairs = (
        (row.invalid, published.invalid),
        (row.duplicate, published.duplicate),
        (row.outlier, published.outlier),
        (row.remain, published.remain),
    )
    return Difference(
        published.source,
        [
            Compared(
                None if here is None or not base else 100 * here / base, 100 * there / published.download
            )
            for here, there in pairs
        ],
    )


def _removal(words: str, count: int, cell: Cell, stage: str) -> Removal:
    return Removal(words, cell.with_(stage=stage).url() if count else None)
