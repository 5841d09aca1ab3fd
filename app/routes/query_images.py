"""`/query-images`: a picture to search by; the answer is the address of its results."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from app.dependencies import EncoderDep, LanesDep, QueryImagesDep, SettingsDep
from app.encoding import QueryEncoder
from app.errors import TooLargeError
from app.query import Query
from app.query_images import QueryImages
from indexer.errors import UserError
from indexer.images import BadImage, ImageLimits, decode

router = APIRouter(tags=["images"])

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["image"],
                    "properties": {"image": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post(
    "/query-images",
    status_code=303,
    response_class=RedirectResponse,
    responses={303: {"description": "`Location` is the search by this picture (`/?image=HASH`)."}},
    openapi_extra=_FORM,
)
async def upload(
    request: Request, encoder: EncoderDep, images: QueryImagesDep, lanes: LanesDep, settings: SettingsDep
) -> Response:
    """Take a picture (form field `image`) and go to the samples most like it.

    Only a vector and a small copy are held, in memory, until newer uploads push them out.
    """
    async with request.form(max_files=1, max_fields=0) as form:
        data = await _read(form, settings.upload_bytes)
    limits = ImageLimits(bytes=settings.upload_bytes, pixels=settings.image_pixels)
    await encoder.loaded()
    name = await lanes.pictures.run(partial(_hold, data, limits, encoder, images))
    return RedirectResponse(Query(image=name).url("/"), status_code=303)


@router.get("/query-images/{name}", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}})
async def thumbnail(
    images: QueryImagesDep,
    name: Annotated[str, Path(description="Hash of the picture, as `/?image=` has it.")],
) -> Response:
    """A small copy of an uploaded picture."""
    headers = {"Cache-Control": "private, max-age=3600"}
    return Response(images.get(name).thumbnail, headers=headers, media_type="image/jpeg")


async def _read(form: FormData, limit: int) -> bytes:
    file = form.get("image")
    if not isinstance(file, UploadFile):
        raise UserError("the form has no file named image.", "Choose a picture.")
    data = await file.read(limit + 1)
    if len(data) > limit:
        raise TooLargeError(f"the picture is larger than {limit:,} bytes.", "Send a smaller one.")
    return data


def _hold(data: bytes, limits: ImageLimits, encoder: QueryEncoder, images: QueryImages) -> str:
    try:
        picture = decode(data, limits).image
    except BadImage as error:
        raise UserError(error.fault.detail, "Send a JPEG, PNG, WebP, TIFF, GIF or BMP picture.") from None
    return images.add(data, picture, encoder)
