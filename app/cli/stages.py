"""`rs5m stages`: what the stages of a catalogue are set to, and other settings for them."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.cli.index import INTERRUPTED, SET_HELP
from app.cli.progress import show_progress
from app.cli.query_options import CatalogueArgument
from indexer.build.restage import restage
from indexer.catalogue import Catalogue, Manifest
from indexer.stages import Pipeline


def stages(
    catalogue: CatalogueArgument,
    change: Annotated[
        list[str] | None, typer.Option("--set", metavar="STAGE.SETTING=VALUE", help=SET_HELP)
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--stages", metavar="FILE", help="TOML file of stages to begin from, or their names."),
    ] = None,
) -> None:
    """Decide anew which samples stay, by other settings; no image is read again.

    Without options it shows the settings and what each stage removed. The result is the catalogue that
    `rs5m index` would have made with these settings. A server shows it after a restart.
    """
    console = Console(highlight=False, soft_wrap=True)
    before = Manifest.read(catalogue)
    if not change and file is None:
        console.print(_table(before))
        console.print(f"Next: rs5m stages {catalogue} --set vlm.keep=0.8")
        return
    begin = Pipeline.of(before.settings, str(catalogue)) if file is None else Pipeline.chosen(file)
    try:
        with show_progress(console) as progress:
            opened = restage(catalogue, begin.changed(change or ()), progress)
    except KeyboardInterrupt:
        console.print("interrupted; the catalogue is as it was")
        raise typer.Exit(INTERRUPTED) from None
    with opened:
        if progress.was_complete:
            console.print(f"{catalogue} is set so already; nothing to do.")
        console.print(_table(opened.manifest))
        _compare(console, before, opened)


def _compare(console: Console, before: Manifest, opened: Catalogue) -> None:
    kept = opened.manifest.kept
    console.print(
        f"Catalogue {opened.path} holds {kept:,} kept samples, before {before.kept:,}. "
        f"Next: rs5m serve {opened.path}"
    )


def _table(manifest: Manifest) -> Table:
    """Settings, threshold and removals of each stage."""
    table = Table("stage", "settings")
    table.add_column("threshold", justify="right")
    table.add_column("removed", justify="right")
    for name in manifest.stages:
        report = manifest.reports.get(name, {})
        threshold = report.get("threshold")
        table.add_row(
            name,
            report.get("skipped") or _said(manifest.settings.get(name, {})),
            "" if threshold is None else f"{threshold:.4f}",
            f"{report.get('removed', 0):,}",
        )
    table.add_row("kept", "", "", f"{manifest.kept:,}")
    return table


def _said(settings: dict[str, Any]) -> str:
    return "\n".join(f"{name} = {_value(value)}" for name, value in settings.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, dict):
        return f"{len(value)} of your own"
    return str(value)
