"""The `rs5m` command line: one file a command, imported only when that command runs."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from indexer import __version__
from indexer.errors import UserError

# The module `app.cli.<name>` holds the function `<name>`, a dash being an underscore there; its own docstring
# is the long help.
COMMANDS = {
    "demo": "Draw a demo world, index it, open it: the place to start.",
    "filter": "Keep the rows of raw lists whose caption has a keyword.",
    "fetch": "Download the images of a filtered list into shards.",
    "index": "Make a catalogue from shards, folders of images or tables.",
    "serve": "Open a catalogue in the browser.",
    "stages": "Show the filter stages, or decide anew by others.",
    "places": "Find the places that captions name.",
    "search": "Search a catalogue from the terminal.",
    "export": "Write samples of a catalogue as CSV.",
    "funnel": "Print what each stage removed, as a table for a paper.",
    "ledger": "Write what became of every sample read, as CSV or Parquet.",
    "marks": "Write what people marked in audits as CSV.",
    "synth": "Make a catalogue of RS5M's size to measure with.",
    "tune": "Choose how hard a large catalogue is searched.",
    "train-detector": "Train a detector of off-topic images on labelled samples.",
    "info": "Say what a catalogue holds and how it was built.",
}

WELCOME = """\
See what is in a remote-sensing image-text dataset.

  rs5m demo --serve                     look at a demo world first
  rs5m index SOURCE... --out CATALOGUE  index your own shards, folder or table
  rs5m serve CATALOGUE                  open what you indexed in the browser

rs5m --help lists every command, rs5m COMMAND --help its options.
"""


# Matrix libraries would split each product among all cores. Many searches at once, each on one thread, are
# answered sooner: four at a time encoded 400 texts a second by one thread each, 20 to 50 by two (two cores).
# NumPy's library reads the first variable as it is imported, torch's and FAISS's the second.
_ONE_THREAD = {
    "demo": ("OPENBLAS_NUM_THREADS",),
    "export": ("OPENBLAS_NUM_THREADS",),
    "search": ("OPENBLAS_NUM_THREADS",),
    "serve": ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"),
}


def _load(name: str) -> Any:
    """The command `name`, as the group can run it."""
    for variable in _ONE_THREAD.get(name, ()):
        os.environ.setdefault(variable, "1")
    function = name.replace("-", "_")
    module = import_module(f"app.cli.{function}")
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    single.command(name)(getattr(module, function))
    return typer.main.get_command(single)


class _LazyGroup(TyperGroup):
    """Lists commands without importing them, so that help is quick."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _listed, rest = super().resolve_command(ctx, args)
        return name, _load(str(name)), rest


app = typer.Typer(
    cls=_LazyGroup,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"rs5m-explorer {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    ctx: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """See what is in a remote-sensing image-text dataset: index, search, browse, map, export."""
    if ctx.invoked_subcommand is None:
        typer.echo(WELCOME, nl=False)


def main() -> None:
    """Run `rs5m`: what a user can put right is one line on stderr and exit status 1."""
    # OpenMP threads spin while they wait for each other, on the cores that decoding needs: the encoder was
    # measured four times slower so. Read when torch is loaded, so it is set before anything else.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        app()
    except UserError as error:
        typer.secho(f"Error: {error}", fg="red", err=True)
        sys.exit(1)
