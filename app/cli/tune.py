"""`rs5m tune`: choose how hard a catalogue's vector index is searched."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.progress import show_progress
from app.cli.query_options import CatalogueArgument
from app.encoding import open_matching_encoder
from app.settings import read_settings
from indexer.catalogue import Catalogue
from indexer.catalogue.finish import replace_file
from indexer.catalogue.layout import MANIFEST
from indexer.catalogue.search_settings import TARGET_10, TARGET_100, SearchSettings
from indexer.catalogue.tuning import tune_index
from indexer.errors import UserError


def tune(
    catalogue: CatalogueArgument,
    recall: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="Share of the true first 10 results to find.")
    ] = TARGET_10,
    recall_at_100: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="Share of the true first 100 results to find.")
    ] = TARGET_100,
) -> None:
    """Measure recall against exact search and keep the cheapest setting that reaches the target.

    Indexing does this already; tune again for another recall. A server shows it after a restart.
    """
    console = Console(highlight=False, soft_wrap=True)
    with Catalogue.open(catalogue) as opened:
        if not opened.manifest.vectors:
            raise UserError(f"{catalogue} has no image vectors.", "There is nothing to tune.")
        if opened.index.is_flat:
            console.print(f"{catalogue} is small enough to compare with every vector: every search is exact.")
            return
        encoder = open_matching_encoder(opened, read_settings().checkpoint)
        with show_progress(console) as progress:
            progress.phase("measuring recall", opened.manifest.samples)
            settings = tune_index(
                opened.path, opened.connect(), encoder, progress.reached, recall, recall_at_100
            )
        manifest = replace(opened.manifest, search=settings)
    replace_file(catalogue / MANIFEST, manifest.to_json().encode())
    console.print(curve_table(settings))
    if not (settings.chosen and settings.chosen.reaches(recall, recall_at_100)):
        console.print("No setting reaches the target; the best one is used.")
    console.print(f"Searches begin with {settings.probes:,} lists. Next: rs5m serve {catalogue}")


def curve_table(settings: SearchSettings) -> Table:
    """The settings measured, the chosen one marked."""
    title = f"Recall of {settings.queries:,} queries against exact search"
    table = Table("", title=title, title_justify="left")
    for heading in (
        "lists at first",
        "codes kept",
        "vectors scanned",
        "compared exactly",
        "recall@10",
        "recall@100",
    ):
        table.add_column(heading, justify="right")
    for point in settings.curve:
        table.add_row(
            "chosen" if point == settings.chosen else "",
            f"{point.probes:,}",
            f"{point.candidates:,}",
            f"{point.scanned:.2%}",
            f"{point.rescored:,.0f}",
            f"{point.recall_10:.3f}",
            f"{point.recall_100:.3f}",
        )
    return table
