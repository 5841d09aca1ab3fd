"""Options that `search` and `export` share: the parameters of a URL, under the same names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.encoding import QueryEncoder
from app.query.parameters import PARAMETERS
from app.query.query import Query
from app.query_images import AppVectors, QueryImages
from app.settings import read_settings
from indexer.catalogue import Catalogue

_HELP = {parameter.name: parameter.meaning for parameter in PARAMETERS}
_FILTERS = "Filters"
# A large model takes minutes to load, and here nobody is kept waiting but who asked.
_LOADING_S = 1_800.0


def _filter(name: str) -> typer.models.OptionInfo:
    info: typer.models.OptionInfo = typer.Option(f"--{name}", help=_HELP[name], rich_help_panel=_FILTERS)
    return info


CatalogueArgument = Annotated[
    Path, typer.Argument(metavar="CATALOGUE", help="Folder that `rs5m index` made.")
]
ModeOption = Annotated[str | None, typer.Option("--mode", help=_HELP["mode"])]
LikeOption = Annotated[list[int] | None, typer.Option("--like", help=_HELP["like"])]
MinScoreOption = Annotated[float | None, typer.Option("--min-score", help=_HELP["min_score"])]
GroupOption = Annotated[
    bool, typer.Option("--group", help="Show near-duplicates in a ranking by cosine as one result.")
]
SortOption = Annotated[str | None, typer.Option("--sort", help=_HELP["sort"])]
SubsetOption = Annotated[list[str] | None, _filter("subset")]
SourceOption = Annotated[list[str] | None, _filter("source")]
ClassOption = Annotated[list[str] | None, _filter("class")]
CountryOption = Annotated[list[str] | None, _filter("country")]
MonthOption = Annotated[list[str] | None, _filter("month")]
CoordinatesOption = Annotated[str | None, _filter("coordinates")]
OriginOption = Annotated[list[str] | None, _filter("origin")]
StageOption = Annotated[str | None, _filter("stage")]
BBoxOption = Annotated[str | None, _filter("bbox")]
PolygonOption = Annotated[str | None, _filter("polygon")]
NearOption = Annotated[str | None, _filter("near")]
ZoneOption = Annotated[list[str] | None, _filter("zone")]
TierOption = Annotated[list[str] | None, _filter("tier")]
AroundOption = Annotated[str | None, typer.Option("--around", help=_HELP["around"])]

OptionValue = str | int | float | bool | list[str] | list[int] | None


def query_of(**options: OptionValue) -> Query:
    """The query that the options ask for, parsed as a URL is; `class_` stands for `class`.

    Raises:
        UserError: a value that cannot be a value of its option.
    """
    params = {name.rstrip("_"): _texts(value) for name, value in options.items() if value is not None}
    return Query.from_params(params)


def _texts(value: str | int | float | bool | list[str] | list[int]) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def vectors_of(catalogue: Catalogue) -> AppVectors:
    """Query vectors for the terminal, by the catalogue's own encoder, loaded when first asked."""
    encoder = QueryEncoder(catalogue, read_settings().checkpoint, _LOADING_S)
    return AppVectors(encoder, QueryImages(1))
