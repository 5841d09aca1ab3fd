"""`/api/catalogue`: what this catalogue is and how it is searched, as JSON."""

from __future__ import annotations

from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.dependencies import CatalogueDep
from app.templates import catalogue_name
from indexer.catalogue import Catalogue
from indexer.catalogue.index_choice import Kind, choose_index, explain

router = APIRouter(prefix="/api", tags=["api"])


class _FromObject(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Setting(_FromObject):
    """One setting of the vector index, measured against exact search."""

    probes: int = Field(description="Lists of the first round.", examples=[32])
    candidates: int = Field(description="Codes of a round that are compared exactly.", examples=[1000])
    scanned: float = Field(description="Share of all vectors scanned, on average.", examples=[0.018])
    rescored: float = Field(description="Vectors compared exactly, on average.", examples=[2469.5])
    recall_10: float = Field(description="Share of the true first 10 found.", examples=[0.991])
    recall_100: float = Field(description="Share of the true first 100 found.", examples=[0.973])


class Searching(BaseModel):
    """How a search by meaning or likeness is answered."""

    kind: Kind = Field(description="flat: every vector is compared; lists: the best lists are scanned.")
    why: str = Field(description="The same in a sentence, with the reason.")
    chosen: Setting | None = Field(description="The setting used; null where every answer is exact.")
    target_10: float = Field(description="Recall at 10 that was aimed at.", examples=[0.985])
    target_100: float = Field(description="Recall at 100 that was aimed at.", examples=[0.955])
    queries: int = Field(description="Queries measured with.", examples=[400])
    curve: list[Setting] = Field(description="Every setting that was measured.")


class Source(_FromObject):
    """Samples of one source."""

    source: str = Field(description="Dataset.", examples=["FMoW"])
    subset: str = Field(description="Its subset.", examples=["RS3"])
    samples: int = Field(description="Samples read.", examples=[6000])
    kept: int = Field(description="Samples kept.", examples=[5420])


class CatalogueFacts(BaseModel):
    """What is served."""

    id: str = Field(description="Catalogue id, from its content.", examples=["3f9a0c1be2d4"])
    name: str = Field(description="Name of its folder.", examples=["my-catalogue"])
    samples: int = Field(description="Samples, kept and removed.", examples=[6000])
    kept: int = Field(description="Samples no stage removed.", examples=[5420])
    vectors: int = Field(description="Samples with an image vector.", examples=[6000])
    encoder: str | None = Field(description="Encoder of the vectors; null without any.")
    stages: list[str] = Field(description="Stages, in the order they ran.", examples=[["keyword"]])
    sources: list[Source] = Field(description="Counts by source.")
    searching: Searching | None = Field(description="Null where there are no vectors.")

    @classmethod
    def of(cls, catalogue: Catalogue) -> Self:
        """`catalogue` as JSON."""
        manifest = catalogue.manifest
        return cls(
            id=manifest.catalogue_id,
            name=catalogue_name(catalogue),
            samples=manifest.samples,
            kept=manifest.kept,
            vectors=manifest.vectors,
            encoder=str(manifest.encoder["name"]) if manifest.vectors else None,
            stages=list(manifest.stages),
            sources=[Source.model_validate(count) for count in manifest.sources],
            searching=_searching(catalogue) if manifest.vectors else None,
        )


@router.get("/catalogue")
async def api_catalogue(catalogue: CatalogueDep) -> CatalogueFacts:
    """What this catalogue is, and how its vectors are searched: the settings tried and what they found."""
    return CatalogueFacts.of(catalogue)


def _searching(catalogue: Catalogue) -> Searching:
    manifest, search = catalogue.manifest, catalogue.manifest.search
    dimension = int(manifest.encoder["dimension"])
    return Searching(
        kind=choose_index(manifest.vectors, dimension).kind,
        why=explain(manifest.vectors, dimension),
        chosen=Setting.model_validate(search.chosen) if search.chosen else None,
        target_10=search.target_10,
        target_100=search.target_100,
        queries=search.queries,
        curve=[Setting.model_validate(point) for point in search.curve],
    )
