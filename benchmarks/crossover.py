"""Up to how many passing samples comparing each is cheaper: `python -m benchmarks.crossover CATALOGUE`.

The planner compares every passing sample, or goes through inverted lists; `EXACT_ROWS` of `app.query.nearest`
says up to how many it compares. Here it is made to do both inside the same filters, in turns: samples drawn
at random, over all lists, and samples around one, in few lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from app.query import nearest as planner
from app.query.passing import Passing
from benchmarks.command import about, number, parser, ratio, run, say, show
from benchmarks.filters import around, no_filter
from benchmarks.ours import Found, find
from benchmarks.timing import Times, interleaved
from benchmarks.truth import Group, find_truth
from benchmarks.vector_queries import QuerySource
from indexer.catalogue import Catalogue
from indexer.errors import UserError

K = 100
COUNTS = (2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__, rounds=40)
    made.add_argument("--counts", type=int, nargs="+", default=list(COUNTS), help="passing samples")
    asked = made.parse_args(arguments)
    with Catalogue.open(asked.catalogue) as catalogue:
        if catalogue.index.is_flat:
            raise UserError(f"{asked.catalogue} has a flat index, which compares all.", "Give a larger one.")
        measure(catalogue, sorted(asked.counts), asked.rounds)


def measure(catalogue: Catalogue, counts: Sequence[int], rounds: int) -> None:
    """Time both ways at each number of passing samples, and print where they cross."""
    random = np.random.default_rng(0)
    everything = no_filter(catalogue).passing
    source, ids = QuerySource(catalogue, random), everything.ids()
    rows, cheaper = [], 0
    for count in (count for count in counts if count < len(ids)):
        drawn = Passing.of_ids(everything.samples, random.choice(ids, count, replace=False))
        cluster = around(catalogue.vectors, ids, int(random.choice(ids)), count)
        for name, within in (("random", drawn), ("cluster", Passing.of_ids(everything.samples, cluster))):
            queries = np.concatenate([source.samples(pool, rounds // 2) for pool in (within, everything)])
            group = Group(queries, within)
            find_truth(catalogue.vectors, [group], K)
            times, found = _both_ways(catalogue, group)
            if times["compared"].p50 <= times["lists"].p50:
                cheaper = count
            recall = group.recall(catalogue.vectors, [one.ids for one in found], 10).mean()
            rows.append(
                (
                    f"{name} {count:,}",
                    number(times["compared"].p50),
                    number(times["compared"].p95),
                    number(times["lists"].p50),
                    number(times["lists"].p95),
                    f"{recall:.3f}",
                    ratio(times["lists"].p50, times["compared"].p50),
                )
            )
    headings = ["passing", "compared p50 ms", "p95", "lists p50 ms", "p95", "recall@10", "lists / compared"]
    show(about(catalogue), headings, rows, f"{rounds} rounds; recall@10 is that of lists")
    say(f"Comparing was the cheaper at {cheaper:,} and fewer; EXACT_ROWS is {planner.EXACT_ROWS:,}")


def _both_ways(catalogue: Catalogue, group: Group) -> tuple[dict[str, Times], list[Found]]:
    """Times of both ways, and what going through lists found."""
    found: dict[int, Found] = {}

    def compare(turn: int) -> None:
        with _exact_up_to(group.passing.samples):
            find(catalogue, group.queries[turn % len(group.queries)], group.passing, K)

    def through_lists(turn: int) -> None:
        place = turn % len(group.queries)
        with _exact_up_to(0):
            found[place] = find(catalogue, group.queries[place], group.passing, K)

    times = interleaved({"compared": compare, "lists": through_lists}, len(group.queries))
    return times, [found[place] for place in range(len(group.queries))]


@contextmanager
def _exact_up_to(rows: int) -> Iterator[None]:
    chosen, planner.EXACT_ROWS = planner.EXACT_ROWS, rows
    try:
        yield
    finally:
        planner.EXACT_ROWS = chosen


if __name__ == "__main__":
    run(main)
