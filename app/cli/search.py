"""`rs5m search`: the search of the app, in the terminal."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.query_options import (
    BBoxOption,
    CatalogueArgument,
    ClassOption,
    CoordinatesOption,
    CountryOption,
    LikeOption,
    ModeOption,
    MonthOption,
    OriginOption,
    SortOption,
    SourceOption,
    StageOption,
    SubsetOption,
    query_of,
    vectors_of,
)
from app.query import Answer, Query
from app.query import search as find
from indexer.catalogue import Catalogue

_BY = {
    "meaning": "best by meaning",
    "words": "best by caption words",
    "likeness": "most alike",
    "list": "listed",
}


def search(
    catalogue: CatalogueArgument,
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help="What to look for; all samples without it.")
    ] = "",
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Number of results.")] = 20,
    mode: ModeOption = None,
    like: LikeOption = None,
    sort: SortOption = None,
    subset: SubsetOption = None,
    source: SourceOption = None,
    class_: ClassOption = None,
    country: CountryOption = None,
    month: MonthOption = None,
    coordinates: CoordinatesOption = None,
    origin: OriginOption = None,
    stage: StageOption = None,
    bbox: BBoxOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what /api/search answers.")] = False,
) -> None:
    """Search a catalogue from the terminal: the same query, filters and ranking as in the browser."""
    query = query_of(
        q=text,
        mode=mode,
        like=like,
        k=k,
        subset=subset,
        source=source,
        class_=class_,
        country=country,
        month=month,
        coordinates=coordinates,
        origin=origin,
        stage=stage,
        bbox=bbox,
        sort=sort,
    )
    with Catalogue.open(catalogue) as opened:
        answer = find(opened, query, vectors_of(opened))
        if as_json:
            from app.routes.models import Search

            typer.echo(Search.of(opened, query, answer).model_dump_json(by_alias=True, indent=2))
            return
    _print(answer)
    typer.echo(f"Next: rs5m serve {shlex.quote(str(catalogue))}   then open {_address(query)}")


def _print(answer: Answer) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("rank", "score", "id"):
        table.add_column(heading, justify="right")
    for heading in ("source", "class"):
        table.add_column(heading)
    table.add_column("caption", no_wrap=True, overflow="ellipsis", ratio=1)
    for hit in answer.hits:
        score = "" if hit.score is None else f"{hit.score:.3f}"
        texts = (hit.row["source"], hit.row["class"], " ".join((hit.row["caption"] or "").split()))
        table.add_row(str(hit.rank), score, str(hit.id), *(printable(text or "") for text in texts))
    console = Console(highlight=False, markup=False)
    if answer.hits:
        console.print(table)
    console.print(
        f"{answer.matching:,} of {answer.total:,} samples match the filters - "
        f"{len(answer.hits):,} {_BY[answer.kind]} of {answer.found:,} - {answer.method} - "
        f"{answer.milliseconds:.0f} ms",
        soft_wrap=True,
    )


def printable(text: str) -> str:
    """`text` without control characters: a caption must not be able to steer the terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _address(query: Query) -> str:
    return query.with_(k=None).url("http://127.0.0.1:8000/")
