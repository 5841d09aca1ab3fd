"""How fast and how truly vectors are searched: `python -m benchmarks.search CATALOGUE`.

The app's planner, without a filter and with filters that pass 50, 10, 1, 0.1 and 0.01 % of the samples: drawn
at random, and such as correlate with queries (a source, a class, the samples around one, a box on the map).
Half of the queries are texts, half are samples; inside a filter, half of both speak of what passes, half of
anything. The yardstick is the fastest exact scan of all vectors on this machine, found out first and then
run in turns with the planner. Recall is against the exact scores at float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from app.errors import UnavailableError
from app.query.passing import Passing
from benchmarks.command import number, parser, run, show
from benchmarks.exact_scans import Scan, scans
from benchmarks.filters import (
    Narrowed,
    box_filters,
    cluster_filters,
    facet_filters,
    no_filter,
    random_filters,
)
from benchmarks.ours import Found, find
from benchmarks.search_report import Case, K, Measured, report, report_goals
from benchmarks.timing import Times, timed
from benchmarks.truth import Group, find_truth
from benchmarks.vector_queries import QuerySource
from indexer.catalogue import Catalogue
from indexer.errors import UserError

_SEED = 0
_WARM_UP = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__)
    made.add_argument("--queries", type=int, default=200, help="queries in each filter (default 200)")
    made.add_argument("--scans", type=int, default=10, help="exact scans in each filter (default 10)")
    asked = made.parse_args(arguments)
    with Catalogue.open(asked.catalogue) as catalogue:
        if not catalogue.manifest.vectors:
            raise UserError(f"{asked.catalogue} has no image vectors.", "Measure one that has.")
        found = cases(catalogue, asked.queries)
        vectors = catalogue.vectors
        find_truth(vectors, [group for case in found for group in (case.texts, case.samples)], K)
        name, scan = fastest(vectors, found[0], asked.scans)
        measured = [measure(catalogue, case, scan, asked.scans) for case in found]
        report(catalogue, measured, name)
        report_goals(catalogue, measured)


def cases(catalogue: Catalogue, queries: int) -> list[Case]:
    """Every filter with its queries; the first one is no filter."""
    random = np.random.default_rng(_SEED)
    source = QuerySource(catalogue, random)
    everything = no_filter(catalogue)
    filters = chain(
        [everything],
        random_filters(everything.passing, random),
        facet_filters(catalogue, "source"),
        facet_filters(catalogue, "class"),
        cluster_filters(catalogue.vectors, everything.passing, random),
        box_filters(catalogue),
    )
    return [_case(source, narrowed, everything.passing, queries) for narrowed in filters]


def _case(source: QuerySource, narrowed: Narrowed, everything: Passing, queries: int) -> Case:
    quarter = max(1, queries // 4)
    samples = np.concatenate([source.samples(pool, quarter) for pool in (narrowed.passing, everything)])
    try:
        texts = np.concatenate([source.texts(pool, quarter) for pool in (narrowed.passing, everything)])
    except UnavailableError:
        texts = np.empty((0, samples.shape[1]), np.float32)
    return Case(narrowed, Group(texts, narrowed.passing), Group(samples, narrowed.passing))


def fastest(vectors: NDArray[np.float16], case: Case, rounds: int) -> tuple[str, Scan]:
    """The exact scan with the smallest median, built; prints what each of them takes.

    One is in memory at a time: at five million rows each holds five gigabytes.
    """
    queries = case.samples.queries[: max(2, rounds)]
    group = Group(queries, case.samples.passing, case.samples.best[: len(queries)])
    rows, medians = [], {}
    for name, make in scans().items():
        times, found = _scanned(make(vectors), group)
        medians[name] = times.p50
        recall = group.recall(vectors, found, 10).mean()
        rows.append((name, number(times.p50), number(times.p95), f"{recall:.3f}"))
    show("Exact scans", ("", "p50 ms", "p95 ms", "recall@10"), rows)
    name = min(medians, key=lambda way: medians[way])
    return name, scans()[name](vectors)


def _scanned(scan: Scan, group: Group) -> tuple[Times, list[NDArray[np.int64]]]:
    scan.search(group.queries[0], K, group.passing)
    found, milliseconds = [], []
    for query in group.queries:
        start = perf_counter()
        found.append(scan.search(query, K, group.passing))
        milliseconds.append((perf_counter() - start) * 1000)
    return Times(np.array(milliseconds)), found


def measure(catalogue: Catalogue, case: Case, scan: Scan, rounds: int) -> Measured:
    """Answer every query of a case, and scan now and then in between."""
    passing = case.narrowed.passing
    queries = np.concatenate([case.texts.queries, case.samples.queries])
    order = np.random.default_rng(_SEED).permutation(len(queries))
    every = max(1, len(queries) // rounds)
    for query in queries[order[:_WARM_UP]]:
        find(catalogue, query, passing, K)
    found: dict[int, Found] = {}
    ours, exact = [], []
    for turn, place in enumerate(order.tolist()):
        start = perf_counter()
        found[place] = find(catalogue, queries[place], passing, K)
        ours.append((perf_counter() - start) * 1000)
        if turn % every == 0:
            exact.append(timed(partial(scan.search, queries[place], K, passing)))
    answered = [found[place] for place in range(len(queries))]
    texts = len(case.texts.queries)
    return Measured(case, answered[:texts], answered[texts:], Times(np.array(ours)), Times(np.array(exact)))


if __name__ == "__main__":
    run(main)
