"""How fast a search is, besides encoding its text: `python -m benchmarks.search CATALOGUE`.

Each round answers the same query four ways, one after the other, so that whatever else the machine does hits
all alike: the app's `search()` without and with a filter (rows, counts and paging included), and the bare
exact scan in NumPy over the same vectors, all of them and those that pass. The ratio is search over scan.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from app.query import FACETS, Filters, Query, search
from app.query.passing import passing
from indexer.catalogue import Catalogue
from indexer.errors import UserError

K = 50
WARM_UP = 5


@dataclass(frozen=True)
class Given:
    """`QueryVectors` that answers every text with one vector: encoding is measured elsewhere."""

    vector: NDArray[np.float32]

    def of_text(self, text: str) -> NDArray[np.float32]:
        """The vector."""
        return self.vector

    def of_image(self, image: str) -> NDArray[np.float32]:
        """The vector."""
        return self.vector


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("catalogue")
    parser.add_argument("--rounds", type=int, default=200)
    arguments = parser.parse_args()
    with Catalogue.open(arguments.catalogue) as catalogue:
        if not catalogue.manifest.vectors:
            raise UserError(f"{arguments.catalogue} has no image vectors.", "Measure one that has.")
        measure(catalogue, arguments.rounds)


def measure(catalogue: Catalogue, rounds: int) -> None:
    """Time `rounds` random queries and print percentiles."""
    scanned = np.asarray(catalogue.vectors, dtype=np.float32)
    cases = {"": (Filters(), scanned)}
    caption = "no facet to filter by"
    if filtered := commonest(catalogue):
        filters, name = filtered
        ids = passing(catalogue, filters).ids()
        cases[", filtered"] = (filters, scanned[ids])
        caption = f"filtered by {name}: {len(ids):,} samples"
    random = np.random.default_rng(0)
    times: dict[str, list[float]] = {}
    for turn in range(WARM_UP + rounds):
        vector = unit(random.normal(size=(scanned.shape[1],)).astype(np.float32))
        for case, (filters, rows) in cases.items():
            query = Query(q="x", mode="image", k=K, filters=filters)
            found = {
                f"search{case}": timed(partial(search, catalogue, query, Given(vector))),
                f"NumPy scan{case}": timed(partial(exact, rows, vector)),
            }
            if turn >= WARM_UP:
                for label, milliseconds in found.items():
                    times.setdefault(label, []).append(milliseconds)
    report(catalogue, times, caption, rounds)


def commonest(catalogue: Catalogue) -> tuple[Filters, str] | None:
    """The filter on the commonest value of the first facet that has two, if there is one."""
    for facet in FACETS:
        rows = (
            catalogue.connect()
            .execute(
                f"""
                SELECT {facet.sql} AS value, count(*) FROM samples WHERE stage = 'kept' AND value IS NOT NULL
                GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT 2
                """  # noqa: S608
            )
            .fetchall()
        )
        if len(rows) > 1:
            return Filters.from_params({facet.name: [str(rows[0][0])]}), f"{facet.name}={rows[0][0]}"
    return None


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vector at length 1."""
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def exact(vectors: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.intp]:
    """Rows of the `K` largest inner products, best first."""
    scores = vectors @ vector
    best = np.argpartition(scores, -min(K, len(scores)))[-K:]
    return best[np.argsort(-scores[best])]


def timed(action: Callable[[], object]) -> float:
    """Milliseconds that `action` takes."""
    start = perf_counter()
    action()
    return (perf_counter() - start) * 1000


def report(catalogue: Catalogue, times: dict[str, list[float]], caption: str, rounds: int) -> None:
    """Print percentiles and ratios."""
    manifest = catalogue.manifest
    title = (
        f"{manifest.samples:,} samples, {manifest.encoder['dimension']} dimensions, k={K}, {rounds} rounds"
    )
    table = Table(title=title, title_justify="left", caption=f"{caption}; {os.cpu_count()} cores")
    for heading in ("", "p50 ms", "p95 ms"):
        table.add_column(heading, justify="right" if heading else "left")
    for label, values in times.items():
        middle, high = np.percentile(values, (50, 95))
        table.add_row(label, f"{middle:.2f}", f"{high:.2f}")
    console = Console(width=100)
    console.print(table)
    for suffix in ("", ", filtered"):
        if f"search{suffix}" not in times:
            continue
        ratio = np.median(times[f"search{suffix}"]) / np.median(times[f"NumPy scan{suffix}"])
        console.print(f"search{suffix} / NumPy scan{suffix}: {ratio:.1f}")


if __name__ == "__main__":
    main()
