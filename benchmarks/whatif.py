"""How fast other thresholds are counted: `python -m benchmarks.whatif CATALOGUE`.

Asks in turns, each round with other thresholds: the page's fragment over HTTP (counts and the samples at the
edge), its JSON twin, the counting alone in this process, and the same counts as one query of DuckDB over the
scores held in a table of its memory. All of them must give the same numbers. A catalogue without scores s and
c is given some, drawn at random, in a copy that shares its other files and whose settings judge every subset.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import numpy as np
import pyarrow as pa

from app.query.judged import SCORES, Population, ScoreName, population
from app.query.whatif import Threshold, what_if
from benchmarks.command import WORK, about, number, parser, ratio, run, say, show
from benchmarks.server import Client, Server
from benchmarks.timing import Times, interleaved, timed
from indexer.catalogue import Catalogue
from indexer.catalogue.finish import replace_file
from indexer.catalogue.layout import MANIFEST
from indexer.catalogue.scores import score_path, write_scores
from indexer.errors import UserError

GOAL_MS = 200.0
_HTMX = {"HX-Request": "true", "HX-Target": "what-if-answer"}
_COUNT = """
SELECT source, count(*) FILTER (s < $vlm), count(*) FILTER (s >= $vlm AND c < $detector),
    count(*) FILTER (s >= $vlm AND c >= $detector)
FROM judged GROUP BY source
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    asked = parser(__doc__, rounds=50).parse_args(arguments)
    WORK.mkdir(parents=True, exist_ok=True)
    with Catalogue.open(asked.catalogue) as given:
        lacks = any(given.scores(name) is None for name in SCORES)
        folder = drawn(given, WORK / f"scored-{given.manifest.catalogue_id}") if lacks else asked.catalogue
    with Catalogue.open(folder) as catalogue, Server(folder, WORK / "serve.log") as server:
        reading = timed(lambda: population(catalogue))
        judged = population(catalogue)
        if not len(judged):
            raise UserError(f"{folder} has no samples that the score stages judge.", "Use another catalogue.")
        with Client(server.address) as client:
            times = measure(catalogue, judged, client, asked.rounds)
        report(catalogue, judged, times, asked.rounds, "drawn at random" if lacks else "its own")
        say(f"Reading and sorting the scores, once: {number(reading)} ms")


def drawn(catalogue: Catalogue, folder: Path) -> Path:
    """A copy of `catalogue` in `folder`, of links to its files, with scores drawn for every sample.

    Its settings say that every subset is judged, so that all of its kept samples are.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(catalogue.path, folder, copy_function=_link)
    for name in SCORES:
        (folder / score_path(name)).unlink(missing_ok=True)
    random = np.random.default_rng(0)
    samples = catalogue.manifest.samples
    write_scores(folder, {"vlm": random.normal(0.25, 0.05, samples), "detector": random.beta(5, 1, samples)})
    judging: dict[str, dict[str, Any]] = {name: {"subsets": "all"} for name in SCORES}
    manifest = replace(catalogue.manifest, settings={**catalogue.manifest.settings, **judging}).identified()
    replace_file(folder / MANIFEST, manifest.to_json().encode())
    return folder


def measure(catalogue: Catalogue, judged: Population, client: Client, rounds: int) -> dict[str, Times]:
    """Times of each way to count, by its name; each round other thresholds, the same for all.

    Raises:
        UserError: two ways count differently.
    """
    random = np.random.default_rng(1)
    shares = random.uniform(0.02, 0.98, (rounds + 1, len(SCORES)))
    cuts = [
        {
            name: float(np.quantile(judged.scores[name].ascending, 1 - share))
            for name, share in zip(SCORES, row, strict=True)
        }
        for row in shares
    ]
    table = _table(judged)

    def page(turn: int) -> None:
        answer = client.get("/stages/what-if?" + urlencode(list(cuts[turn].items())), _HTMX)
        if answer.status != 200:
            raise UserError(f"the page was answered with status {answer.status}.")

    def twin(turn: int) -> dict[str, tuple[int, ...]]:
        answer = json.loads(client.get("/api/stages/what-if?" + urlencode(list(cuts[turn].items()))).body)
        return {row["source"]: (row["vlm"], row["detector"], row["remain"]) for row in answer["rows"]}

    def alone(turn: int) -> dict[str, tuple[int, ...]]:
        thresholds: dict[ScoreName, Threshold] = {name: Threshold(least=cuts[turn][name]) for name in SCORES}
        rows = what_if(catalogue, thresholds).rows
        return {row.source or "": (row.vlm, row.detector, row.remain) for row in rows}

    def by_sql(turn: int) -> dict[str, tuple[int, ...]]:
        as_stored = {name: np.float32(value).item() for name, value in cuts[turn].items()}
        return {source: tuple(counts) for source, *counts in table.execute(_COUNT, as_stored).fetchall()}

    if not twin(0) == alone(0) == by_sql(0):
        raise UserError("the ways to count do not agree.")
    cases = {
        "page fragment over HTTP": page,
        "JSON over HTTP": twin,
        "counting alone": alone,
        "one DuckDB query": by_sql,
    }
    return interleaved(cases, rounds)


def report(
    catalogue: Catalogue, judged: Population, times: dict[str, Times], rounds: int, whose: str
) -> None:
    """Print the table, and whether the goal holds."""
    yardstick = times["one DuckDB query"]
    rows = [
        (name, number(one.p50), number(one.p95), ratio(yardstick.p50, one.p50)) for name, one in times.items()
    ]
    show(
        f"Other thresholds, {len(judged):,} samples judged, scores {whose}",
        ("way", "p50 ms", "p95 ms", "DuckDB / it"),
        rows,
        f"{about(catalogue)}; {rounds} rounds",
    )
    page = times["page fragment over HTTP"]
    holds = "yes" if page.p95 <= GOAL_MS else "no"
    say(
        f"Counts within {GOAL_MS:.0f} ms, edge of the threshold included: {holds} (p95 {number(page.p95)} ms)"
    )


def _table(judged: Population) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    sources = np.repeat(np.array(judged.sources, object), np.diff(judged.starts))
    content = pa.table(
        {
            "source": pa.array(sources, pa.string()).dictionary_encode(),
            "s": judged.scores["vlm"].values,
            "c": judged.scores["detector"].values,
        }
    )
    connection.register("content", content)
    connection.execute("CREATE TABLE judged AS SELECT source::VARCHAR AS source, s, c FROM content")
    return connection


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


if __name__ == "__main__":
    run(main)
