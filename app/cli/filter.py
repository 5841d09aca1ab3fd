"""`rs5m filter`: the rows of raw lists that have a keyword."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.counting import ShownCounting
from app.cli.index import INTERRUPTED
from indexer.lists import FilterOptions, Report, filter_lists
from indexer.lists.raw_list import Wanted


def filter(
    lists: Annotated[
        list[str],
        typer.Argument(
            metavar="LIST...",
            help="Lists of address and caption (parquet, csv, tsv, jsonl), folders of them, or brace "
            "patterns such as 'part-{00000..00127}.parquet'.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Folder for the survivors.")],
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="Dataset name, where the lists' paths do not tell it.")
    ] = None,
    url_column: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column that holds the address.")
    ] = None,
    caption_column: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column that holds the caption.")
    ] = None,
    removed: Annotated[
        bool, typer.Option("--removed", help="Write the removed rows as well, with the reason of each.")
    ] = False,
    memory: Annotated[str, typer.Option(metavar="SIZE", help="Memory that DuckDB may use.")] = "1GB",
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads that DuckDB uses; all cores without it.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Delete what another run left at --out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Keep the rows of raw lists whose caption has one of RS5M's keywords.

    A list may be of any length: it is read as a stream. A run may be stopped at any time; the same command
    goes on where it stopped.
    """
    options = FilterOptions(
        wanted=Wanted(url_column, caption_column, source),
        removed=removed,
        memory=memory,
        threads=threads,
        overwrite=overwrite,
    )
    console = Console(highlight=False, soft_wrap=True, stderr=as_json)
    try:
        with ShownCounting(console) as counting:
            report = filter_lists(lists, out, options, counting)
    except KeyboardInterrupt:
        console.print("interrupted; run the same command to go on")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        typer.echo(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
        return
    _summarise(report, console)
    total = report.total
    folder = shlex.quote(str(out))
    console.print(
        f"{out} holds {total.kept:,} of {total.rows:,} rows. Next: rs5m fetch {folder} --out SHARDS"
    )


def _summarise(report: Report, console: Console) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    for _ in range(2):
        table.add_column(justify="right")
    for name, counts in report.sources.items():
        table.add_row(name, f"{counts.rows:,} rows", f"{counts.kept:,} kept")
    for reason, count in report.total.removed.items():
        table.add_row(f"removed: {reason}", f"{count:,}", "")
    for keyword, count in report.first.items():
        table.add_row(f"keyword: {keyword}", "", f"{count:,}")
    console.print(table)
