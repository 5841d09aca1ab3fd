"""`/api/stages` and `/api/stages/what-if`: the answers of the stages' pages as JSON."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.dependencies import CatalogueDep
from app.query import stage_table
from app.query.cells import WHEREABOUTS, Cell
from app.query.funnel import funnel_of
from app.query.judged import population
from app.query.parameters import PLACE_PARAMETERS, reject_unknown
from app.query.thresholds import THRESHOLD_PARAMETERS, parse_thresholds
from app.query.whatif import boundary
from app.query.whatif import what_if as count_what_if
from app.routes.models import Problem
from app.routes.openapi import listed
from app.routes.stages import models

router = APIRouter(prefix="/api/stages", tags=["api"], responses={400: {"model": Problem}})


@router.get("", openapi_extra=listed(PLACE_PARAMETERS))
def api_stages(request: Request, catalogue: CatalogueDep) -> models.Stages:
    """What each stage removed of each source here, or of what lies in a place; and RS5M's published table."""
    reject_unknown(request.query_params.keys(), WHEREABOUTS)
    place = Cell.from_params(request.query_params.multi_items()).place
    return models.Stages.of(stage_table(catalogue, place), funnel_of(catalogue, place))


@router.get("/what-if", openapi_extra=listed(THRESHOLD_PARAMETERS))
def api_what_if(request: Request, catalogue: CatalogueDep) -> models.WhatIf:
    """How many samples of each source other thresholds of the two scores would remove and keep.

    Judged are the samples of the subsets in the stages' settings that have a score and that no earlier stage
    removed. A sample is kept if each score is at least its threshold; below both, `vlm` removes it. A score
    that is not asked about is cut where the catalogue cuts it.
    """
    answer = count_what_if(catalogue, parse_thresholds(request.query_params.multi_items()))
    judged = population(catalogue)
    edges = {name: boundary(judged, answer.thresholds, name) for name in answer.thresholds}
    return models.WhatIf.of(answer, edges)
