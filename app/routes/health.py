"""`/healthz`: whether the app answers, for Docker and for people's monitors."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.dependencies import CatalogueDep, EncoderDep, LanesDep
from app.encoding import State
from indexer import __version__

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """What is being served, and whether search by meaning works."""

    status: str = Field(description="`ok` whenever this answers.", examples=["ok"])
    catalogue: str = Field(description="Catalogue id, from its content.", examples=["3f9a0c1be2d4"])
    samples: int = Field(description="Samples in the catalogue, kept and removed.", examples=[6000])
    encoder: State = Field(description="off, loading, ready or failed.", examples=["ready"])
    problem: str | None = Field(description="Why search by meaning is off.", examples=[None])
    waiting: int = Field(description="Pages and searches that wait for a thread.", examples=[0])
    version: str = Field(description="Version of this program.", examples=["0.1.0"])


@router.get("/healthz")
async def health(catalogue: CatalogueDep, encoder: EncoderDep, lanes: LanesDep) -> Health:
    """Whether the app is up, and what it serves."""
    catalogue.connect().execute("SELECT 1 FROM samples LIMIT 1")
    return Health(
        status="ok",
        catalogue=catalogue.manifest.catalogue_id,
        samples=catalogue.manifest.samples,
        encoder=encoder.state,
        problem=str(encoder.problem) if encoder.problem else None,
        waiting=lanes.waiting,
        version=__version__,
    )
