"""`/about`: what this catalogue is and how it was built."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep
from app.routes.pages import page
from app.views.about import AboutView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/about")
def about(request: Request, catalogue: CatalogueDep) -> HTMLResponse:
    """The manifest, for a person."""
    return page(request, "about", {"view": AboutView(catalogue)}, fragment="about/page.html")
