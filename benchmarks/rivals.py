"""How other vector indexes do on the same vectors and queries: `python -m benchmarks.rivals CATALOGUE`.

autofaiss asked as clip-retrieval asks it, usearch and LanceDB, each installed by pip into an environment of
its own below out/benchmarks/envs; the app's planner beside them. Each runs as a process of its own. Indexes
are built one after the other, queries are answered in turns. `--rows` gives the rivals the first rows only;
the app then searches inside a filter on these.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.errors import UnavailableError
from app.query.passing import Passing
from benchmarks.command import WORK, about, megabytes, number, parser, ratio, run, show
from benchmarks.drivers.measuring import CATALOGUE, PASSING, QUERIES, VECTORS
from benchmarks.filters import no_filter
from benchmarks.rival_runs import RIVALS, Entry, compete
from benchmarks.truth import Group, find_truth
from benchmarks.vector_queries import QuerySource
from indexer.catalogue import Catalogue, layout
from indexer.errors import UserError

K = 100
FILTERED_SHARE = 0.01


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__)
    made.add_argument("--queries", type=int, default=100, help="half texts, half samples (default 100)")
    made.add_argument("--rows", type=int, help="give rivals the first rows only")
    names = [rival.name for rival in RIVALS]
    made.add_argument("--only", nargs="+", choices=names, default=names, help="leave others out")
    asked = made.parse_args(arguments)
    with Catalogue.open(asked.catalogue) as catalogue:
        if not catalogue.manifest.vectors:
            raise UserError(f"{asked.catalogue} has no image vectors.", "Measure one that has.")
        rows = min(asked.rows or catalogue.manifest.samples, catalogue.manifest.samples)
        folder = WORK / "rivals"
        shutil.rmtree(folder, ignore_errors=True)
        given = folder / "given"
        groups = give(catalogue, given, rows, asked.queries)
        rivals = [rival for rival in RIVALS if rival.name in asked.only]
        entries = compete(rivals, given, folder, len(groups[0].queries), K)
        report(catalogue, entries, groups)


def give(catalogue: Catalogue, given: Path, rows: int, queries: int) -> tuple[Group, Group]:
    """Write what drivers read, and find what is true without the filter and inside it."""
    random = np.random.default_rng(0)
    everything = no_filter(catalogue).passing
    ids = everything.ids()
    ids = ids[ids < rows]
    within = Passing.of_ids(everything.samples, ids)
    drawn = np.sort(random.choice(ids, max(1, round(FILTERED_SHARE * len(ids))), replace=False))
    source, half = QuerySource(catalogue, random), max(1, queries // 2)
    asked = source.samples(within, half)
    try:
        asked = np.concatenate([source.texts(within, half), asked])
    except UnavailableError:
        asked = np.concatenate([source.samples(within, half), asked])

    (given / VECTORS).parent.mkdir(parents=True)
    (given / CATALOGUE).symlink_to(catalogue.path.absolute())
    if rows < catalogue.manifest.samples:
        np.save(given / VECTORS, catalogue.vectors[:rows])
    else:
        (given / VECTORS).symlink_to((catalogue.path / layout.VECTORS).absolute())
    np.save(given / QUERIES, asked)
    np.save(given / PASSING, drawn)
    groups = Group(asked, within), Group(asked, Passing.of_ids(everything.samples, drawn))
    find_truth(catalogue.vectors, groups, K)
    return groups


def report(catalogue: Catalogue, entries: Sequence[Entry], groups: tuple[Group, Group]) -> None:
    """Print what building took and what searches gave."""
    built = []
    for entry in entries:
        if entry.refused:
            built.append((entry.rival.name, entry.refused, "", "", "", ""))
            continue
        facts, held = entry.facts, entry.memory
        built.append(
            (
                entry.rival.name,
                str(facts["what"]),
                number(facts["seconds"]),
                megabytes(facts["peak"]),
                megabytes(facts["disk"]),
                f"{megabytes(held.anonymous)} + {megabytes(held.mapped)}",
            )
        )
    headings = ("", "index", "build s", "peak building", "disk", "serving: own + mapped")
    show(f"{about(catalogue)}; {groups[0].passing.count:,} searched", headings, built)

    rows = [row for entry in entries for row in _searches(catalogue, entry, entries[0], groups)]
    columns = ["", "setting", "filter", "recall@10", f"recall@{K}", "p50 ms", "p95 ms", "a second", "/ first"]
    show(f"{len(groups[0].queries)} queries, k={K}", columns, rows, "/ first: p50 over that of the first row")


def _searches(
    catalogue: Catalogue, entry: Entry, first: Entry, groups: tuple[Group, Group]
) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for (place, filtered), answers in entry.answers.items():
        setting = ", ".join(f"{name} {value}" for name, value in entry.rival.settings[place].items())
        head = (entry.rival.name, setting, f"{FILTERED_SHARE:.0%} random" if filtered else "none")
        if answers.refused:
            rows.append((*head, answers.refused, "", "", "", "", ""))
            continue
        group, times = groups[filtered], answers.times()
        baseline = first.answers.get((0, filtered))
        recalls = (group.recall(catalogue.vectors, answers.found, k).mean() for k in (10, K))
        rows.append(
            (
                *head,
                *(f"{recall:.3f}" for recall in recalls),
                number(times.p50),
                number(times.p95),
                number(times.per_second),
                ratio(times.p50, baseline.times().p50) if baseline and not baseline.refused else "",
            )
        )
    return rows


if __name__ == "__main__":
    run(main)
