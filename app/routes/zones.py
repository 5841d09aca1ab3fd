"""`/map/zones`: samples by UTM zone, and the long tail of zones, classes, sources, months and countries."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from fastapi.responses import HTMLResponse

from app.dependencies import CatalogueDep, QueryDep
from app.query.longtail import By
from app.query.zones import Reading
from app.routes.pages import page
from app.views.zones import ZonesView

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

ByParameter = Annotated[By, Parameter(description="What the long tail groups by.", examples=["class"])]
ReadingParameter = Annotated[
    Reading,
    Parameter(
        description="What a letter stands for where a source writes a hemisphere (BigEarthNet's `34N`): "
        "`hemisphere`, or `upstream` for a latitude band, as RS5M's own plot has it.",
        examples=["hemisphere"],
    ),
]


@router.get("/map/zones")
def zones_page(
    request: Request,
    catalogue: CatalogueDep,
    query: QueryDep,
    by: ByParameter = "zone",
    reading: ReadingParameter = "hemisphere",
) -> HTMLResponse:
    """The UTM grid and the long tail of the samples that pass the filters."""
    view = ZonesView(catalogue, query, by, reading)
    return page(request, "zones", {"query": view.query, "view": view})
