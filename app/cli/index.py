"""`rs5m index`: make a catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.progress import show_progress
from indexer.build import BuildOptions, default_workers
from indexer.build import index as build_catalogue
from indexer.build.prepare import NOT_PARSED
from indexer.catalogue import Catalogue
from indexer.encoders import DEFAULT_ENCODER
from indexer.names import TEMPLATED
from indexer.sources.options import COORDINATE_PRESETS, SourceOptions
from indexer.stages import Pipeline

INTERRUPTED = 130
SET_HELP = "Change a setting, such as vlm.keep=0.8, or a stage: keyword=off; may be repeated."


def index(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Tars, a brace pattern such as 'pub11-train-{0000..0031}.tar', a folder of shards or of "
            "images, or a table (csv, tsv, jsonl, parquet).",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="CATALOGUE", help="Folder for the catalogue.")],
    encoder: Annotated[
        str, typer.Option(help="embedded, ARCHITECTURE/TAG or hf-hub:OWNER/MODEL of open_clip.")
    ] = DEFAULT_ENCODER,
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Weights (.pt, .safetensors) for a bare architecture.")
    ] = None,
    join: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Metadata file of RS5M to add columns from; may be repeated."),
    ] = None,
    stages: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="TOML file of filter stages and their settings, or names with commas between; none removes "
            "only what cannot be read. Without it RS5M's.",
        ),
    ] = None,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="STAGE.SETTING=VALUE", help=SET_HELP),
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="Dataset name, where image names do not tell it.")
    ] = None,
    subset: Annotated[str | None, typer.Option(metavar="NAME", help="Subset name.")] = None,
    caption_origin: Annotated[
        str | None, typer.Option(help="Who wrote the captions: web, model, human or unknown.")
    ] = None,
    coordinates_from_name: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help=f"Take coordinates from file names: {' or '.join(COORDINATE_PRESETS)}, or a regular "
            "expression with groups lat and lon.",
        ),
    ] = None,
    class_from_folder: Annotated[
        bool, typer.Option("--class-from-folder", help="Take the class from the folder an image lies in.")
    ] = False,
    name_column: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of a table that names the image.")
    ] = None,
    caption_column: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of a table that holds the caption.")
    ] = None,
    workers: Annotated[int, typer.Option(help="Threads that decode images.")] = default_workers(),
    batch_size: Annotated[int, typer.Option(help="Images the encoder gets at a time.")] = 64,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Build anew and replace what is at --out when done.")
    ] = False,
    keep_parts: Annotated[
        bool, typer.Option("--keep-parts", help="Leave each shard's Parquet and vectors in the catalogue.")
    ] = False,
) -> None:
    """Make a catalogue from shards, folders of images or tables.

    A run may be stopped at any time; the same command goes on where it stopped.
    """
    options = BuildOptions(
        encoder=encoder,
        checkpoint=checkpoint,
        stages=Pipeline.chosen(stages).changed(change or ()),
        joins=tuple(join or ()),
        sources=SourceOptions(
            source=source,
            subset=subset,
            caption_origin=caption_origin,
            coordinates_pattern=coordinates_from_name,
            class_from_folder=class_from_folder,
            name_column=name_column,
            caption_column=caption_column,
        ),
        workers=workers,
        batch_size=batch_size,
        overwrite=overwrite,
        keep_parts=keep_parts,
    )
    console = Console(highlight=False, soft_wrap=True)
    try:
        with show_progress(console) as progress:
            catalogue = build_catalogue(sources, out, options, progress)
    except KeyboardInterrupt:
        console.print("interrupted; run the same command to go on")
        raise typer.Exit(INTERRUPTED) from None
    with catalogue:
        if progress.was_complete:
            console.print(f"{out} is complete already; nothing to do.")
        else:
            summarise(catalogue, console)
        console.print(
            f"Catalogue {out} holds {catalogue.manifest.kept:,} kept samples. Next: rs5m serve {out}"
        )


def summarise(catalogue: Catalogue, console: Console) -> None:
    """Print how many samples were read, removed and kept, and what joined."""
    manifest = catalogue.manifest
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_row("samples read", f"{manifest.samples:,}")
    parsed, unparsed = _templates(catalogue)
    if parsed or unparsed:
        table.add_row("template captions", f"{parsed:,} taken apart, {unparsed:,} not")
    removed = catalogue.connect().execute(
        """
        SELECT stage, reason, sum(count)::BIGINT FROM stage_counts
        WHERE stage <> 'kept' GROUP BY ALL ORDER BY 3 DESC, 1, 2
        """
    )
    for stage, reason, count in removed.fetchall():
        table.add_row(f"removed: {stage} ({reason})", f"{count:,}")
    table.add_row("kept", f"{manifest.kept:,}")
    table.add_row("with image vector", f"{manifest.vectors:,}")
    console.print(table)
    for stage, report in manifest.reports.items():
        if "skipped" in report:
            console.print(f"stage {stage} judged nothing: {report['skipped']}")
    for join in manifest.joins:
        console.print(
            f"{join['file']} ({join['kind']}): {join['joined']:,} of {join['rows']:,} rows joined, "
            f"{join['not_joined']:,} not; {join['samples']:,} samples got something"
        )
        for note in join["notes"]:
            console.print(f"  {note}")


def _templates(catalogue: Catalogue) -> tuple[int, int]:
    """Captions of the sources that write templates: how many were taken apart, and how many could not be."""
    sources = ", ".join(f"'{source}'" for source in sorted(TEMPLATED))
    found = catalogue.connect().execute(
        f"""
        SELECT count(meta_caption), count(*) FILTER (list_contains(notes, ?))
        FROM samples JOIN ledger USING (id) WHERE source IN ({sources})
        """,  # noqa: S608 - constants
        [NOT_PARSED],
    )
    parsed, unparsed = found.fetchone() or (0, 0)
    return int(parsed), int(unparsed)
