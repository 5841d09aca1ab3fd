"""`/stages/what-if`: what other thresholds of the two scores would remove."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep
from app.query.thresholds import parse_thresholds
from app.routes.pages import page
from app.views.what_if import WhatIfView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/stages/what-if")
def what_if(
    request: Request, catalogue: CatalogueDep, strip: Literal["vlm", "detector"] | None = None
) -> HTMLResponse:
    """Histograms with thresholds; the part below them alone where htmx asks."""
    asked = parse_thresholds(request.query_params.multi_items(), own=("strip",))
    view = WhatIfView(catalogue, asked, strip)
    return page(request, "stages/what_if", {"view": view}, fragment="stages/what_if/answer.html")
