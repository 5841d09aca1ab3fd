"""`/api/...`: the pages' answers as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi import Query as Parameter

from app.dependencies import CatalogueDep, StrictQueryDep, VectorsDep, strict_query
from app.query import BBox, Query, count, facets, fetch_sample, kind_of, map_cells, search
from app.query.export import EXPORT_K, exported
from app.query.grid import MAX_ZOOM
from app.query.parameters import COLOUR
from app.query.passing import total
from app.query.query import MAX_ID
from app.routes import models
from app.routes.openapi import query_parameters

router = APIRouter(prefix="/api", tags=["api"], responses={400: {"model": models.Problem}})

_WHOLE_EARTH = "-180,-90,180,90"
_FILTERS_ONLY = ("k", "cursor", "sort")


@router.get("/search", openapi_extra=query_parameters(), responses={404: {"model": models.Problem}})
def api_search(catalogue: CatalogueDep, query: StrictQueryDep, vectors: VectorsDep) -> models.Search:
    """Search or list: one page of results, 50 unless `k` says otherwise, and how they were found.

    Filters come first: `k` results come back whenever `k` samples pass them.
    """
    return models.Search.of(
        catalogue, query, search(catalogue, query, vectors, columns=models.SEARCH_COLUMNS)
    )


@router.get("/count", openapi_extra=query_parameters(without=("cursor", "sort")))
def api_count(catalogue: CatalogueDep, query: StrictQueryDep, vectors: VectorsDep) -> models.Count:
    """How many samples match, and how many rows `/export.csv` has with the same parameters.

    `min_score` and `group` are counted as far as an export goes.
    """
    limit = EXPORT_K if query.min_score is not None or query.group else 1
    ranked = search(catalogue, query.with_(k=None), vectors, limit=query.k or limit) if query.ranks else None
    matching = ranked.matching if ranked else count(catalogue, query.filters)
    found = ranked.found if ranked else matching
    return models.Count(
        kind=kind_of(catalogue, query),
        matching=matching,
        total=total(catalogue, query.filters),
        found=found,
        at_least=ranked.at_least if ranked else False,
        exported=exported(query, found),
    )


@router.get("/facets", openapi_extra=query_parameters(without=_FILTERS_ONLY))
def api_facets(catalogue: CatalogueDep, query: StrictQueryDep) -> dict[str, models.Facet]:
    """The values of every filter, each with the number of samples that picking it would give."""
    return {name: models.Facet.of(counts) for name, counts in facets(catalogue, query).items()}


@router.get("/map", openapi_extra=query_parameters(without=("cursor", "sort"), also=(COLOUR,)))
def api_map(
    catalogue: CatalogueDep,
    query: Annotated[Query, Depends(strict_query("view", "zoom", COLOUR.name))],
    vectors: VectorsDep,
    view: Annotated[
        str, Parameter(description="Viewport: west,south,east,north in degrees.", examples=["-98,28,-93,32"])
    ] = _WHOLE_EARTH,
    zoom: Annotated[
        int, Parameter(ge=0, le=MAX_ZOOM, description="Zoom level of the map.", examples=[6])
    ] = 2,
) -> models.Map:
    """Samples with coordinates inside a viewport: points where they are few, counts on a grid otherwise.

    A query that ranks is cut to its best 1,000, or `k`; with `colour=similarity` every sample that passes the
    filters is there.
    """
    answer = map_cells(catalogue, query, BBox.parse(view, "view"), zoom, vectors)
    return models.Map.model_validate(answer)


@router.get("/samples/{id}", responses={404: {"model": models.Problem}})
def api_sample(
    catalogue: CatalogueDep,
    id: Annotated[int, Path(ge=0, le=MAX_ID, description="Id of the sample.", examples=[12])],
) -> models.SampleDetails:
    """Everything the catalogue knows about one sample, its ledger entry included."""
    return models.SampleDetails.of(catalogue, fetch_sample(catalogue, id))
