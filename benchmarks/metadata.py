"""How fast metadata is counted, filtered, listed and mapped: `python -m benchmarks.metadata CATALOGUE`.

The app's functions against the same rows in SQLite, with an index on every facet and sort, and in plain
Parquet files that DuckDB reads. Every question is put to the three in turns, each round with another filter,
and the answers are compared before anything is timed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.command import WORK, about, megabytes, number, parser, ratio, run, say, show
from benchmarks.metadata_cases import Case, cases
from benchmarks.stores import Parquet, SQLite, Store
from benchmarks.timing import Times, disk_bytes, interleaved
from indexer.catalogue import Catalogue
from indexer.errors import UserError


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    asked = parser(__doc__, rounds=20).parse_args(arguments)
    with Catalogue.open(asked.catalogue) as catalogue:
        folder = WORK / "metadata" / catalogue.manifest.catalogue_id
        folder.mkdir(parents=True, exist_ok=True)
        stores: list[Store] = [SQLite(catalogue, folder), Parquet(catalogue, folder)]
        found = measure(cases(catalogue), stores, asked.rounds)
        report(catalogue, stores, found, asked.rounds)


def measure(questions: Sequence[Case], stores: Sequence[Store], rounds: int) -> dict[str, dict[str, Times]]:
    """Times by question and by who answered (`app` or a store's name).

    Raises:
        UserError: two of them answer a question differently.
    """
    found = {}
    for case in questions:
        ours = case.ours(0)
        for store in stores:
            theirs = case.theirs(store, 0)
            if theirs != ours:
                raise UserError(
                    f"{case.name}: {store.name} answers {str(theirs)[:200]}, the app {str(ours)[:200]}.",
                    "A comparison needs equal answers; delete out/benchmarks/metadata if the format changed.",
                )
        asked: dict[str, Callable[[int], object]] = {"app": case.ours}
        asked |= {store.name: partial(case.theirs, store) for store in stores}
        found[case.name] = interleaved(asked, rounds)
    return found


def report(
    catalogue: Catalogue, stores: Sequence[Store], found: dict[str, dict[str, Times]], rounds: int
) -> None:
    """Print the table."""
    headings = ["", "app p50 ms", "p95"]
    for store in stores:
        headings += [f"{store.name} p50", "p95", "/ app"]
    rows = []
    for name, times in found.items():
        ours = times["app"]
        row = [name, number(ours.p50), number(ours.p95)]
        for store in stores:
            theirs = times[store.name]
            row += [number(theirs.p50), number(theirs.p95), ratio(theirs.p50, ours.p50)]
        rows.append(row)
    show(about(catalogue), headings, rows, f"{rounds} rounds")
    sizes = (f"{store.name} {megabytes(disk_bytes(store.path))}" for store in stores)
    say(
        f"On disk: catalogue.duckdb {megabytes(disk_bytes(catalogue.path / 'catalogue.duckdb'))}, "
        f"{', '.join(sizes)}"
    )


if __name__ == "__main__":
    run(main)
