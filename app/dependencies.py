"""What routes ask FastAPI for; each is one line in a route's signature.

They are coroutines because FastAPI gives a thread of its own to every other dependency of every request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from app.encoding import QueryEncoder
from app.lanes import Lanes
from app.query import Query
from app.query.parameters import FILTER_PARAMETERS, PARAMETERS, reject_unknown
from app.query_images import AppVectors, QueryImages
from app.settings import Settings
from app.thumbnails import Thumbnails
from app.workspace import Workspace
from indexer.catalogue import Catalogue


async def get_catalogue(request: Request) -> Catalogue:
    """The catalogue this app serves."""
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue


async def get_settings(request: Request) -> Settings:
    """The app's settings."""
    settings: Settings = request.app.state.settings
    return settings


async def get_encoder(request: Request) -> QueryEncoder:
    """The catalogue's encoder, loading, ready or not to be had."""
    encoder: QueryEncoder = request.app.state.encoder
    return encoder


async def get_query_images(request: Request) -> QueryImages:
    """The query images people uploaded."""
    images: QueryImages = request.app.state.query_images
    return images


async def get_vectors(request: Request) -> AppVectors:
    """Query vectors, by the encoder for texts and by what was uploaded for images."""
    return AppVectors(await get_encoder(request), await get_query_images(request))


async def get_loaded_vectors(request: Request) -> AppVectors:
    """As `get_vectors`; a text waits here, where waiting holds no thread, while its encoder loads."""
    vectors = await get_vectors(request)
    if request.query_params.get("q") and request.query_params.get("mode") != "caption":
        await (await get_encoder(request)).loaded()
    return vectors


async def get_lanes(request: Request) -> Lanes:
    """The threads, by kind of work."""
    lanes: Lanes = request.app.state.lanes
    return lanes


async def admit(request: Request) -> None:
    """Let a request into the line for the pool that pages and searches run in, if it is not too long."""
    lanes: Lanes = request.app.state.lanes
    lanes.admit()


async def get_thumbnails(request: Request) -> Thumbnails:
    """Resized pictures."""
    thumbnails: Thumbnails = request.app.state.thumbnails
    return thumbnails


async def get_workspace(request: Request) -> Workspace:
    """The file that people's marks are kept in."""
    workspace: Workspace = request.app.state.workspace
    return workspace


async def query_from_request(request: Request) -> Query:
    """The URL's query; a value that is none of its parameter's is answered with 400."""
    return Query.from_params(request.query_params.multi_items())


def strict_query(*own: str) -> Callable[[Request], Awaitable[Query]]:
    """As `query_from_request`, but a parameter that is neither a query's nor the route's `own` is refused."""
    return _strict((*(parameter.name for parameter in PARAMETERS), *own))


def strict_filters(*own: str) -> Callable[[Request], Awaitable[Query]]:
    """As `strict_query`, for a route that counts what passes the filters and ranks nothing."""
    return _strict((*(parameter.name for parameter in FILTER_PARAMETERS), *own))


def _strict(known: tuple[str, ...]) -> Callable[[Request], Awaitable[Query]]:
    async def parse(request: Request) -> Query:
        reject_unknown(request.query_params.keys(), known)
        return await query_from_request(request)

    return parse


CatalogueDep = Annotated[Catalogue, Depends(get_catalogue)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
EncoderDep = Annotated[QueryEncoder, Depends(get_encoder)]
QueryImagesDep = Annotated[QueryImages, Depends(get_query_images)]
VectorsDep = Annotated[AppVectors, Depends(get_loaded_vectors)]
PictureVectorsDep = Annotated[AppVectors, Depends(get_vectors)]
LanesDep = Annotated[Lanes, Depends(get_lanes)]
ThumbnailsDep = Annotated[Thumbnails, Depends(get_thumbnails)]
WorkspaceDep = Annotated[Workspace, Depends(get_workspace)]
QueryDep = Annotated[Query, Depends(query_from_request)]
StrictQueryDep = Annotated[Query, Depends(strict_query())]
