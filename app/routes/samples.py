"""`/samples/{id}`: one sample, and its neighbours fetched after it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep
from app.query import Query, fetch_sample
from app.query.neighbours import neighbours
from app.routes.pages import page
from app.templates import templates
from app.views.cards import CARD_COLUMNS
from app.views.sample import SampleView
from app.views.search import SearchView

NEIGHBOURS = 16

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

SampleId = Annotated[int, Path(ge=0, le=2**62)]


@router.get("/samples/{id_}")
def sample(request: Request, catalogue: CatalogueDep, id_: SampleId) -> HTMLResponse:
    """Everything the catalogue knows about one sample."""
    view = SampleView(catalogue, fetch_sample(catalogue, id_))
    return page(request, "samples", {"view": view}, fragment="samples/page.html")


@router.get("/samples/{id_}/neighbours")
def strip(request: Request, catalogue: CatalogueDep, id_: SampleId) -> HTMLResponse:
    """The strip of nearest samples."""
    view = SearchView(catalogue, Query(like=(id_,)), neighbours(catalogue, id_, NEIGHBOURS, CARD_COLUMNS))
    return templates.TemplateResponse(request, "samples/neighbours.html", {"view": view})
