"""`rs5m fetch`: the images of a filtered list."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from app.cli.counting import ShownCounting
from app.cli.index import INTERRUPTED
from indexer.fetch import FetchOptions, FetchReport, FetchSettings
from indexer.fetch import fetch as fetch_images
from indexer.fetch.settings import USER_AGENT
from indexer.images import ImageLimits
from indexer.lists.raw_list import Wanted

_MEBIBYTE = 1 << 20
_DEFAULT = FetchSettings()


def fetch(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="FOLDER_OR_LIST...",
            help="Folder that `rs5m filter` made, or lists of address and caption.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="SHARDS", help="Folder for the shards.")],
    retry: Annotated[
        str, typer.Option(help="Of what an earlier run did not get, try again: transient, none or all.")
    ] = "transient",
    shard_size: Annotated[int, typer.Option(min=1, max=10_000, help="Addresses of one shard.")] = 10_000,
    concurrency: Annotated[int, typer.Option(min=1, help="Requests at a time.")] = _DEFAULT.concurrency,
    per_host: Annotated[int, typer.Option(min=1, help="Requests at a time to one host.")] = _DEFAULT.per_host,
    interval: Annotated[
        float, typer.Option(min=0, help="Seconds between requests to one host.")
    ] = _DEFAULT.interval,
    attempts: Annotated[
        int, typer.Option(min=1, help="Tries of an address whose failure may pass.")
    ] = _DEFAULT.attempts,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that one request may take in all.")
    ] = _DEFAULT.total_timeout,
    max_megabytes: Annotated[
        int, typer.Option(min=1, help="Size in MiB beyond which an image is refused.")
    ] = _DEFAULT.images.bytes // _MEBIBYTE,
    max_pixels: Annotated[
        int, typer.Option(min=1, help="Width times height beyond which an image is refused.")
    ] = _DEFAULT.images.pixels,
    user_agent: Annotated[
        str, typer.Option(help="What servers are told; add a way to reach you.")
    ] = USER_AGENT,
    ignore_robots: Annotated[
        bool, typer.Option("--ignore-robots", help="Do not ask for robots.txt, and do not honour it.")
    ] = False,
    ignore_opt_outs: Annotated[
        bool, typer.Option("--ignore-opt-outs", help="Do not honour X-Robots-Tag: noai, noimageai.")
    ] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Connect to private and loopback addresses as well.")
    ] = False,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Dataset name, for lists.")] = None,
    url_column: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column that holds the address, for lists.")
    ] = None,
    caption_column: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column that holds the caption, for lists.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Download the images of a filtered list into WebDataset shards.

    Every address gets an image or a reason. A run may be stopped at any time; the same command goes on where
    it stopped. Of a finished run it tries again what failed for a reason that may pass.
    """
    if retry not in ("transient", "none", "all"):
        raise typer.BadParameter(f"'{retry}' is none of transient, none, all.", param_hint="--retry")
    kind: Literal["transient", "none", "all"] = retry  # type: ignore[assignment]
    options = FetchOptions(
        settings=FetchSettings(
            user_agent=user_agent,
            concurrency=concurrency,
            per_host=per_host,
            interval=interval,
            attempts=attempts,
            total_timeout=timeout,
            images=ImageLimits(bytes=max_megabytes * _MEBIBYTE, pixels=max_pixels),
            allow_private=allow_private,
            robots=not ignore_robots,
            opt_outs=frozenset() if ignore_opt_outs else _DEFAULT.opt_outs,
        ),
        shard_size=shard_size,
        retry=kind,
        wanted=Wanted(url_column, caption_column, source),
    )
    console = Console(highlight=False, soft_wrap=True, stderr=as_json)
    try:
        with ShownCounting(console) as counting:
            report = fetch_images(given, out, options, counting)
    except KeyboardInterrupt:
        console.print("interrupted; run the same command to go on")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        typer.echo(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
        return
    _summarise(report, console)
    console.print(
        f"{out} holds {report.images:,} images of {report.urls:,} addresses. "
        f"Next: rs5m index {shlex.quote(str(out))} --out CATALOGUE"
    )


def _summarise(report: FetchReport, console: Console) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    for _ in range(2):
        table.add_column(justify="right")
    for name, counts in report.sources.items():
        table.add_row(name, f"{counts['urls']:,} addresses", f"{counts['images']:,} images")
    for reason, count in report.failed.items():
        table.add_row(f"failed: {reason}", f"{count:,}", "")
    console.print(table)
    if report.worth_retrying:
        console.print(
            f"{report.worth_retrying:,} failures may pass; the same command, later, tries them again."
        )
