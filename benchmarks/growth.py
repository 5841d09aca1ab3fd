"""How time, memory and size grow with the number of rows: `python -m benchmarks.growth`.

Makes a catalogue of each size with `rs5m synth`, each in a process of its own, and reads the seconds of each
step from its `build.json`, peak memory from the kernel, sizes from the disk. The growth exponent is the slope
of a line through the logarithms: 1 is linear, above 1 is worse.
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
from time import perf_counter

import numpy as np

from benchmarks.command import WORK, megabytes, number, parser, run, say, show
from benchmarks.timing import disk_bytes, machine
from indexer.catalogue.layout import BUILD, CAPTIONS, DATABASE, INDEX, ORDERS, VECTORS
from indexer.errors import UserError

ROWS = (500_000, 1_000_000, 2_000_000, 5_070_186)
_MEASURED_FILES = (VECTORS, INDEX, DATABASE, CAPTIONS, ORDERS)


@dataclass(frozen=True)
class Built:
    """One catalogue.

    Attributes:
        rows: its samples.
        seconds: by step; `whole` is the process from start to end.
        peak: largest resident memory of its biggest process, in bytes.
        sizes: bytes by file, and `whole`.
    """

    rows: int
    seconds: dict[str, float]
    peak: int
    sizes: dict[str, int]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__, catalogue=False)
    made.add_argument("--rows", type=int, nargs="+", default=list(ROWS), help="sizes, in samples")
    made.add_argument("--keep", action="store_true", help="keep the catalogues below out/benchmarks/growth")
    made.add_argument("--dimension", type=int, help="length of a vector")
    asked = made.parse_args(arguments)
    folder = WORK / "growth"
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--dimension", str(asked.dimension)] if asked.dimension else []
    found = []
    for rows in sorted(asked.rows):
        found.append(build(rows, folder, options))
        if not asked.keep:
            shutil.rmtree(folder / str(rows))
    report(found)


def build(rows: int, folder: Path, options: Sequence[str] = ()) -> Built:
    """Make a catalogue of `rows` samples in `folder`.

    Raises:
        UserError: the run failed.
    """
    out, log = folder / str(rows), folder / f"{rows}.log"
    command = [
        sys.executable,
        "-m",
        "app.cli",
        "synth",
        "--rows",
        str(rows),
        "--out",
        str(out),
        "--overwrite",
    ]
    start = perf_counter()
    with log.open("w") as stream:
        process = subprocess.Popen([*command, "--overwrite", *options], stdout=stream, stderr=stream)
        # wait4 tells of this child and of those it waited for; `resource` would mix in all earlier children.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    whole = perf_counter() - start
    if process.returncode:
        raise UserError(f"rs5m synth --rows {rows} failed.", f"See {log}.")
    facts = json.loads((out / BUILD).read_text("utf-8"))
    sizes = {name: disk_bytes(out / name) for name in _MEASURED_FILES}
    return Built(
        rows=rows,
        seconds={**{step["step"]: step["seconds"] for step in facts["steps"]}, "whole": whole},
        peak=usage.ru_maxrss * 1024,
        sizes={**sizes, "whole": disk_bytes(out)},
    )


def exponent(rows: Sequence[int], values: Sequence[float]) -> float:
    """Slope of a least-squares line through (log rows, log value)."""
    return float(np.polyfit(np.log(rows), np.log(values), 1)[0])


def report(found: Sequence[Built]) -> None:
    """Print a row a quantity, a column a size, and the exponents."""
    rows = [built.rows for built in found]
    table = []
    for title, unit, quantities in (
        ("seconds", number, [built.seconds for built in found]),
        ("peak memory", megabytes, [{"of the biggest process": built.peak} for built in found]),
        ("disk", megabytes, [built.sizes for built in found]),
    ):
        for name in quantities[0]:
            values = [float(of.get(name, 0)) for of in quantities]
            table.append([f"{title}: {name}", *(unit(value) for value in values), _growth(rows, values)])
    show(f"rs5m synth; {machine()}", ["", *(f"{size:,}" for size in rows), "exponent"], table)
    whole = [built.seconds["whole"] for built in found]
    say(f"Whole build: rows^{_growth(rows, whole) or '?'}; 1 is linear")


def _growth(rows: Sequence[int], values: Sequence[float]) -> str:
    if len(rows) < 2 or min(values) <= 0:
        return ""
    return f"{exponent(rows, values):.2f}"


if __name__ == "__main__":
    run(main)
