"""Timing things against each other in turns, so that whatever else the machine does hits all alike."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Times:
    """How long one thing took, round by round.

    Attributes:
        milliseconds: float64 (rounds,).
    """

    milliseconds: NDArray[np.float64]

    @property
    def p50(self) -> float:
        """Median, in milliseconds."""
        return float(np.percentile(self.milliseconds, 50))

    @property
    def p95(self) -> float:
        """Milliseconds within which 95 % are done."""
        return float(np.percentile(self.milliseconds, 95))

    @property
    def per_second(self) -> float:
        """How many one caller gets in a second, one after the other."""
        return 1000 / float(self.milliseconds.mean())


def timed(action: Callable[[], object]) -> float:
    """Milliseconds that `action` takes."""
    start = perf_counter()
    action()
    return (perf_counter() - start) * 1000


def interleaved(
    cases: Mapping[str, Callable[[int], object]], rounds: int, warm_up: int = 1
) -> dict[str, Times]:
    """Run every case once a round, `rounds` times after `warm_up` untimed rounds.

    Each case is called with the number of its round, 0 to `warm_up + rounds - 1`, so that it can ask
    something else each time. Every round begins one case later, so that none always comes first.
    """
    names = list(cases)
    taken: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(warm_up + rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            start = perf_counter()
            cases[name](turn)
            taken[name].append((perf_counter() - start) * 1000)
    return {name: Times(np.array(values[warm_up:])) for name, values in taken.items()}


def machine() -> str:
    """One line on what the figures were had on, and how busy it was."""
    facts = _proc("/proc/cpuinfo", ":")
    memory = int(_proc("/proc/meminfo", ":").get("MemTotal", "0 kB").split()[0]) / 1024**2
    return (
        f"{facts.get('model name', platform.processor() or platform.machine())}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def _proc(path: str, separator: str) -> dict[str, str]:
    """`name: value` lines of a file of the kernel, the first of each name; none where there is no file."""
    facts: dict[str, str] = {}
    if Path(path).exists():
        for line in Path(path).read_text().splitlines():
            name, _, value = line.partition(separator)
            facts.setdefault(name.strip(), value.strip())
    return facts


@dataclass(frozen=True)
class Memory:
    """Resident memory of a process, in bytes: its own, and pages of files that the kernel may drop."""

    anonymous: int
    mapped: int


def memory(pid: int | str = "self") -> Memory:
    """What process `pid` holds in memory, from Linux's `smaps_rollup`."""
    facts = _proc(f"/proc/{pid}/smaps_rollup", ":")
    resident, anonymous = (int(facts[name].split()[0]) * 1024 for name in ("Rss", "Anonymous"))
    return Memory(anonymous, resident - anonymous)


def disk_bytes(path: Path) -> int:
    """Bytes on disk of a file, or of all files below a folder."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)
