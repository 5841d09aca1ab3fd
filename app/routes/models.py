"""The JSON the API answers with; sample columns are described by the catalogue's own schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, create_model

from app.query import Answer, FacetCounts, Query
from app.query import Sample as CatalogueSample
from app.query.answer import Kind, Method
from app.query.nearest import Way
from app.query.samples import Row
from app.templates import image_url
from indexer.catalogue import LEDGER_COLUMNS, SAMPLE_COLUMNS, Catalogue
from indexer.catalogue.schema import Column


class FromObject(BaseModel):
    """Filled from an object's attributes."""

    model_config = ConfigDict(from_attributes=True)


class Problem(BaseModel):
    """Why there is no answer."""

    error: str = Field(description="What happened.", examples=["month='13' is not a month."])
    hint: str = Field(description="What to do about it.", examples=["Write a number from 1 to 12."])


def _python_type(column: Column) -> Any:
    if pa.types.is_boolean(column.type):
        return bool
    if pa.types.is_integer(column.type):
        return int
    if pa.types.is_floating(column.type):
        return float
    if pa.types.is_timestamp(column.type):
        return datetime
    return list[str] if pa.types.is_list(column.type) else str


def _columns_model(name: str, summary: str, columns: tuple[Column, ...]) -> type[BaseModel]:
    # `class` is a column and a Python keyword: fields are filled and written by alias.
    fields: dict[str, Any] = {
        f"{column.name}_": (
            _python_type(column) | None,
            Field(default=None, alias=column.name, description=column.meaning),
        )
        for column in columns
    }
    return create_model(name, __doc__=summary, **fields)


SampleColumns = _columns_model(
    "SampleColumns",
    "One sample, by column; null where the dataset says nothing.",
    tuple(column for column in SAMPLE_COLUMNS if column.exported),
)
SEARCH_COLUMNS = (*(column.name for column in SAMPLE_COLUMNS if column.exported), "file")
"""What a search has to fetch of each result."""
LedgerColumns = _columns_model("LedgerColumns", "What the pipeline decided about a sample.", LEDGER_COLUMNS)


class Result(BaseModel):
    """One result."""

    id: int = Field(description="The sample.", examples=[12])
    rank: int = Field(description="Place in the whole ranking, from 1.", examples=[1])
    score: float | None = Field(
        description="Cosine (meaning, likeness) or BM25 (words); null in a list.", examples=[0.3127]
    )
    url: str = Field(description="Its page.", examples=["/samples/12"])
    image: str | None = Field(
        description="Its picture, 256 pixels; null without one.",
        examples=["/images/12?size=256&v=3f9a0c1be2d4"],
    )
    alike: list[int] = Field(
        description="With `group=yes`: near-duplicates shown behind it.", examples=[[40, 71]]
    )
    sample: SampleColumns = Field(description="Its columns.")  # type: ignore[valid-type]


class How(FromObject):
    """How a ranking by cosine was found."""

    way: Way = Field(
        description="flat: the index compared every vector; compared: every passing sample was compared; "
        "lists: the best lists of the index were scanned.",
        examples=["lists"],
    )
    rescored: int = Field(description="Vectors compared exactly.", examples=[1000])
    lists: int = Field(description="Lists scanned.", examples=[128])
    of_lists: int = Field(description="Lists that hold a passing sample.", examples=[8192])


class Search(BaseModel):
    """One page of results, and how they were found."""

    hits: list[Result] = Field(description="The results, best first.")
    kind: Kind = Field(description="meaning, words, likeness or list.", examples=["meaning"])
    method: Method = Field(description="exact: every passing sample was compared.", examples=["exact"])
    how: How | None = Field(description="How a ranking by cosine was found; null for the others.")
    matching: int = Field(description="Samples that pass the filters.", examples=[1204])
    total: int = Field(description="Samples in the asked stage, other filters aside.", examples=[6000])
    found: int = Field(
        description="Samples that can be ranked: those passing that have a vector, or hold the words.",
        examples=[1204],
    )
    at_least: bool = Field(description="Whether there may be more than `found`.", examples=[False])
    milliseconds: float = Field(description="Time of the search, encoding aside.", examples=[11.8])
    encode_ms: float = Field(description="Time to encode the query.", examples=[4.2])
    next_cursor: str | None = Field(
        description="`cursor` of the next page; null on the last.", examples=["50"]
    )
    next: str | None = Field(
        description="Address of the next page.", examples=["/api/search?q=harbour&cursor=50"]
    )

    @classmethod
    def of(cls, catalogue: Catalogue, query: Query, answer: Answer) -> Self:
        """`answer` as JSON."""
        cursor = answer.next_cursor
        return cls(
            hits=[
                Result(
                    id=hit.id,
                    rank=hit.rank,
                    score=hit.score,
                    url=f"/samples/{hit.id}",
                    image=_image(catalogue, hit.row),
                    alike=list(hit.alike),
                    sample=SampleColumns(**hit.row),
                )
                for hit in answer.hits
            ],
            kind=answer.kind,
            method=answer.method,
            how=How.model_validate(answer.how) if answer.how else None,
            matching=answer.matching,
            total=answer.total,
            found=answer.found,
            at_least=answer.at_least,
            milliseconds=round(answer.milliseconds, 3),
            encode_ms=round(answer.encode_ms, 3),
            next_cursor=cursor,
            next=query.after(cursor).url("/api/search") if cursor else None,
        )


