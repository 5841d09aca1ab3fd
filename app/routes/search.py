"""`/`: search and gallery. `/facets`: the filter panel, fetched after the answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from app.dependencies import CatalogueDep, QueryDep, VectorsDep
from app.query import search
from app.routes.pages import as_typed, page
from app.views.cards import CARD_COLUMNS
from app.views.facets import FacetsView
from app.views.search import SWAP, SearchView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

# Pages that have a filter panel; its links keep a page's own parameters.
_PAGES = r"^/(captions|map|map/zones(\?[a-z=&]+)?)?$"


@router.get("/")
def gallery(request: Request, catalogue: CatalogueDep, query: QueryDep, vectors: VectorsDep) -> Response:
    """The gallery: a spread of the catalogue, or what the query finds."""
    if typed := as_typed(request, catalogue, query):
        return typed
    view = SearchView(catalogue, query, search(catalogue, query, vectors, columns=CARD_COLUMNS))
    return page(request, "search", {"query": view.query, "view": view}, more="search/cards.html")


@router.get("/facets")
def facets(
    request: Request,
    catalogue: CatalogueDep,
    query: QueryDep,
    path: Annotated[str, Parameter(alias="page", pattern=_PAGES)] = "/",
) -> HTMLResponse:
    """Filter values with counts, linking to the page at `path`."""
    alone = request.headers.get("HX-Request") != "true"
    view = FacetsView(catalogue, query, path, Markup() if alone else SWAP, unfolded=alone)
    return page(request, "facets", {"query": query, "view": view}, fragment="facets/list.html")
