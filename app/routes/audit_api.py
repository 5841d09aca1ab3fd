"""`/api/audit` and `/audit/marks.csv`: the estimates for a program, and the marks behind them."""

from __future__ import annotations

from functools import partial
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from app.dependencies import CatalogueDep, LanesDep, WorkspaceDep
from app.query import stage_table
from app.query.estimates import PUBLISHED_KEPT, PUBLISHED_REMOVED, Audit, Count, Estimate, estimate
from app.query.export import Export
from app.query.marked import matched
from app.query.marks_csv import marks_csv
from app.routes.export import Download
from app.routes.models import Problem
from app.workspace import Marks, Workspace
from indexer.catalogue import Catalogue

router = APIRouter(tags=["audit"], responses={503: {"model": Problem}})


class Rate(BaseModel):
    """A share of wrong decisions, estimated from random draws."""

    population: int = Field(description="Samples it is about.", examples=[5420])
    marked: int = Field(description="Of them drawn at random and judged.", examples=[300])
    skipped: int = Field(description="Of them drawn at random and skipped.", examples=[4])
    errors: int = Field(description="Judged otherwise than the pipeline decided.", examples=[3])
    share: float | None = Field(
        description="Errors of those marked, 0 to 1; null without marks.", examples=[0.01]
    )
    low: float | None = Field(
        description="Lower end of the 95 % Clopper-Pearson interval.", examples=[0.0021]
    )
    high: float | None = Field(description="Upper end of it.", examples=[0.0289])

    @classmethod
    def of(cls, estimate: Estimate) -> Self:
        """`estimate` as JSON."""
        interval = estimate.interval
        return cls(
            population=estimate.population,
            marked=estimate.marked,
            skipped=estimate.skipped,
            errors=estimate.errors,
            share=estimate.share,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
        )


class SourceRates(BaseModel):
    """The two rates of one source."""

    source: str | None = Field(description="The source; null for samples without one.", examples=["FMoW"])
    kept: Rate = Field(description="Its kept samples that should have gone.")
    removed: Rate = Field(description="Its removed samples that should have stayed.")


class StageRate(BaseModel):
    """The rate of one stage."""

    stage: str = Field(description="The stage.", examples=["duplicate"])
    removed: Rate = Field(description="What it removed and should have stayed.")


class BoundaryMarks(BaseModel):
    """Marks of samples nearest to a threshold; no estimate follows from them."""

    marked: int = Field(description="Samples judged.", examples=[50])
    errors: int = Field(description="Judged otherwise than the pipeline decided.", examples=[11])

    @classmethod
    def of(cls, count: Count) -> Self:
        """`count` as JSON."""
        return cls(marked=count.marked, errors=count.errors)


class PublishedRates(BaseModel):
    """What RS5M's authors found in their own audit (arXiv 2306.11300)."""

    kept: float = Field(description="Share of the kept that were outliers.", examples=[PUBLISHED_KEPT])
    removed: float = Field(
        description="Share of the removed that were wrongly removed.", examples=[PUBLISHED_REMOVED]
    )


class LeftOut(BaseModel):
    """Marks of random draws that no rate counts."""

    moved: int = Field(
        description="Samples that were on the other side when drawn, and not marked since.", examples=[0]
    )
    changed: int = Field(description="The sample has another picture now.", examples=[0])
    gone: int = Field(description="There is no such sample in this catalogue.", examples=[0])


class AuditRates(BaseModel):
    """How often the pipeline was wrong, by the marks in the workspace."""

    kept: Rate = Field(description="Kept samples that should have gone.")
    removed: Rate = Field(description="Removed samples that should have stayed.")
    stages: list[StageRate] = Field(description="The latter by the stage that removed.")
    sources: list[SourceRates] = Field(description="Both by source.")
    boundary_kept: BoundaryMarks = Field(description="Marks of kept samples nearest to a threshold.")
    boundary_removed: BoundaryMarks = Field(description="Marks of removed ones.")
    earlier: int = Field(
        description="Marks counted above that were made before the catalogue was decided or built anew.",
        examples=[0],
    )
    left_out: LeftOut = Field(description="Marks that are not counted.")
    published: PublishedRates = Field(description="RS5M's own rates.")

    @classmethod
    def of(cls, audit: Audit) -> Self:
        """`audit` as JSON."""
        return cls(
            kept=Rate.of(audit.kept),
            removed=Rate.of(audit.removed),
            stages=[
                StageRate(stage=stage, removed=Rate.of(found)) for stage, found in audit.by_stage.items()
            ],
            sources=[
                SourceRates(source=one.source, kept=Rate.of(one.kept), removed=Rate.of(one.removed))
                for one in audit.by_source
            ],
            boundary_kept=BoundaryMarks.of(audit.boundary_kept),
            boundary_removed=BoundaryMarks.of(audit.boundary_removed),
            earlier=audit.earlier,
            left_out=LeftOut(moved=audit.moved, changed=audit.changed, gone=audit.gone),
            published=PublishedRates(kept=PUBLISHED_KEPT, removed=PUBLISHED_REMOVED),
        )


@router.get("/api/audit")
def api_audit(catalogue: CatalogueDep, workspace: WorkspaceDep) -> AuditRates:
    """Error rates of the pipeline, estimated from what people marked on `/audit`.

    Only marks of random draws count; a draw restricted to one source or stage counts for that part only.
    """
    found = matched(catalogue, Marks(workspace).all())
    return AuditRates.of(estimate(catalogue, found, stage_table(catalogue)))


@router.get(
    "/audit/marks.csv",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "`X-Row-Count` says how many rows follow."}},
)
async def audit_marks_csv(catalogue: CatalogueDep, workspace: WorkspaceDep, lanes: LanesDep) -> Download:
    """Every mark as CSV, the first made first; `error` says whether this catalogue decided otherwise.

    UTF-8 with one header line. Texts that a spreadsheet would run as formulas get a leading apostrophe.
    """
    return Download(await lanes.downloads.run(partial(_marks, catalogue, workspace)), lanes)


def _marks(catalogue: Catalogue, workspace: Workspace) -> Export:
    return marks_csv(catalogue, matched(catalogue, Marks(workspace).all()))
