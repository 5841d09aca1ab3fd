"""`rs5m ledger`: what became of every sample read, written to a file."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from app.cli.export import write_whole
from app.cli.query_options import (
    BBoxOption,
    CatalogueArgument,
    NearOption,
    PolygonOption,
    TierOption,
    ZoneOption,
)
from app.licence import LICENCE_NOTE
from app.query.cells import CELL_PARAMETERS, Cell
from app.query.ledger_export import Form, export_ledger
from indexer.catalogue import Catalogue
from indexer.errors import UserError

_HELP = {parameter.name: parameter.meaning for parameter in CELL_PARAMETERS}
_FORMS: dict[str, Form] = {".csv": "csv", ".parquet": "parquet"}


def ledger(
    catalogue: CatalogueArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help="File to write, .csv or .parquet.")],
    source: Annotated[str | None, typer.Option("--source", help=_HELP["source"])] = None,
    subset: Annotated[str | None, typer.Option("--subset", help=_HELP["subset"])] = None,
    stage: Annotated[str | None, typer.Option("--stage", help=_HELP["stage"])] = None,
    reason: Annotated[str | None, typer.Option("--reason", help=_HELP["reason"])] = None,
    cluster: Annotated[int | None, typer.Option("--cluster", min=0, help=_HELP["cluster"])] = None,
    bbox: BBoxOption = None,
    polygon: PolygonOption = None,
    near: NearOption = None,
    zone: ZoneOption = None,
    tier: TierOption = None,
) -> None:
    """Write the ledger of a catalogue, or a part of it: the same bytes as /stages/ledger.csv and .parquet.

    One row for every sample ever read: the stage that removed it (or kept), the reason, what was measured and
    against what, the keyword, and a duplicate's keeper and cluster.
    """
    form = _FORMS.get(out.suffix.lower())
    if form is None:
        raise UserError(
            f"{out} is neither .csv nor .parquet.", "Name the file so that it ends in one of them."
        )
    given = {"source": source, "subset": subset, "stage": stage, "reason": reason, "cluster": cluster}
    given |= {"bbox": bbox, "polygon": polygon, "near": near}
    pairs = [(name, str(value)) for name, value in given.items() if value is not None]
    pairs += [("zone", value) for value in zone or ()] + [("tier", value) for value in tier or ()]
    cell = Cell.from_params(pairs)
    with Catalogue.open(catalogue) as opened:
        made = export_ledger(opened, cell, form)
        write_whole(out, made.chunks)
    typer.echo(f"Licence: {LICENCE_NOTE}", err=True)
    typer.echo(f"Wrote {made.rows:,} rows to {out}. Next: rs5m funnel {shlex.quote(str(catalogue))}")
