"""One file a page, found by its URL. A new page is a file here and its router in `ROUTERS`."""

from fastapi import APIRouter

from app.routes import (
    about,
    api,
    captions,
    docs,
    export,
    health,
    images,
    map,
    query_images,
    samples,
    search,
    stages,
)

ROUTERS: tuple[APIRouter, ...] = (
    search.router,
    captions.router,
    map.router,
    stages.router,
    samples.router,
    about.router,
    export.router,
    api.router,
    images.router,
    query_images.router,
    health.router,
    docs.router,
)
