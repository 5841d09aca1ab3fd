"""`rs5m marks`: what people marked in audits, written to a file."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from app.cli.export import write_whole
from app.cli.query_options import CatalogueArgument
from app.query.marked import matched
from app.query.marks_csv import marks_csv
from app.settings import read_settings
from app.views.text import counted
from app.workspace import Marks, Workspace, workspace_path
from indexer.catalogue import Catalogue


def marks(
    catalogue: CatalogueArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help="CSV file to write.")],
) -> None:
    """Write the marks of every audit of a catalogue as CSV: the same rows and bytes as /audit/marks.csv.

    They are read from the workspace beside the catalogue, or from the file that RS5M_WORKSPACE names.
    """
    with Catalogue.open(catalogue) as opened:
        workspace = Workspace(workspace_path(opened, read_settings().workspace))
        made = marks_csv(opened, matched(opened, Marks(workspace).all()))
        write_whole(out, made.chunks)
    typer.echo(
        f"Wrote {counted(made.rows, 'mark')} of {workspace.path} to {out}. "
        f"Next: rs5m serve {shlex.quote(str(catalogue))}, and mark more at /audit"
    )
