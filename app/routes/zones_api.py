"""`/api/map/zones` and `/api/map/longtail`: the numbers of `/map/zones` as JSON."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from app.dependencies import CatalogueDep, strict_filters
from app.query import Query
from app.query.geo.zone import NO_BAND
from app.query.longtail import By, LongTail, long_tail
from app.query.parameters import FILTER_PARAMETERS
from app.query.zones import Reading, ZoneCount, ZoneCounts, zone_counts
from app.routes.models import Problem
from app.routes.openapi import listed
from app.routes.zones import ByParameter, ReadingParameter

router = APIRouter(prefix="/api/map", tags=["api"], responses={400: {"model": Problem}})

MOST_GROUPS = 1_000


class ZonePart(BaseModel):
    """The samples of one part of the UTM grid."""

    zone: int = Field(description="Zone number.", examples=[18])
    band: str | None = Field(description="Latitude band; null where it is not known.", examples=["T"])
    hemisphere: str | None = Field(description="N or S; null where it is not known.", examples=["N"])
    samples: int = Field(description="Samples.", examples=[431])
    filters: list[str] = Field(description="Values of `zone` that select them.", examples=[["18-T"]])

    @classmethod
    def of(cls, part: ZoneCount) -> Self:
        """`part` as JSON."""
        band = None if part.zone.band == NO_BAND else part.zone.band
        return cls(
            zone=part.zone.number,
            band=band,
            hemisphere=("N" if band >= "N" else "S") if band else part.zone.hemisphere,
            samples=part.samples,
            filters=list(map(str, part.filters)),
        )


class Zones(BaseModel):
    """Samples by part of the UTM grid: matching = located + without."""

    reading: Reading = Field(description="How letters of hemispheres are read.", examples=["hemisphere"])
    matching: int = Field(description="Samples that pass the filters.", examples=[10000])
    located: int = Field(description="Of them with a UTM zone.", examples=[5193])
    without: int = Field(description="Of them without.", examples=[4807])
    parts: list[ZonePart] = Field(description="Parts of the grid that have samples.")
    hemisphere_only: dict[str, int] = Field(
        description="Samples of which only zone and hemisphere are known, by source; `upstream` takes these "
        "hemispheres for bands.",
        examples=[{"BigEarthNet": 1724}],
    )

    @classmethod
    def of(cls, counts: ZoneCounts) -> Self:
        """`counts` as JSON."""
        return cls(
            reading=counts.reading,
            matching=counts.matching,
            located=counts.located,
            without=counts.without,
            parts=[ZonePart.of(part) for part in counts.parts],
            hemisphere_only=counts.half_sources,
        )


class RankedGroup(BaseModel):
    """One group of samples."""

    rank: int = Field(description="Place, from 1.", examples=[1])
    value: str = Field(description="What its samples share.", examples=["airport"])
    samples: int = Field(description="Samples.", examples=[257])
    reached: int = Field(description="Samples of it and all before it.", examples=[257])
    filters: list[str] = Field(
        description="Values of the filter `by` that select them.", examples=[["airport"]]
    )


class Tail(BaseModel):
    """Groups of samples by rank: matching = grouped + without."""

    by: By = Field(description="What they are grouped by.", examples=["class"])
    matching: int = Field(description="Samples that pass the filters.", examples=[10000])
    grouped: int = Field(description="Of them in a group.", examples=[5193])
    without: int = Field(description="Of them in none.", examples=[4807])
    half: int = Field(description="How many of the largest groups hold half of `grouped`.", examples=[30])
    groups: list[RankedGroup] = Field(description=f"The largest, {MOST_GROUPS:,} at most.")
    more: int = Field(description="Groups left out; `/map/longtail.csv` has all.", examples=[0])

    @classmethod
    def of(cls, tail: LongTail) -> Self:
        """`tail` as JSON."""
        ranked = zip(tail.groups[:MOST_GROUPS], tail.reached, strict=False)
        return cls(
            by=tail.by,
            matching=tail.matching,
            grouped=tail.grouped,
            without=tail.without,
            half=tail.half,
            groups=[
                RankedGroup(
                    rank=rank,
                    value=group.name,
                    samples=group.samples,
                    reached=reached,
                    filters=list(group.values),
                )
                for rank, (group, reached) in enumerate(ranked, 1)
            ],
            more=max(len(tail.groups) - MOST_GROUPS, 0),
        )


@router.get("/zones", openapi_extra=listed(FILTER_PARAMETERS))
def api_zones(
    catalogue: CatalogueDep,
    query: Annotated[Query, Depends(strict_filters("reading"))],
    reading: ReadingParameter = "hemisphere",
) -> Zones:
    """Samples by UTM zone and latitude band; by half a zone where a source names no band."""
    return Zones.of(zone_counts(catalogue, query.filters, reading))


@router.get("/longtail", openapi_extra=listed(FILTER_PARAMETERS))
def api_longtail(
    catalogue: CatalogueDep,
    query: Annotated[Query, Depends(strict_filters("by", "reading"))],
    by: ByParameter = "zone",
    reading: ReadingParameter = "hemisphere",
) -> Tail:
    """Samples by UTM zone, class, source, month or country, the largest group first."""
    return Tail.of(long_tail(catalogue, query.filters, by, reading))
