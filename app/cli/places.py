"""`rs5m places`: places named in captions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.counting import ShownCounting
from app.cli.index import INTERRUPTED
from app.cli.query_options import CatalogueArgument
from indexer.catalogue.layout import NAMED_PLACES
from indexer.catalogue.named_places import PLACE_KINDS
from indexer.gazetteer.run import PlacesReport, name_places


def places(
    catalogue: CatalogueArgument,
    upstream: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="RS5M's pub11_NER_geolocation_info.csv (img_name, text, entity): its entities are added.",
        ),
    ] = None,
) -> None:
    """Find countries, regions and cities that captions name, and where they are.

    What is found is a file of its own, derived/places.parquet; nothing else in the catalogue changes. Run it
    again after a change of captions. A server shows it after a restart.

    rs5m places CATALOGUE

    rs5m places CATALOGUE --upstream pub11_NER_geolocation_info.csv
    """
    console = Console(highlight=False, soft_wrap=True)
    try:
        with ShownCounting(console) as counting:
            report = name_places(catalogue, upstream, counting)
    except KeyboardInterrupt:
        console.print("interrupted; nothing has changed, run the same command again to begin anew")
        raise typer.Exit(INTERRUPTED) from None
    _summarise(report, console)
    console.print(
        f"{catalogue / NAMED_PLACES} has the places of {report.named:,} samples. Next: rs5m serve {catalogue}"
    )


def _summarise(report: PlacesReport, console: Console) -> None:
    """Print how many captions name a place, of what kind, and what became of the file of entities."""
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_row("captions", f"{report.captions:,}")
    table.add_row("naming a place", f"{report.named:,}")
    for kind, what in zip(PLACE_KINDS, ("cities", "regions", "countries"), strict=True):
        table.add_row(f"{what} named", f"{report.kinds[kind]:,}")
    if report.entities:
        table.add_row("entities given", f"{report.entities:,}")
        table.add_row("known to the gazetteer", f"{report.resolved:,}")
        table.add_row("not found in the caption", f"{report.added:,}")
    console.print(table)
    if (join := report.upstream) is not None:
        console.print(
            f"{join.file}: {join.joined:,} of {join.rows:,} rows joined, {join.not_joined:,} not; "
            f"{join.samples:,} samples got something"
        )
        for note in join.notes:
            console.print(f"  {note}")
