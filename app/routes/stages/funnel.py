"""`/stages`: what each stage of the filter pipeline removed, here and in RS5M as published."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep
from app.query import stage_table
from app.query.cells import Cell
from app.query.funnel import lists_of
from app.routes.pages import page
from app.views.detector import thresholds_sentence
from app.views.stages import StagesView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/stages")
def stages(request: Request, catalogue: CatalogueDep) -> HTMLResponse:
    """The funnel by source, as a picture and a table; of everything, or of what lies in a place."""
    asked = Cell.from_params(request.query_params.multi_items())
    cell = Cell(source=asked.source, place=asked.place)
    view = StagesView(stage_table(catalogue, cell.place), cell, lists_of(catalogue, cell.place))
    shown = {
        "view": view,
        "place": cell.place,
        "thresholds": None if view.chips else thresholds_sentence(catalogue),
    }
    return page(request, "stages", shown, fragment="stages/page.html")
