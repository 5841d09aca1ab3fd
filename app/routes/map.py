"""`/map`: where the samples are. What its viewport shows comes from `/api/map`."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.dependencies import CatalogueDep, QueryDep, SettingsDep, VectorsDep
from app.routes.pages import as_typed, page
from app.views.map import MapView, Tiles

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/map")
def map_page(
    request: Request, catalogue: CatalogueDep, query: QueryDep, vectors: VectorsDep, settings: SettingsDep
) -> Response:
    """The map of the samples that pass the filters."""
    if typed := as_typed(request, catalogue, query):
        return typed
    view = MapView(catalogue, query, vectors, Tiles.of(settings))
    return page(request, "map", {"query": query, "view": view})