class Count(BaseModel):
    """How many samples a query is about."""

    kind: Kind = Field(description="How a search with these parameters is answered.", examples=["list"])
    matching: int = Field(description="Samples that pass the filters.", examples=[1204])
    total: int = Field(description="Samples in the asked stage, other filters aside.", examples=[6000])
    found: int = Field(
        description="Samples a search with these parameters can list or rank.", examples=[1204]
    )
    at_least: bool = Field(description="Whether there may be more than `found`.", examples=[False])
    exported: int = Field(description="Rows of `/export.csv` with these parameters.", examples=[1000])


class Value(FromObject):
    """One value of a filter."""

    value: str = Field(description="As it stands in the URL.", examples=["FMoW"])
    samples: int = Field(description="Samples that picking it would give.", examples=[431])
    selected: bool = Field(description="Whether it is picked.", examples=[False])


class Facet(BaseModel):
    """One filter."""

    label: str = Field(description="Heading.", examples=["Source"])
    values: list[Value] = Field(description="Picked values and the most frequent others.")
    more: int = Field(description="Values left out.", examples=[0])

    @classmethod
    def of(cls, counts: FacetCounts) -> Self:
        """`counts` as JSON."""
        values = [Value.model_validate(value) for value in counts]
        return cls(label=counts.label, values=values, more=counts.more)


class Point(FromObject):
    """A sample on the map."""

    id: int = Field(description="The sample.", examples=[12])
    latitude: float = Field(description="Degrees north.", examples=[29.763])
    longitude: float = Field(description="Degrees east.", examples=[-95.363])
    caption: str | None = Field(
        description="Its caption, a long one cut off.", examples=["Flooded houses near a bayou."]
    )
    image: bool = Field(description="Whether there is a picture of it.", examples=[True])
    cosine: float | None = Field(description="With `colour=similarity`: with the query.", examples=[0.31])


class Cell(FromObject):
    """The samples of one grid cell."""

    count: int = Field(description="Samples.", examples=[97])
    latitude: float = Field(description="Their mean, degrees north.", examples=[29.7])
    longitude: float = Field(description="Their mean, degrees east.", examples=[-95.4])
    box: str = Field(description="A `bbox` that holds them.", examples=["-96,29.1,-95.2,29.8"])
    cosine: float | None = Field(
        description="With `colour=similarity`: mean of that with the query, of some samples where there are "
        "many; null where none has a vector.",
        examples=[0.31],
    )


class Zone(FromObject):
    """Samples known by UTM zone only."""

    zone: int = Field(description="Zone number.", examples=[34])
    hemisphere: str | None = Field(description="N, S or unknown.", examples=["N"])
    count: int = Field(description="Samples.", examples=[112])
    west: float = Field(description="Western edge, degrees east.", examples=[18.0])
    east: float = Field(description="Eastern edge, degrees east.", examples=[24.0])


class Map(FromObject):
    """What lies in a viewport; either points or cells."""

    points: list[Point] = Field(description="The samples, where they are few.")
    cells: list[Cell] = Field(description="Counts on a grid, where they are many; at the edges, whole cells.")
    named: list[Cell] = Field(
        description="Counts of samples whose caption names a place, where nothing closer is known."
    )
    samples: list[Point] = Field(description="Some of those in view, of the fullest cells one each.")
    zones: list[Zone] = Field(description="Samples known by UTM zone only, over the whole Earth.")
    in_view: int = Field(description="Samples with coordinates in the viewport.", examples=[1990])
    tiers: dict[str, int] = Field(
        description="Matching samples by what is known of their place.",
        examples=[{"point": 1990, "none": 4010}],
    )
    ranked: int | None = Field(
        description="Best results a ranking query is cut to; null otherwise.", examples=[None]
    )


class SampleDetails(BaseModel):
    """All there is about one sample."""

    sample: SampleColumns = Field(description="Its columns.")  # type: ignore[valid-type]
    ledger: LedgerColumns = Field(description="What the pipeline decided.")  # type: ignore[valid-type]
    shard: str | None = Field(description="Shard it was read from.", examples=["pub11-train-0003.tar"])
    url: str = Field(description="Its page.", examples=["/samples/12"])
    image: str | None = Field(description="Its picture, 256 pixels.", examples=["/images/12?size=256"])
    original: str | None = Field(description="Its picture as it lies.", examples=["/images/12/original"])

    @classmethod
    def of(cls, catalogue: Catalogue, sample: CatalogueSample) -> Self:
        """`sample` as JSON."""
        return cls(
            sample=SampleColumns(**sample.row),
            ledger=LedgerColumns(**sample.ledger),
            shard=sample.shard,
            url=f"/samples/{sample.id}",
            image=_image(catalogue, sample.row),
            original=_image(catalogue, sample.row, size=None),
        )


def _image(catalogue: Catalogue, row: Row, size: int | None = 256) -> str | None:
    return None if row["file"] is None else image_url(catalogue, int(row["id"]), size)
