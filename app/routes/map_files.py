"""`/map.svg`, `/map.png` and `/map.html`: a view of the map to take along."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path
from fastapi import Query as Parameter
from starlette.responses import Response

from app.dependencies import CatalogueDep, LanesDep, ThumbnailsDep, VectorsDep, strict_query
from app.licence import LICENCE_NOTE
from app.query import BBox, Query
from app.query.export import slug
from app.query.parameters import COLOUR
from app.raster import png
from app.routes.openapi import query_parameters
from app.views.map_file import map_file
from app.views.map_picture import MapPicture

router = APIRouter(tags=["export"])

Picture = Literal["svg", "png"]
ViewQuery = Annotated[Query, Depends(strict_query("view", COLOUR.name))]
View = Annotated[
    str | None,
    Parameter(
        description="Part of the Earth to show: west,south,east,north in degrees; by default all samples.",
        examples=["-98,28,-93,32"],
    ),
]
_DOCUMENTED = query_parameters(without=("cursor", "sort", "group", "min_score"), also=(COLOUR,))
_TYPES: dict[Picture, str] = {"svg": "image/svg+xml", "png": "image/png"}
# A picture is drawn, not run: nothing in it may load or start anything.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@router.get(
    "/map.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
    openapi_extra=_DOCUMENTED,
)
async def map_html(
    catalogue: CatalogueDep,
    query: ViewQuery,
    vectors: VectorsDep,
    lanes: LanesDep,
    thumbnails: ThumbnailsDep,
    view: View = None,
) -> Response:
    """The map as one HTML file that folium makes; it loads nothing, so it opens without a connection."""
    make = partial(map_file, catalogue, query, vectors, thumbnails, _box(view))
    content = await lanes.downloads.run(make)
    headers = _headers(catalogue.manifest.catalogue_id, query, "html")
    return Response(content, headers=headers, media_type="text/html; charset=utf-8")


@router.get(
    "/map.{form}",
    response_class=Response,
    responses={200: {"content": {media: {} for media in _TYPES.values()}}},
    openapi_extra=_DOCUMENTED,
)
async def map_picture(
    catalogue: CatalogueDep,
    query: ViewQuery,
    vectors: VectorsDep,
    lanes: LanesDep,
    form: Annotated[Picture, Path(description="Vector or pixels.", examples=["svg"])],
    view: View = None,
) -> Response:
    """The map as a picture, 1,280 units wide; as PNG with two pixels a unit."""

    def made() -> Response:
        svg = MapPicture(catalogue, query, vectors, _box(view)).svg()
        content = png(svg) if form == "png" else svg.encode()
        return Response(
            content, headers=_headers(catalogue.manifest.catalogue_id, query, form), media_type=_TYPES[form]
        )

    return await lanes.downloads.run(made)


def _box(view: str | None) -> BBox | None:
    return BBox.parse(view, "view") if view else None


def _headers(catalogue_id: str, query: Query, form: str) -> dict[str, str]:
    words = [query.q, *(f"{name}-{value}" for name, value in query.filters.to_params())]
    return {
        "Content-Disposition": f'attachment; filename="rs5m-map-{slug(words)}-{catalogue_id}.{form}"',
        "Content-Security-Policy": PICTURE_POLICY,
        "X-Licence-Note": LICENCE_NOTE,
        "Cache-Control": "no-cache",
    }
