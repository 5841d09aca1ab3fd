"""How fast raw lists are filtered, beside a bare scan of the same file: `python -m benchmarks.lists`.

Draws a list like LAION's (of a thousand captions, about four have a keyword) and writes it as Parquet and as
CSV. Then, in turns and each in a process of its own: DuckDB reads it and sums the lengths of captions and
addresses (`scan`); DuckDB counts the captions with a keyword, and nothing else (`keywords alone`); it is
filtered as `rs5m filter` does it (`filter`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb

from benchmarks import laion_like
from benchmarks.command import WORK, megabytes, number, parser, run, say, show
from benchmarks.timing import disk_bytes, machine
from indexer.errors import UserError
from indexer.keywords import RS5M
from indexer.lists import FilterOptions, filter_lists
from indexer.lists.open_list import quoted

ROWS = 20_000_000
ROUNDS = 3
CASES = ("scan", "keywords alone", "filter")
_CASE = "--case"


@dataclass(frozen=True)
class Ran:
    """One case, once: seconds without the start of Python, bytes of memory at most, rows read and kept."""

    seconds: float
    peak: int
    rows: int
    kept: int | None


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__, catalogue=False, rounds=ROUNDS)
    made.add_argument("--rows", type=int, default=ROWS, help=f"rows of the list (default {ROWS:,})")
    made.add_argument("--formats", nargs="+", default=["parquet", "csv"], choices=["parquet", "csv"])
    made.add_argument("--keep", action="store_true", help="keep the lists below out/benchmarks/lists")
    made.add_argument(_CASE, help="for the benchmark itself: run one case and print what came of it")
    made.add_argument("--list", type=Path, help="the same")
    asked = made.parse_args(arguments)
    if asked.case:
        say_as_json(asked.case, asked.list)
        return
    folder = WORK / "lists"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for suffix in asked.formats:
            path = written(folder / f"laion-like-{asked.rows}.{suffix}", asked.rows)
            report(path, {case: [] for case in CASES}, asked.rounds)
            if not asked.keep:
                path.unlink()
    finally:
        if not asked.keep:
            shutil.rmtree(folder)


def written(path: Path, rows: int) -> Path:
    """A list of `rows` rows, unless it is there."""
    if not path.exists():
        aside = path.with_suffix(".tmp")
        options = "FORMAT csv, HEADER" if path.suffix == ".csv" else "FORMAT parquet"
        with duckdb.connect(config={"memory_limit": "2GB"}) as connection:
            connection.execute(f"COPY ({laion_like.select(rows)}) TO {quoted(str(aside))} ({options})")
        aside.rename(path)
    return path


def report(path: Path, found: dict[str, list[Ran]], rounds: int) -> None:
    """Time every case in turns, and print.

    Raises:
        UserError: two cases disagree.
    """
    for turn in range(rounds):
        first = turn % len(CASES)
        for case in CASES[first:] + CASES[:first]:
            found[case].append(in_a_process(case, path))
    counts = {(ran.rows, ran.kept) for case in CASES[1:] for ran in found[case]}
    if len(counts) != 1:
        raise UserError(f"The cases disagree on rows and kept rows: {counts}.")
    [(total, kept)] = counts
    seconds = {case: median(ran.seconds for ran in found[case]) for case in CASES}
    rows = [
        (
            case,
            number(seconds[case]),
            f"{total / seconds[case]:,.0f}",
            number(seconds["scan"] / seconds[case]),
            megabytes(max(ran.peak for ran in found[case])),
        )
        for case in CASES
    ]
    title = f"{total:,} rows, {path.suffix[1:]} of {megabytes(disk_bytes(path))}; {machine()}"
    show(title, ("", "seconds", "rows/s", "of the scan's", "peak memory"), rows, f"{rounds} rounds, medians")
    say(f"{kept:,} rows kept; filter and DuckDB agree.")


def in_a_process(case: str, path: Path) -> Ran:
    """Run one case in a process of its own.

    Raises:
        UserError: it failed.
    """
    command = [sys.executable, "-m", "benchmarks.lists", _CASE, case, "--list", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise UserError(f"The case '{case}' failed on {path}.")
    facts = json.loads(told.splitlines()[-1])
    return Ran(facts["seconds"], usage.ru_maxrss * 1024, facts["rows"], facts["kept"])


def say_as_json(case: str, path: Path) -> None:
    """Run one case here and print its seconds, rows and kept rows."""
    start = perf_counter()
    rows, kept = filtered(path) if case == "filter" else scanned(path, case)
    print(json.dumps({"seconds": perf_counter() - start, "rows": rows, "kept": kept}))


def filtered(path: Path) -> tuple[int, int]:
    """Rows and kept rows of a filter run as `rs5m filter` does it."""
    out = path.with_suffix(".filtered")
    shutil.rmtree(out, ignore_errors=True)
    total = filter_lists([str(path)], out, FilterOptions()).total
    shutil.rmtree(out)
    return total.rows, total.kept


def scanned(path: Path, case: str) -> tuple[int, int | None]:
    """Rows and kept rows by DuckDB alone."""
    reader = f"read_{path.suffix[1:]}({quoted(str(path))})"
    asked = (
        "sum(length(caption)), sum(length(url))"
        if case == "scan"
        else (f"count(*) FILTER (url <> '' AND regexp_matches(caption, {quoted(RS5M.pattern)})), NULL")
    )
    with duckdb.connect() as connection:
        sql = f"SELECT count(*), {asked} FROM {reader}"  # noqa: S608
        [(rows, kept, _)] = connection.execute(sql).fetchall()
    return rows, None if case == "scan" else kept


if __name__ == "__main__":
    run(main)
