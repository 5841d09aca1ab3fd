"""`/stages/samples`: the samples of one cell of the funnel, with what the ledger says of each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep
from app.query.cells import Cell, Order
from app.query.entries import entry_page
from app.routes.pages import page
from app.views.entries import EntriesView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/stages/samples")
def samples(
    request: Request,
    catalogue: CatalogueDep,
    order: Order = "id",
    cursor: Annotated[str | None, Parameter(max_length=20)] = None,
) -> HTMLResponse:
    """A gallery of one cell."""
    cell = Cell.from_params(request.query_params.multi_items(), own=("order", "cursor"))
    view = EntriesView(catalogue, cell, order, entry_page(catalogue, cell, order, cursor or None))
    return page(
        request,
        "stages/samples",
        {"view": view, "place": cell.place},
        fragment="stages/samples/page.html",
        more="stages/samples/cards.html",
    )
