"""`/captions`: captions as a list, searched by their words."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep, PictureVectorsDep, QueryDep
from app.query.captions import list_captions
from app.routes.pages import page
from app.views.captions import CAPTION_COLUMNS, CaptionsView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/captions")
def captions(
    request: Request, catalogue: CatalogueDep, query: QueryDep, vectors: PictureVectorsDep
) -> HTMLResponse:
    """The captions that pass the filters and hold the words."""
    view = CaptionsView(catalogue, query, list_captions(catalogue, query, vectors, columns=CAPTION_COLUMNS))
    return page(request, "captions", {"query": view.query, "view": view}, more="captions/rows.html")
