"""`/export.csv`: any view as a spreadsheet."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import StreamingResponse

from app.dependencies import CatalogueDep, StrictQueryDep, VectorsDep
from app.licence import LICENCE_NOTE
from app.query.export import export
from app.routes.openapi import query_parameters

router = APIRouter(tags=["export"])


@router.get(
    "/export.csv",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "`X-Row-Count` says how many rows follow."}},
    openapi_extra=query_parameters(without=("cursor",)),
)
def export_csv(catalogue: CatalogueDep, query: StrictQueryDep, vectors: VectorsDep) -> StreamingResponse:
    """A view as CSV, streamed: every match of a list, the best `k` (1,000 by default) of a ranking.

    UTF-8 with one header line. Texts that a spreadsheet would run as formulas get a leading apostrophe.
    """
    made = export(catalogue, query, vectors)
    headers = {
        "Content-Disposition": f'attachment; filename="{made.filename}"',
        "X-Row-Count": str(made.rows),
        "X-Licence-Note": LICENCE_NOTE,
        "Cache-Control": "no-cache",
    }
    return StreamingResponse(made.chunks, headers=headers, media_type="text/csv; charset=utf-8")
