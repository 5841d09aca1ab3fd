"""`rs5m funnel`: what each stage removed, as a table for a paper."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.export import write_whole
from app.cli.query_options import CatalogueArgument
from app.query.funnel import funnel_of
from app.query.funnel_export import Form, export_funnel
from indexer.catalogue import Catalogue


def funnel(
    catalogue: CatalogueArgument,
    form: Annotated[Form, typer.Option("--format", help="Markdown, CSV or LaTeX.")] = "md",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="File to write; without it the terminal.")
    ] = None,
) -> None:
    """Write the funnel by source in the columns of RS5M's table: the same bytes as /stages/funnel.csv.

    A step that did not run is a dash, and empty in CSV.
    """
    with Catalogue.open(catalogue) as opened:
        made = export_funnel(opened, funnel_of(opened), form)
        if out is None:
            sys.stdout.buffer.writelines(made.chunks)
            return
        write_whole(out, made.chunks)
    typer.echo(f"Wrote {made.rows:,} rows to {out}. Next: rs5m serve {shlex.quote(str(catalogue))}")
