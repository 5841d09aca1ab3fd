"""One file a page, found by its URL. A new page is a file here and its router in `POOLED`.

`POOLED` are worked on in the pool of threads that pages and searches share; the others have threads of their
own (`app.lanes`) or are to answer at any time.
"""

from fastapi import APIRouter

from app.routes import (
    about,
    api,
    audit,
    audit_api,
    captions,
    catalogue,
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

POOLED: tuple[APIRouter, ...] = (
    search.router,
    captions.router,
    map.router,
    stages.router,
    audit.router,
    audit_api.router,
    samples.router,
    about.router,
    api.router,
    catalogue.router,
    docs.router,
)

ROUTERS: tuple[APIRouter, ...] = (export.router, images.router, query_images.router, health.router)
