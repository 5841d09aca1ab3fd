"""The app: one catalogue, its routes, and what surrounds them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from threading import Thread
from typing import Any

import duckdb
import numpy as np
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from app.dependencies import admit
from app.encoding import QueryEncoder
from app.errors import NotFoundError
from app.lanes import Lanes
from app.query import BBox, Filters, Query, facets, map_cells, search
from app.query.judged import population
from app.query.nearest import nearest
from app.query.passing import passing_vectors
from app.query_images import QueryImages
from app.responses import error_response
from app.routes import POOLED, ROUTERS
from app.security import BodyLimit, SameHost, SecurityHeaders
from app.settings import Settings, read_settings
from app.templates import folder
from app.thumbnails import Thumbnails
from app.workspace import Workspace, workspace_path
from indexer import __version__
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from indexer.gazetteer.gazetteer import open_gazetteer

# What multipart adds around an uploaded picture.
_FORM_OVERHEAD = 16_384
_PACKED_FROM = 20_000

DESCRIPTION = """
Search, browse and export one catalogue of remote-sensing image-text pairs.

A query is the same set of parameters everywhere: a page's address, its JSON twin under `/api` and its
`/export.csv` differ only in the path. Values of one filter are alternatives; different
filters are joined by AND. Errors are `{"error": what happened, "hint": what to do}`.
"""


class _App(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """FastAPI's document less the 422 it announces everywhere: a wrong value is answered with 400."""
        document = super().openapi()
        for operations in document["paths"].values():
            for operation in operations.values():
                if "$ref" in str(operation["responses"].get("422", {})):
                    del operation["responses"]["422"]
        for unused in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(unused, None)
        return document


def create_app(catalogue: Catalogue, settings: Settings | None = None) -> FastAPI:
    """The app that serves `catalogue`.

    Args:
        catalogue: an open catalogue; the app only reads it.
        settings: limits and paths; from the environment if None.
    """
    settings = settings or read_settings()
    encoder = QueryEncoder(catalogue, settings.checkpoint, settings.encoder_wait_s)
    lanes = Lanes(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        lanes.start()
        encoder.start()
        Thread(target=warm_up, args=(catalogue,), name="warm-up", daemon=True).start()
        yield

    app = _App(
        title="RS5M Explorer",
        description=DESCRIPTION,
        version=__version__,
        # FastAPI's own pages load scripts from a CDN; `app/routes/docs.py` draws the document instead.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.catalogue = catalogue
    app.state.settings = settings
    app.state.encoder = encoder
    app.state.lanes = lanes
    app.state.workspace = Workspace(workspace_path(catalogue, settings.workspace))
    app.state.query_images = QueryImages(settings.query_images)
    app.state.thumbnails = Thumbnails(catalogue, settings.image_pixels, settings.thumbnail_cache_bytes)
    for router in ROUTERS:
        app.include_router(router)
    for router in POOLED:
        app.include_router(router, dependencies=[Depends(admit)])
    # Land outlines are three quarters of a megabyte, and a third of that packed. Answers come as they are: on
    # the machine itself, where most people run this, packing costs more than it saves.
    packed = GZipMiddleware(StaticFiles(directory=folder("static")), minimum_size=_PACKED_FROM)
    app.mount("/static", packed, name="static")
    app.add_exception_handler(UserError, _user_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    # The last one added is the outermost: even a refusal carries the security headers.
    app.add_middleware(BodyLimit, limit=settings.upload_bytes + _FORM_OVERHEAD)
    app.add_middleware(SameHost, allowed=settings.allowed_hosts)
    app.add_middleware(SecurityHeaders, pictures=settings.tile_origin)
    return app


def warm_up(catalogue: Catalogue) -> None:
    """Open what is opened on first use, so that no visitor waits for it; what fails is told who asks."""
    with suppress(UserError, OSError, duckdb.Error):
        search(catalogue, Query(), limit=1)
        facets(catalogue, Query())
        map_cells(catalogue, Query(), BBox(-180, -90, 180, 90), zoom=2)
        population(catalogue)
        len(catalogue.named_places.ids)
        open_gazetteer()
        if catalogue.manifest.vectors:
            nowhere = np.zeros(catalogue.vectors.shape[1], np.float32)
            nearest(catalogue, nowhere, passing_vectors(catalogue, Filters()), 1)
            if not catalogue.index.is_flat:
                catalogue.index.sizes.sum()


# Coroutines, as any other handler waits for a thread: whoever is refused one is to hear of it at once.
async def _user_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, UserError)  # noqa: S101 - FastAPI's handlers are typed for any exception
    return error_response(request.scope, error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == HTTPStatus.NOT_FOUND:
        return error_response(request.scope, NotFoundError(f"there is no page {request.url.path[:80]!r}."))
    return Response(error.detail, error.status_code, error.headers, "text/plain")


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    return error_response(request.scope, UserError(f"{first['loc'][-1]}: {first['msg']}."))
