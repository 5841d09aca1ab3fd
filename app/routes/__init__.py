"""One file a page, found by its URL. A new page is a file here and its router in `ROUTERS`."""

from fastapi import APIRouter

from app.routes import health, images, query_images

ROUTERS: tuple[APIRouter, ...] = (health.router, images.router, query_images.router)
