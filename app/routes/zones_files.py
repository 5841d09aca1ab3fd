"""`/map/zones.*` and `/map/longtail.*`: the figures of `/map/zones` as pictures and tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from app.dependencies import CatalogueDep, LanesDep, strict_filters
from app.licence import LICENCE_NOTE
from app.query import Query
from app.query.export import CSV, Export
from app.query.longtail import long_tail
from app.query.parameters import FILTER_PARAMETERS
from app.query.zones import zone_counts
from app.query.zones_csv import filename, named, tail_csv, zones_csv
from app.raster import png
from app.routes.map_files import PICTURE_POLICY
from app.routes.openapi import listed
from app.routes.zones import ByParameter, ReadingParameter
from app.views.zones_picture import ZonesPicture

router = APIRouter(tags=["export"])

FigureForm = Literal["svg", "png", "csv"]
FormPath = Annotated[FigureForm, Path(description="svg, png or csv.")]
ZonesQuery = Annotated[Query, Depends(strict_filters("reading"))]
TailQuery = Annotated[Query, Depends(strict_filters("by", "reading"))]
_TYPES: dict[FigureForm, str] = {"svg": "image/svg+xml", "png": "image/png", "csv": CSV}
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {media.partition(";")[0]: {} for media in _TYPES.values()}}
}
_FILTERS = listed(FILTER_PARAMETERS)


@router.get("/map/zones.{form}", response_class=Response, responses=_FORMS, openapi_extra=_FILTERS)
async def zones_file(
    catalogue: CatalogueDep,
    query: ZonesQuery,
    lanes: LanesDep,
    form: FormPath,
    reading: ReadingParameter = "hemisphere",
) -> Response:
    """Samples per UTM zone and latitude band, or half a zone where no band is known: a grid, or its numbers.

    The CSV has a row a part of the grid: `zone`, `band`, `hemisphere`, `samples` and their `share` of those
    whose zone is known.
    """

    def made() -> Response:
        counts = zone_counts(catalogue, query.filters, reading)
        if form == "csv":
            return _table(zones_csv(catalogue, query, counts))
        svg = ZonesPicture(catalogue, query, counts).svg
        return _picture(svg, form, filename(catalogue, query, named("zones", reading), form))

    return await lanes.downloads.run(made)


@router.get("/map/longtail.{form}", response_class=Response, responses=_FORMS, openapi_extra=_FILTERS)
async def longtail_file(
    catalogue: CatalogueDep,
    query: TailQuery,
    lanes: LanesDep,
    form: FormPath,
    by: ByParameter = "zone",
    reading: ReadingParameter = "hemisphere",
) -> Response:
    """Samples by rank of their zone, class, source, month or country: a figure, or its numbers.

    The CSV has a row a group, the largest first: `rank`, its value, `samples`, their `share` of those that
    are in a group, and the share of all groups so far.
    """

    def made() -> Response:
        tail = long_tail(catalogue, query.filters, by, reading)
        if form == "csv":
            return _table(tail_csv(catalogue, query, tail, reading))
        svg = ZonesPicture(catalogue, query, tail).svg
        return _picture(svg, form, filename(catalogue, query, named(f"longtail-{by}", reading), form))

    return await lanes.downloads.run(made)


def _table(made: Export) -> Response:
    headers = _headers(made.filename) | {"X-Row-Count": str(made.rows)}
    return Response(b"".join(made.chunks), headers=headers, media_type=made.media_type)


def _picture(svg: Callable[[], str], form: FigureForm, name: str) -> Response:
    content = png(svg()) if form == "png" else svg().encode()
    headers = _headers(name) | {"Content-Security-Policy": PICTURE_POLICY}
    return Response(content, headers=headers, media_type=_TYPES[form])


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Licence-Note": LICENCE_NOTE,
        "Cache-Control": "no-cache",
    }
