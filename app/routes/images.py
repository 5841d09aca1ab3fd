"""`/images/{id}`: a sample's picture, by its id only: no path or address a caller names is read."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.dependencies import CatalogueDep, LanesDep, ThumbnailsDep
from app.query.query import MAX_ID
from app.thumbnails import SIZES, Picture
from indexer.catalogue import Catalogue
from indexer.errors import UserError

router = APIRouter(tags=["images"])

SampleId = Annotated[int, Path(ge=0, le=MAX_ID, description="Id of the sample.", examples=[12])]
Version = Annotated[
    str | None, Query(description="Catalogue id: with it, browsers keep the picture for good.")
]

# An original is shown as it is, and whatever it pretends to be, it runs nothing.
_INERT = "default-src 'none'; sandbox"
_FOR_GOOD = "public, max-age=31536000, immutable"


@router.get("/images/{id}", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
async def image(
    request: Request,
    catalogue: CatalogueDep,
    thumbnails: ThumbnailsDep,
    lanes: LanesDep,
    id: SampleId,
    size: Annotated[int, Query(description="Longest side in pixels.", examples=[256])] = 256,
    v: Version = None,
) -> Response:
    """The sample's picture, resized (never enlarged); where there is none, a placeholder that says why."""
    if size not in SIZES:
        raise UserError(f"size={size} is not served.", f"Choose one of {', '.join(map(str, SIZES))}.")
    tag = f'"{catalogue.manifest.catalogue_id}-{id}-{size}"'
    if _has(request, tag):
        return _unchanged(catalogue, tag, v)
    picture = thumbnails.held(id, size)
    if picture is None:
        picture = await lanes.pictures.run(partial(thumbnails.resized, id, size))
    return _response(catalogue, picture, tag, v)


@router.get("/images/{id}/original", response_class=Response, responses={200: {"content": {"image/*": {}}}})
async def original(
    request: Request,
    catalogue: CatalogueDep,
    thumbnails: ThumbnailsDep,
    lanes: LanesDep,
    id: SampleId,
    v: Version = None,
) -> Response:
    """The sample's picture as it lies in its file, with the type its bytes have."""
    tag = f'"{catalogue.manifest.catalogue_id}-{id}-original"'
    if _has(request, tag):
        return _unchanged(catalogue, tag, v)
    return _response(catalogue, await lanes.pictures.run(partial(thumbnails.original, id)), tag, v)


def _response(catalogue: Catalogue, picture: Picture, tag: str, version: str | None) -> Response:
    headers = {"Content-Security-Policy": _INERT}
    if picture.lasting:
        headers |= _caching(catalogue, tag, version)
    else:
        headers["Cache-Control"] = "no-store"
    return Response(picture.data, picture.status, headers, picture.media_type)


def _unchanged(catalogue: Catalogue, tag: str, version: str | None) -> Response:
    return Response(status_code=304, headers=_caching(catalogue, tag, version))


def _caching(catalogue: Catalogue, tag: str, version: str | None) -> dict[str, str]:
    # Without the catalogue in its address, the same address may show another catalogue's picture tomorrow.
    lasts = version == catalogue.manifest.catalogue_id
    return {"ETag": tag, "Cache-Control": _FOR_GOOD if lasts else "no-cache"}


def _has(request: Request, tag: str) -> bool:
    return tag in {part.strip() for part in request.headers.get("if-none-match", "").split(",")}
