"""`/map`: where the samples are. What its viewport shows comes from `/api/map`."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep, QueryDep, VectorsDep
from app.routes.pages import page
from app.views.map import MapView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/map")
def map_page(request: Request, catalogue: CatalogueDep, query: QueryDep, vectors: VectorsDep) -> HTMLResponse:
    """The map of the samples that pass the filters."""
    return page(request, "map", {"query": query, "view": MapView(catalogue, query, vectors)})
