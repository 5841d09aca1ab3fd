"""`rs5m search`: the search of the app, in the terminal."""

from __future__ import annotations

import shlex
import sys
from shutil import get_terminal_size
from typing import Annotated

import typer
from rich.cells import cell_len, set_cell_size

from app.cli.query_options import (
    AroundOption,
    BBoxOption,
    CatalogueArgument,
    ClassOption,
    CoordinatesOption,
    CountryOption,
    GroupOption,
    LikeOption,
    MinScoreOption,
    ModeOption,
    MonthOption,
    NearOption,
    OriginOption,
    PolygonOption,
    SortOption,
    SourceOption,
    StageOption,
    SubsetOption,
    TierOption,
    ZoneOption,
    query_of,
    vectors_of,
)
from app.query import Answer, Hit, Query
from app.query import search as find
from indexer.catalogue import Catalogue

_HEADINGS = ("rank", "score", "id", "source", "class", "caption")
_NUMBERS = 3
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
    min_score: MinScoreOption = None,
    group: GroupOption = False,
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
    polygon: PolygonOption = None,
    near: NearOption = None,
    zone: ZoneOption = None,
    tier: TierOption = None,
    around: AroundOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what /api/search answers.")] = False,
) -> None:
    """Search a catalogue from the terminal: the same query, filters and ranking as in the browser."""
    query = query_of(
        q=text,
        mode=mode,
        like=like,
        min_score=min_score,
        group=group,
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
        polygon=polygon,
        near=near,
        zone=zone,
        tier=tier,
        around=around,
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
    if answer.hits:
        typer.echo("\n".join(_table(answer)))
    typer.echo(
        f"{answer.matching:,} of {answer.total:,} samples match the filters - "
        f"{len(answer.hits):,} {_BY[answer.kind]} of {answer.found:,} - {answer.method} - "
        f"{answer.milliseconds:.0f} ms"
    )


def _table(answer: Answer) -> list[str]:
    """Lines with aligned columns; on a terminal the caption is cut to what is left of the line."""
    rows = [_HEADINGS, *(_cells(hit) for hit in answer.hits)]
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(_HEADINGS) - 1)]
    left = max(20, get_terminal_size().columns - sum(widths) - 2 * len(widths))
    lines = []
    for *cells, caption in rows:
        padded = [
            cell.rjust(width) if place < _NUMBERS else set_cell_size(cell, width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        fits = not sys.stdout.isatty() or cell_len(caption) <= left
        lines.append("  ".join([*padded, caption if fits else f"{set_cell_size(caption, left - 3)}..."]))
    return lines


def _cells(hit: Hit) -> tuple[str, ...]:
    score = "" if hit.score is None else f"{hit.score:.3f}"
    texts = (hit.row["source"], hit.row["class"], " ".join((hit.row["caption"] or "").split()))
    return (str(hit.rank), score, str(hit.id), *(printable(text or "") for text in texts))


def printable(text: str) -> str:
    """`text` without control characters: a caption must not be able to steer the terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _address(query: Query) -> str:
    return query.with_(k=None).url("http://127.0.0.1:8000/")
