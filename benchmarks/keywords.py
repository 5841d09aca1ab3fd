"""Keywords against plain grep, caption by caption: `python -m benchmarks.keywords`.

A million captions like LAION's go through RS5M's keyword list in Python, in DuckDB and in `grep -E`; the
counts have to be the same, keyword by keyword, and the command fails where they are not.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb

from benchmarks import laion_like
from benchmarks.command import WORK, number, parser, run, say, show
from benchmarks.timing import machine, timed
from indexer.errors import UserError
from indexer.keywords import RS5M, RS5M_KEYWORDS

ROWS = 1_000_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Count and print."""
    made = parser(__doc__, catalogue=False)
    made.add_argument("--rows", type=int, default=ROWS, help=f"captions (default {ROWS:,})")
    asked = made.parse_args(arguments)
    captions = laion_like.captions(asked.rows, keyword_share=0.01)
    WORK.mkdir(parents=True, exist_ok=True)
    lines = WORK / "captions.txt"
    lines.write_text("".join(caption.replace("\n", " ") + "\n" for caption in captions), encoding="utf-8")
    try:
        compare(captions, lines)
    finally:
        lines.unlink()


def compare(captions: Sequence[str], lines: Path) -> None:
    """Print the counts and times of all three.

    Raises:
        UserError: two of them differ.
    """
    ours: Counter[str] = Counter()
    greps: dict[str, int] = {}
    seconds = {
        "Python": timed(lambda: ours.update(label for one in captions for label in RS5M.find_all(one)))
        / 1000,
        "grep": timed(lambda: greps.update({label: grep_count(label, lines) for label in RS5M_KEYWORDS}))
        / 1000,
    }
    connection = duckdb.connect()
    texts = connection.execute("CREATE TABLE texts AS SELECT unnest(?::VARCHAR[]) AS caption", [captions])
    kept: list[int] = []
    sql = "SELECT count(*) FROM texts WHERE regexp_matches(caption, ?, 'i')"
    seconds["DuckDB, all at once"] = (
        timed(lambda: kept.append(texts.execute(sql, [RS5M.pattern]).fetchall()[0][0])) / 1000
    )
    found: list[int] = []
    seconds["Python, all at once"] = (
        timed(lambda: found.append(sum(RS5M.find(one) is not None for one in captions))) / 1000
    )
    rows = [(label, f"{ours[label]:,}", f"{greps[label]:,}") for label in RS5M_KEYWORDS]
    rows.append(("any", f"{found[0]:,}", f"{kept[0]:,} (DuckDB)"))
    show(f"{len(captions):,} captions; {machine()}", ("keyword", "Python", "grep -E -i -c"), rows)
    say("Seconds: " + "; ".join(f"{name} {number(value)}" for name, value in seconds.items()))
    different = [label for label in RS5M_KEYWORDS if ours[label] != greps[label]]
    if different or found != kept:
        raise UserError(f"The counts differ: {', '.join(different) or 'any'}.")
    say("All counts are the same.")


def grep_count(label: str, lines: Path) -> int:
    """Lines in which plain grep finds a keyword."""
    done = subprocess.run(
        ["grep", "-a", "-E", "-i", "-c", "-e", RS5M.grep(label), str(lines)],
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    return int(done.stdout)


if __name__ == "__main__":
    run(main)
