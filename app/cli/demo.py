"""`rs5m demo`: draw a demo world, then do to it what a person does to their own data."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.index import INTERRUPTED, index
from app.cli.places import places
from app.cli.serve import DEFAULT_HOST, DEFAULT_PORT, run
from indexer.build.output import check_output
from indexer.catalogue import Catalogue, Manifest
from indexer.catalogue.manifest import OtherFormatError
from indexer.demo.write import DemoWorld, is_demo, write_demo
from indexer.errors import UserError
from indexer.stages import Pipeline

_SECONDS_BETWEEN_LINES = 10.0


def demo(
    samples: Annotated[int, typer.Option(help="Number of image-text pairs.")] = 6000,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for everything.")] = Path(
        "rs5m-demo"
    ),
    seed: Annotated[int, typer.Option(help="The world follows from it.")] = 0,
    serve: Annotated[bool, typer.Option("--serve", help="Open the catalogue when it is ready.")] = False,
    host: Annotated[str, typer.Option(help="Address to serve at.")] = DEFAULT_HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve at.")] = DEFAULT_PORT,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Index anew, as after a change of encoder.")
    ] = False,
) -> None:
    """Draw a demo world, index it and, with --serve, open it in the browser.

    The world is written as RS5M publishes its own: shards in DIR/shards, metadata in DIR/metadata.
    DIR/truth.csv says what was planted, DIR/stages.toml how it is filtered, DIR/catalogue is what
    `rs5m index` makes of both.
    A second run does only what is missing.
    """
    catalogue = out / "catalogue"
    console = Console(highlight=False, soft_wrap=True)
    try:
        world = _draw(console, out, samples, seed, catalogue)
    except KeyboardInterrupt:
        console.print("interrupted; run the same command to go on")
        raise typer.Exit(INTERRUPTED) from None
    console.print(
        f"{out} holds {samples:,} samples in {len(world.shards)} shards, {world.drawn:,} drawn now."
    )
    shards = [str(out / "shards")]
    overwrite = overwrite or _is_outdated(catalogue, world)
    index(shards, catalogue, join=list(world.metadata), stages=str(world.stages), overwrite=overwrite)
    with Catalogue.open(catalogue) as made:
        named = made.named_places.note is not None
    if not named:
        places(catalogue)
    if serve:
        run(catalogue, host, port)


def _is_outdated(catalogue: Path, world: DemoWorld) -> bool:
    """Whether an earlier version of this package made the catalogue, in another format or by other stages."""
    try:
        return Manifest.read(catalogue).settings != Pipeline.read(world.stages).settings
    except OtherFormatError:
        return True
    except UserError:  # `index` says what is wrong with it, or goes on
        return False


def _draw(console: Console, out: Path, samples: int, seed: int, catalogue: Path) -> DemoWorld:
    """Write the world.

    Raises:
        UserError: it cannot be written, or `catalogue` is there but not a demo's.
    """
    if catalogue.exists():
        if not is_demo(out):
            raise UserError(f"{catalogue} is no catalogue of a demo.", "Choose another folder with --out.")
        check_output(catalogue)
    with _Drawing(console, catalogue, samples) as drawing:
        return write_demo(out, samples, seed, progress=drawing.advance)


class _Drawing:
    """Shows how far the drawing is: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, console: Console, catalogue: Path, samples: int) -> None:
        self._console = console
        self._catalogue = catalogue
        self._printed: float | None = None
        self._bar = Progress(
            TextColumn("drawing"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("drawing", total=samples)

    def __enter__(self) -> _Drawing:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self, done: int, total: int) -> None:
        """So many samples of all are drawn."""
        now = time.monotonic()
        if self._printed is None:
            # Shards are about to change under it: a catalogue of them would show wrong images.
            shutil.rmtree(self._catalogue, ignore_errors=True)
        self._bar.update(self._task, completed=done)
        if self._printed is None or now - self._printed >= _SECONDS_BETWEEN_LINES:
            self._printed = now
            if not self._console.is_terminal:
                self._console.print(f"drawing: {done:,} of {total:,} samples")
