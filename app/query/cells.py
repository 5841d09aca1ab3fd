"""A cell of the funnel: the samples of a source that one stage removed, for one reason or any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlencode

from app.query.filters import ANY_STAGE, Filters
from app.query.funnel import OUTLIER
from app.query.parameters import PLACE_PARAMETERS, Parameter, single_values
from app.query.query import MAX_ID
from app.query.where import Where
from indexer.catalogue.facets import MISSING
from indexer.catalogue.schema import KEPT
from indexer.errors import UserError

REMOVED = "removed"
OUTLIERS = "outlier"
"""Stands for both stages that RS5M counts as one."""

Order = Literal["id", "score", "vlm", "detector"]
ORDERS: tuple[Order, ...] = ("id", "score", "vlm", "detector")

_OWN: tuple[Parameter, ...] = (
    Parameter("source", "Dataset the pair came from; `(none)` for unknown.", "LAION2B"),
    Parameter("subset", "Subset of RS5M, or the name given when indexing.", "PUB11"),
    Parameter(
        "stage",
        "The stage that removed the sample, `outlier` for `vlm` or `detector`, `kept`, `removed` or `any`.",
        "duplicate",
    ),
    Parameter("reason", "Reason code of the ledger.", "same_url"),
    Parameter("cluster", "Number of a cluster of duplicates: all its copies, and what was kept.", "12"),
)
_NAMES = tuple(parameter.name for parameter in _OWN)
CELL_PARAMETERS: tuple[Parameter, ...] = (*_OWN, *PLACE_PARAMETERS)
WHEREABOUTS = tuple(parameter.name for parameter in PLACE_PARAMETERS)
"""Parameters of `Cell.place`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Some entries of the ledger; None leaves a condition out.

    Attributes:
        source, subset: as in `samples`; `(none)` for samples without one.
        stage: a stage, `kept`, `outlier` (vlm or detector), `removed` or `any`.
        reason: code of the ledger.
        cluster: of duplicates; its keepers are part of it.
        place: where the samples lie; its other filters are not looked at.
    """

    source: str | None = None
    subset: str | None = None
    stage: str = ANY_STAGE
    reason: str | None = None
    cluster: int | None = None
    place: Filters = field(default_factory=Filters)

    @classmethod
    def from_params(cls, params: Iterable[tuple[str, str]], own: Iterable[str] = ()) -> Cell:
        """Parse query-string pairs; empty values are ignored.

        Args:
            params: the pairs.
            own: further names that belong to the page.

        Raises:
            UserError: an unknown parameter, one given twice, or a cluster that is no number.
        """
        pairs = list(params)
        where = {name: [v for given, v in pairs if given == name] for name in WHEREABOUTS}
        values = single_values(pairs, _NAMES, [*own, *WHEREABOUTS])
        return cls(
            source=values.get("source"),
            subset=values.get("subset"),
            stage=values.get("stage", ANY_STAGE),
            reason=values.get("reason"),
            cluster=_cluster(values.get("cluster")),
            place=Filters.from_params(where).whereabouts,
        )

    @property
    def stages(self) -> tuple[str, ...] | None:
        """The stages asked for; None where more than names could say (`removed`, `any`)."""
        if self.stage in (ANY_STAGE, REMOVED):
            return None
        return OUTLIER if self.stage == OUTLIERS else (self.stage,)

    def with_(self, **changes: object) -> Cell:
        """A copy with conditions changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def to_params(self) -> list[tuple[str, str]]:
        """The parameters that parse to this cell, in a fixed order, what is left out aside."""
        stage = None if self.stage == ANY_STAGE else self.stage
        own = zip(_NAMES, (self.source, self.subset, stage, self.reason, self.cluster), strict=True)
        pairs = [(name, str(value)) for name, value in own if value is not None]
        return pairs + self.place.to_params()

    def url(self, path: str = "/stages/samples", **more: str | None) -> str:
        """`path` with this cell, and what else is given, as its query string."""
        pairs = [*self.to_params(), *((name, value) for name, value in more.items() if value is not None)]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def filters(self, stage: str) -> Filters:
        """The filters that hold the samples of `stage` under this source and subset, in this place."""
        return replace(
            self.place,
            source=(self.source,) if self.source else (),
            subset=(self.subset,) if self.subset else (),
            stage=stage,
        )

    def holds(self, counted: Mapping[str, str | None]) -> bool:
        """Whether samples of this source, subset, stage and reason belong here; clusters aside."""
        stage = counted["stage"] or ""
        return (
            _is(counted["source"], self.source)
            and _is(counted["subset"], self.subset)
            and (self.reason is None or counted["reason"] == self.reason)
            and (self.stages is None or stage in self.stages)
            and (self.stage != REMOVED or stage != KEPT)
        )

    def where(self) -> Where:
        """Condition on `ledger` joined with `samples`, the place aside."""
        condition = Where("TRUE", ())
        for column, value in (("samples.source", self.source), ("samples.subset", self.subset)):
            if value == MISSING:
                condition = condition.both(Where(f"{column} IS NULL", ()))
            elif value is not None:
                condition = condition.both(Where(f"{column} = ?", (value,)))
        if self.stages is not None:
            marks = ", ".join("?" * len(self.stages))
            condition = condition.both(Where(f"ledger.stage IN ({marks})", self.stages))
        elif self.stage == REMOVED:
            condition = condition.both(Where("ledger.stage <> ?", (KEPT,)))
        if self.reason is not None:
            condition = condition.both(Where("ledger.reason = ?", (self.reason,)))
        if self.cluster is not None:
            condition = condition.both(in_cluster(self.cluster))
        return condition


def in_cluster(cluster: int) -> Where:
    """Condition on `ledger`: the copies of a cluster and the samples they lost to."""
    return Where(
        "ledger.cluster = ? OR ledger.id IN (SELECT keeper FROM ledger WHERE cluster = ?)", (cluster, cluster)
    )


def _is(value: str | None, asked: str | None) -> bool:
    return asked is None or (value or MISSING) == asked


def _cluster(text: str | None) -> int | None:
    if text is None:
        return None
    if not (re.fullmatch(r"[0-9]{1,19}", text) and int(text) <= MAX_ID):
        raise UserError(f"cluster={text[:40]!r} is not the number of a cluster.")
    return int(text)
