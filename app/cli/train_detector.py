"""`rs5m train-detector`: a head for score c, from labelled samples of a catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.query_options import CatalogueArgument
from indexer.catalogue import Catalogue
from indexer.detector.labelled import Labelled, join_labels
from indexer.detector.labels import Labels, read_labels
from indexer.detector.report import report
from indexer.detector.train import Examples, Recipe, train_head


def train_detector(
    catalogue: CatalogueArgument,
    labels: Annotated[
        Path,
        typer.Argument(
            metavar="LABELS",
            help="A csv, tsv, jsonl or parquet file with a column id, key or name and a column label.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The head, a JSON file.")],
    unseen: Annotated[
        float, typer.Option(min=0.05, max=0.95, help="Share of the labelled samples to measure with.")
    ] = 0.2,
    l2: Annotated[float, typer.Option(min=0.0, help="Penalty on the squared weights.")] = 1e-5,
    balanced: Annotated[
        bool,
        typer.Option(
            "--balanced/--as-labelled", help="Whether both classes weigh the same, however many they are."
        ),
    ] = True,
    hidden: Annotated[
        int, typer.Option(min=0, max=1024, help="Width of a hidden layer; 0 for logistic regression.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Which samples are set aside follows from it.")] = 0,
) -> None:
    """Train the detector's head on labelled samples, and measure it on others it has not seen.

    Labels are 1, yes, true or rs for remote sensing; 0, no, false or other for anything else. The images must
    have been indexed: nothing is read but the catalogue's vectors. The head works for every catalogue made
    with the same encoder: name it as `head` of the stage `detector`.
    """
    console = Console(highlight=False, soft_wrap=True)
    table = read_labels(labels)
    with Catalogue.open(catalogue) as opened:
        found = join_labels(opened, table)
        console.print(_joined(table, found))
        aside = found.unseen(unseen, seed)
        vectors = opened.vectors[found.ids]
        encoder = opened.manifest.encoder
    where = f"{labels.name}, samples of the catalogue {catalogue.resolve().name}"
    seen, rest = (
        Examples(vectors[chosen], found.is_remote_sensing[chosen], where) for chosen in (~aside, aside)
    )
    head = train_head(out.stem, encoder, seen, rest, Recipe(l2, balanced, hidden, seed))
    head.save(out)
    console.print(report(head))
    console.print(f"{out} written")


def _joined(labels: Labels, found: Labelled) -> str:
    """How many labels found a sample, and why the others did not."""
    lost = {
        "name no sample": found.unknown,
        "name several samples": found.ambiguous,
        "name a sample without a vector": found.without_vector,
    }
    reasons = ", ".join(f"{count:,} {why}" for why, count in lost.items() if count)
    total = len(labels.is_remote_sensing)
    joined = f"{len(found.ids):,} of {total:,} labelled names joined by {labels.naming}"
    return f"{joined}; {reasons}" if reasons else joined
