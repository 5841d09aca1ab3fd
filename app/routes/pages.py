"""One address, three answers: the page, the part htmx replaces, or the next stretch of a list."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.query import Query
from app.query.placed import placed
from app.templates import templates
from indexer.catalogue import Catalogue

TYPED = "typed"
"""Parameter of what comes from the search box; a link, a bookmark and the API have a text taken as it is."""


def as_typed(request: Request, catalogue: Catalogue, query: Query) -> Response | None:
    """The way on to what a person who typed a text is shown; None for an address that came another way.

    A place that the text names becomes a filter, which the address then says and a chip takes away.
    """
    if request.query_params.get(TYPED) != "yes":
        return None
    asked = (placed(catalogue, query) if query.mode != "caption" else None) or query
    return RedirectResponse(asked.url(request.url.path), status_code=303)


def page(
    request: Request,
    name: str,
    context: dict[str, Any],
    *,
    fragment: str | None = None,
    more: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Render the templates of a page.

    Args:
        request: its `HX-*` headers say which part is asked for.
        name: folder of the page's templates.
        context: what they show.
        fragment: template of the part htmx replaces; `<name>/fragment.html` by default.
        more: template of the next stretch, where the page is a list that goes on.
        status: HTTP status.
    """
    template = f"{name}/page.html"
    if request.headers.get("HX-Request") == "true":
        goes_on = more is not None and request.headers.get("HX-Target") == "more"
        template = more if goes_on and more else fragment or f"{name}/fragment.html"
    response = templates.TemplateResponse(request, template, context, status_code=status)
    # The same address has several answers: a cache must not mix them up.
    response.headers["Vary"] = "HX-Request, HX-Target"
    response.headers["Cache-Control"] = "no-cache"
    return response
