"""The JSON that `/api/stages` and what lies below it answer with."""

from __future__ import annotations

import math
from typing import Self

from pydantic import BaseModel, Field

from app.query import StageTable
from app.query.funnel import Funnel
from app.query.judged import ScoreName
from app.query.published import PUB11, PUB11_TOTAL, RS3, RS3_TOTAL, RS5M_TOTAL
from app.query.whatif import Boundary as CatalogueBoundary
from app.query.whatif import WhatIf as CatalogueWhatIf
from app.routes.models import FromObject


class SourceStages(FromObject):
    """One source, or all of them: read = removed + kept."""

    source: str | None = Field(description="The source; null for the total.", examples=["LAION2B"])
    subset: str | None = Field(description="Its subset.", examples=["PUB11"])
    read: int = Field(description="Samples read.", examples=[2041])
    removed: dict[str, int] = Field(description="Samples removed, by stage.", examples=[{"invalid": 12}])
    kept: int = Field(description="Samples kept.", examples=[1873])


class RemovedFor(FromObject):
    """Samples one stage removed for one reason."""

    stage: str = Field(description="The stage.", examples=["invalid"])
    reason: str = Field(description="Reason code.", examples=["zero_bytes"])
    samples: int = Field(description="Samples.", examples=[3])


class PublishedSource(FromObject):
    """One row of RS5M's table; download - invalid - duplicate - outlier = remain."""

    source: str = Field(description="The source.", examples=["LAION2B"])
    amount: str = Field(description="Its size, as published.", examples=["2.3B"])
    keyword: int = Field(description="Left by the keyword filter.", examples=[1980978])
    download: int = Field(description="Could be downloaded.", examples=[1737584])
    invalid: int = Field(description="Removed as invalid.", examples=[102])
    duplicate: int = Field(description="Removed as duplicates.", examples=[343017])
    outlier: int = Field(description="Removed as outliers.", examples=[333686])
    remain: int = Field(description="Kept.", examples=[1060779])


class Published(BaseModel):
    """RS5M's own counts (arXiv 2306.11300)."""

    pub11: list[PublishedSource] = Field(description="The sets filtered from the web.")
    pub11_total: PublishedSource = Field(description="Their sum.")
    rs3: dict[str, int] = Field(description="The captioned sets.", examples=[{"FMoW": 727144}])
    rs3_total: int = Field(description="Their sum.", examples=[2062377])
    total: int = Field(description="RS5M in all.", examples=[5070186])


class FunnelSource(FromObject):
    """One source, or all of them, in the columns of RS5M's table; null where a step did not run.

    amount = no_keyword + not_downloaded + invalid + duplicate + vlm + detector + other + remain.
    """

    source: str | None = Field(description="The source; null for the total.", examples=["LAION2B"])
    subset: str | None = Field(description="Its subset.", examples=["PUB11"])
    amount: int = Field(description="Pairs read.", examples=[2041])
    no_keyword: int | None = Field(description="Removed: no keyword.", examples=[120])
    keyword: int | None = Field(description="Left by the keyword filter.", examples=[1921])
    not_downloaded: int | None = Field(description="Removed: not downloaded.", examples=[21])
    download: int | None = Field(description="Left by the download.", examples=[1900])
    invalid: int | None = Field(description="Removed as invalid.", examples=[12])
    duplicate: int | None = Field(description="Removed as duplicates.", examples=[88])
    vlm: int | None = Field(description="Removed by score s.", examples=[180])
    detector: int | None = Field(description="Removed by score c.", examples=[190])
    outlier: int | None = Field(description="Removed by either score.", examples=[370])
    other: int = Field(description="Removed by stages that RS5M's pipeline does not have.", examples=[0])
    remain: int = Field(description="Kept.", examples=[1430])


class Stages(BaseModel):
    """This catalogue's stages, beside RS5M's."""

    stages: list[str] = Field(description="Removing stages, in the order they ran.", examples=[["keyword"]])
    rows: list[SourceStages] = Field(description="Counts by source.")
    total: SourceStages = Field(description="Counts of all sources.")
    funnel: list[FunnelSource] = Field(description="The same counts in RS5M's columns, by source.")
    funnel_total: FunnelSource = Field(description="Their sum.")
    reasons: list[RemovedFor] = Field(description="Counts by stage and reason.")
    published: Published = Field(description="RS5M's own counts.")

    @classmethod
    def of(cls, table: StageTable, drawn: Funnel) -> Self:
        """`table`, and its funnel, as JSON."""
        return cls(
            stages=list(table.stages),
            rows=[SourceStages.model_validate(row) for row in table.rows],
            total=SourceStages.model_validate(table.total),
            funnel=[FunnelSource.model_validate(row) for row in drawn.rows],
            funnel_total=FunnelSource.model_validate(drawn.total),
            reasons=[RemovedFor.model_validate(part) for part in table.reasons],
            published=Published(
                pub11=[PublishedSource.model_validate(row) for row in PUB11],
                pub11_total=PublishedSource.model_validate(PUB11_TOTAL),
                rs3={row.source: row.samples for row in RS3},
                rs3_total=RS3_TOTAL,
                total=RS5M_TOTAL,
            ),
        )


class Cut(BaseModel):
    """Where one score is cut."""

    least: float | None = Field(
        description="Lowest score kept; null where the threshold keeps everything, or nothing.",
        examples=[0.2134],
    )
    keep: float = Field(description="Share of the judged samples it keeps by itself.", examples=[0.9])


class Outcome(FromObject):
    """One source, or all of them: judged = vlm + detector + remain."""

    source: str | None = Field(description="The source; null for the total.", examples=["LAION2B"])
    judged: int = Field(description="Samples that the score stages judge.", examples=[1800])
    vlm: int = Field(description="Would be removed by score s.", examples=[180])
    detector: int = Field(description="Would be removed by score c.", examples=[190])
    remain: int = Field(description="Would be kept.", examples=[1430])
    decided: tuple[int, int, int] = Field(
        description="The same three as the catalogue decided.", examples=[[180, 190, 1430]]
    )


class Edge(FromObject):
    """A sample at a threshold."""

    id: int = Field(description="The sample.", examples=[12])
    score: float = Field(description="Its score.", examples=[0.2131])


class Boundary(FromObject):
    """The samples nearest to a threshold, nearest first."""

    removed: list[Edge] = Field(description="Only just removed.")
    kept: list[Edge] = Field(description="Only just kept.")


class WhatIf(BaseModel):
    """What thresholds would do; nothing is decided by asking."""

    thresholds: dict[str, Cut] = Field(description="By score: `vlm` (score s), `detector` (score c).")
    rows: list[Outcome] = Field(description="Counts by source, most samples first.")
    total: Outcome = Field(description="Their sum.")
    boundaries: dict[str, Boundary] = Field(description="By score, the samples at its threshold.")
    milliseconds: float = Field(description="Time of the counting.", examples=[11.8])

    @classmethod
    def of(cls, answer: CatalogueWhatIf, boundaries: dict[ScoreName, CatalogueBoundary]) -> Self:
        """`answer` as JSON."""
        return cls(
            thresholds={
                name: Cut(least=value if math.isfinite(value) else None, keep=answer.shares[name])
                for name, value in answer.thresholds.items()
            },
            rows=[Outcome.model_validate(row) for row in answer.rows],
            total=Outcome.model_validate(answer.total),
            boundaries={name: Boundary.model_validate(edge) for name, edge in boundaries.items()},
            milliseconds=round(answer.milliseconds, 3),
        )
