"""What every benchmark's command line shares: its options' form, its tables, its errors."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.timing import machine
from indexer.catalogue import Catalogue
from indexer.errors import UserError

# Where what a benchmark builds for comparison is kept from run to run.
WORK = Path("out/benchmarks")
# Tables are read in logs and pasted into README: never cut to the width of a terminal.
_WIDTH = 180


def parser(
    help_: str | None, *, catalogue: bool = True, rounds: int | None = None
) -> argparse.ArgumentParser:
    """A parser that explains itself with `help_`, the docstring of its module."""
    made = argparse.ArgumentParser(description=help_, formatter_class=argparse.RawDescriptionHelpFormatter)
    if catalogue:
        made.add_argument("catalogue", type=Path, metavar="CATALOGUE", help="folder of a catalogue")
    if rounds is not None:
        made.add_argument("--rounds", type=int, default=rounds, help=f"timed rounds (default {rounds})")
    return made


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> None:
    """Print a table: the first column left, figures right."""
    table = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(width=_WIDTH, highlight=False, markup=False).print(table)


def say(line: str) -> None:
    """Print a line below a table."""
    Console(width=_WIDTH, highlight=False, markup=False).print(line)


def about(catalogue: Catalogue) -> str:
    """The catalogue and the machine, for the head of a table."""
    manifest = catalogue.manifest
    dimension = manifest.encoder.get("dimension")
    return f"{catalogue.path.name}: {manifest.samples:,} samples x {dimension}; {machine()}"


def number(value: float) -> str:
    """Three digits where they matter: `0.042`, `3.14`, `271`, `5,070,186`."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def ratio(theirs: float, ours: float) -> str:
    """How many times as long `theirs` took as `ours`: above 1 ours is faster."""
    return f"{number(theirs / ours)}x"


def megabytes(size: float) -> str:
    """Bytes as MB (10^6)."""
    return f"{number(size / 1e6)} MB"


def run(main: Callable[[], None]) -> None:
    """Run a command; what its user can put right is one line on stderr and exit status 1."""
    # As `rs5m` does: OpenMP threads that spin while they wait take the cores that others are measured on.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        main()
    except UserError as error:
        sys.exit(f"Error: {error}")
