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
    map_files,
    query_images,
    samples,
    search,
    zones,
    zones_api,
    zones_files,
)
from app.routes.stages import api as stage_api
from app.routes.stages import exports as stage_exports
from app.routes.stages import funnel as stage_funnel
from app.routes.stages import samples as stage_samples
from app.routes.stages import what_if as stage_what_if

POOLED: tuple[APIRouter, ...] = (
    search.router,
    captions.router,
    map.router,
    zones.router,
    stage_funnel.router,
    stage_samples.router,
    stage_what_if.router,
    audit.router,
    audit_api.router,
    samples.router,
    about.router,
    api.router,
    zones_api.router,
    stage_api.router,
    catalogue.router,
    docs.router,
)

ROUTERS: tuple[APIRouter, ...] = (
    export.router,
    map_files.router,
    zones_files.router,
    stage_exports.router,
    images.router,
    query_images.router,
    health.router,
)
