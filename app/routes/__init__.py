"""One file a page, found by its URL. A new page is a file here and its router in `ROUTERS`."""

from fastapi import APIRouter

from app.routes import api, captions, docs, export, health, images, query_images, samples, search

ROUTERS: tuple[APIRouter, ...] = (
    search.router,
    captions.router,
    samples.router,
    export.router,
    api.router,
    images.router,
    query_images.router,
    health.router,
    docs.router,
)
