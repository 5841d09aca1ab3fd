"""`rs5m synth`: make a catalogue of RS5M's size to measure with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.index import INTERRUPTED, summarise
from app.cli.progress import show_progress
from indexer.build import BuildOptions, build, default_workers
from indexer.encoders.synthetic_encoder import SyntheticEncoder
from indexer.stages import Pipeline
from indexer.synth.plan import RS5M_ROWS
from indexer.synth.shard import synth_shards
from indexer.synth.space import DEFAULT_DIMENSION

_STAGES = ("keyword", "invalid", "duplicate", "vlm")


def synth(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="CATALOGUE", help="Folder for the catalogue.")],
    rows: Annotated[
        int, typer.Option(min=1, help="Number of image-text pairs; RS5M has as many.")
    ] = RS5M_ROWS,
    dimension: Annotated[int, typer.Option(help="Length of a vector.")] = DEFAULT_DIMENSION,
    seed: Annotated[int, typer.Option(min=0, help="All rows follow from it.")] = 0,
    workers: Annotated[int, typer.Option(help="Processes that draw.")] = default_workers(),
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Build anew and replace what is at --out when done.")
    ] = False,
    keep_parts: Annotated[
        bool, typer.Option("--keep-parts", help="Leave each shard's Parquet and vectors in the catalogue.")
    ] = False,
) -> None:
    """Make a catalogue of RS5M's size and proportions without pictures.

    Captions, classes, places and vectors are drawn; the rest is what `rs5m index` does. It shows how fast a
    machine answers at that size, before anything is downloaded. A run may be stopped at any time; the same
    command goes on where it stopped.
    """
    encoder = SyntheticEncoder(dimension, seed)
    options = BuildOptions(
        encoder=encoder.name,
        stages=Pipeline.named(*_STAGES),
        workers=workers,
        overwrite=overwrite,
        keep_parts=keep_parts,
    )
    shards = synth_shards(rows, dimension, seed)
    told = f"synth --rows {rows} --dimension {dimension} --seed {seed}"
    console = Console(highlight=False, soft_wrap=True)
    try:
        with show_progress(console) as progress:
            catalogue = build(shards, encoder, out, options, progress, paths=(told,))
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
