"""`/stages/ledger.*` and `/stages/funnel.*`: the ledger or a cell of it, and the funnel, as files."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.responses import StreamingResponse

from app.dependencies import CatalogueDep, LanesDep
from app.query.cells import CELL_PARAMETERS, WHEREABOUTS, Cell
from app.query.funnel import funnel_of
from app.query.funnel_export import Form as FunnelForm
from app.query.funnel_export import export_funnel
from app.query.ledger_export import Form, export_ledger
from app.query.parameters import PLACE_PARAMETERS, reject_unknown
from app.routes.export import Download
from app.routes.openapi import listed

router = APIRouter(tags=["export"])

LedgerFormPath = Annotated[Form, Path(description="csv or parquet.")]
FunnelFormPath = Annotated[FunnelForm, Path(description="csv, md or tex.")]


@router.get(
    "/stages/ledger.{form}",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}, "application/vnd.apache.parquet": {}}}},
    openapi_extra=listed(CELL_PARAMETERS),
)
async def ledger(
    request: Request, catalogue: CatalogueDep, lanes: LanesDep, form: LedgerFormPath
) -> Download:
    """The ledger as CSV or Parquet, streamed: every sample ever read, or those of one cell.

    Each row has the sample's key, source, subset, URL and caption, the stage that removed it (or `kept`), the
    reason, what was measured and against what, the keyword, and a duplicate's keeper and cluster. In CSV,
    texts that a spreadsheet would run as formulas get a leading apostrophe.
    """
    cell = Cell.from_params(request.query_params.multi_items())
    return Download(await lanes.downloads.run(partial(export_ledger, catalogue, cell, form)), lanes)


@router.get("/stages/funnel.{form}", response_class=Response, openapi_extra=listed(PLACE_PARAMETERS))
async def funnel_table(
    request: Request, catalogue: CatalogueDep, lanes: LanesDep, form: FunnelFormPath
) -> Response:
    """The funnel by source in the columns of RS5M's table: as CSV, Markdown (`md`) or LaTeX (`tex`)."""
    reject_unknown(request.query_params.keys(), WHEREABOUTS)
    place = Cell.from_params(request.query_params.multi_items()).place

    def made() -> Response:
        file = export_funnel(catalogue, funnel_of(catalogue, place), form)
        headers = {
            "Content-Disposition": f'attachment; filename="{file.filename}"',
            "Cache-Control": "no-cache",
        }
        return Response(b"".join(file.chunks), headers=headers, media_type=file.media_type)

    return await lanes.downloads.run(made)
