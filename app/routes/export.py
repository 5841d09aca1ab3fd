"""`/export.csv` and `/export.geojson`: any view as a spreadsheet, and as points for a geographer's tools."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.dependencies import CatalogueDep, LanesDep, StrictQueryDep, VectorsDep
from app.lanes import Lanes
from app.licence import LICENCE_NOTE
from app.query.export import Export, export
from app.routes.openapi import query_parameters

router = APIRouter(tags=["export"])


class Download(StreamingResponse):
    """A file on its way: worked out piece by piece, no faster than it is read."""

    def __init__(self, made: Export, lanes: Lanes) -> None:
        headers = {
            "Content-Disposition": f'attachment; filename="{made.filename}"',
            "X-Row-Count": str(made.rows),
            "X-Licence-Note": LICENCE_NOTE,
            "Cache-Control": "no-cache",
        }
        pieces = lanes.downloads.iterate(made.chunks)
        super().__init__(pieces, headers=headers, media_type=made.media_type)
        self._lanes = lanes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, unless as many are being sent as may be (ASGI)."""
        with self._lanes.download():
            await super().__call__(scope, receive, send)


@router.get(
    "/export.csv",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "`X-Row-Count` says how many rows follow."}},
    openapi_extra=query_parameters(without=("cursor",)),
)
async def export_csv(
    catalogue: CatalogueDep, query: StrictQueryDep, vectors: VectorsDep, lanes: LanesDep
) -> Download:
    """A view as CSV, streamed: every match of a list, the best `k` (1,000 by default) of a ranking.

    UTF-8 with one header line. Texts that a spreadsheet would run as formulas get a leading apostrophe.
    """
    return Download(await lanes.downloads.run(partial(export, catalogue, query, vectors)), lanes)


@router.get(
    "/export.geojson",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"application/geo+json": {}},
            "description": "`X-Row-Count` says how many features follow.",
        }
    },
    openapi_extra=query_parameters(without=("cursor", "coordinates")),
)
async def export_geojson(
    catalogue: CatalogueDep, query: StrictQueryDep, vectors: VectorsDep, lanes: LanesDep
) -> Download:
    """Samples with a point as GeoJSON (RFC 7946), streamed: those that `/export.csv` would have."""
    make = partial(export, catalogue, query, vectors, "geojson")
    return Download(await lanes.downloads.run(make), lanes)
