"""What `benchmarks.search` measures and how it tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from benchmarks.command import about, number, ratio, say, show
from benchmarks.filters import Narrowed
from benchmarks.ours import Found
from benchmarks.timing import Times
from benchmarks.truth import Group
from indexer.catalogue import Catalogue

K = 100


@dataclass
class Case:
    """Queries inside one filter.

    Attributes:
        narrowed: the filter.
        texts, samples: the queries of either kind, with what they ought to find.
    """

    narrowed: Narrowed
    texts: Group
    samples: Group


@dataclass(frozen=True)
class Measured:
    """What one filter gave.

    Attributes:
        case: filter and queries.
        texts, samples: what was found for the queries of either kind.
        ours: times of the planner, one a query.
        exact: times of the exact scan.
    """

    case: Case
    texts: list[Found]
    samples: list[Found]
    ours: Times
    exact: Times

    def complete(self) -> bool:
        """Whether every query got `K` results, or all that pass."""
        wanted = min(K, self.case.narrowed.passing.count)
        return all(len(np.unique(found.ids)) == wanted for found in chain(self.texts, self.samples))

    def how(self) -> str:
        """How the planner searched, the commonest way first, and the median number of lists it scanned."""
        answers = [*self.texts, *self.samples]
        ways = ", ".join(way for way, _ in Counter(found.how for found in answers).most_common())
        lists = int(np.median([found.lists for found in answers]))
        return f"{ways} ({lists:,})" if lists else ways


def recalls(catalogue: Catalogue, measured: Measured, k: int) -> list[float]:
    """Mean recall at `k` of texts (where there are any) and of samples."""
    pairs = ((measured.case.texts, measured.texts), (measured.case.samples, measured.samples))
    return [
        float(group.recall(catalogue.vectors, [one.ids for one in found], k).mean())
        for group, found in pairs
        if len(group.queries)
    ]


def report(catalogue: Catalogue, measured: Sequence[Measured], scan: str) -> None:
    """Print a row a filter."""
    rows = []
    for one in measured:
        passing, taken = one.case.narrowed.passing, one.case.narrowed.milliseconds
        rows.append(
            (
                one.case.narrowed.name,
                f"{passing.count:,}",
                f"{passing.count / passing.samples:.2%}",
                "" if taken is None else number(taken),
                one.how(),
                " / ".join(f"{recall:.3f}" for recall in recalls(catalogue, one, 10)),
                " / ".join(f"{recall:.3f}" for recall in recalls(catalogue, one, K)),
                number(one.ours.p50),
                number(one.ours.p95),
                number(one.ours.per_second),
                number(one.exact.p50),
                ratio(one.exact.p50, one.ours.p50),
                "yes" if one.complete() else "NO",
            )
        )
    headings = ["filter", "passing", "share", "bitmap ms", "way (lists)", "recall@10", f"recall@{K}"]
    headings += ["p50 ms", "p95 ms", "a second", "exact p50", "exact / ours", "complete"]
    show(about(catalogue), headings, rows, f"recall of texts / of samples; the exact scan is {scan}")


def report_goals(catalogue: Catalogue, measured: Sequence[Measured]) -> None:
    """Print what ought to hold and whether it does; the first of `measured` is no filter."""
    plain = measured[0]
    recall = {one.case.narrowed.name: min(recalls(catalogue, one, 10)) for one in measured}
    at_10, at_100 = recall[plain.case.narrowed.name], min(recalls(catalogue, plain, K))
    worst = min(recall, key=lambda name: recall[name])
    slowest = max(measured, key=lambda one: one.ours.p95)
    gain, slower = plain.exact.p50 / plain.ours.p50, slowest.ours.p95 / plain.ours.p95
    goals = (
        (at_10 >= 0.98, f"no filter: recall@10 {at_10:.3f}, at least 0.98"),
        (at_100 >= 0.95, f"no filter: recall@{K} {at_100:.3f}, at least 0.95"),
        (gain >= 40, f"no filter: exact / ours {number(gain)}, at least 40"),
        (recall[worst] >= 0.98, f"filter with least recall@10 ({worst}): {recall[worst]:.3f}, at least 0.98"),
        (
            slower <= 5,
            f"slowest filter ({slowest.case.narrowed.name}): p95 {number(slower)} times none's, at most 5",
        ),
        (all(one.complete() for one in measured), f"{K} results wherever {K} pass, else all that pass"),
    )
    for holds, what in goals:
        say(f"{'holds' if holds else 'FAILS'}  {what}")
