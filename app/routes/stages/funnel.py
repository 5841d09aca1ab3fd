"""`/stages`: what each stage of the filter pipeline removed, here and in RS5M as published."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep
from app.query import stage_table
from app.query.funnel import lists_of
from app.routes.pages import page
from app.views.detector import thresholds_sentence
from app.views.stages import StagesView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/stages")
def stages(
    request: Request, catalogue: CatalogueDep, source: Annotated[str | None, Parameter(max_length=200)] = None
) -> HTMLResponse:
    """The funnel by source, as a picture and a table."""
    view = StagesView(stage_table(catalogue), source or None, lists_of(catalogue))
    shown = {"view": view, "thresholds": thresholds_sentence(catalogue)}
    return page(request, "stages", shown, fragment="stages/page.html")
