"""`/captions`: captions as a list, searched by their words."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep, QueryDep, VectorsDep
from app.query import search
from app.routes.pages import page
from app.views.captions import CaptionsView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/captions")
def captions(request: Request, catalogue: CatalogueDep, query: QueryDep, vectors: VectorsDep) -> HTMLResponse:
    """The captions that pass the filters and hold the words."""
    by_words = replace(query, mode="caption")
    view = CaptionsView(catalogue, query, search(catalogue, by_words, vectors))
    return page(request, "captions", {"query": query, "view": view}, more="captions/rows.html")
