"""The steps that put a catalogue together: each is done whole, once, however often a run is stopped.

A step makes its files in a folder of its own. When it is through they are synced, renamed into the
catalogue's folder and noted in the record, `steps.json`. What is not in the record does not count; nor does
what it says of another job, of files of another size, or of steps behind one that must be done again.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.build.progress import Progress
from indexer.catalogue.finish import replace_file
from indexer.catalogue.layout import STEPS


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: what the record and `rs5m info` call it.
        makes: names of the files and folders that it adds to the catalogue.
        work: makes them in the empty folder it is given; returns what is to be known later, as JSON values.
    """

    name: str
    makes: tuple[str, ...]
    work: Callable[[Path], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Done:
    """What the record says of a finished step.

    Attributes:
        name: of the step.
        seconds: it took.
        peak_mb: most memory the process has had resident until its end, mapped files with it.
        sizes: bytes by name of what it made.
        facts: what `Step.work` returned.
    """

    name: str
    seconds: float
    peak_mb: int
    sizes: dict[str, int]
    facts: dict[str, Any]


class Steps:
    """Steps in their order, and how far an earlier run of the same job came with them.

    Args:
        steps: each may use what those before it made.
        folder: of the catalogue; the record lies there too.
        aside: folder for what is being made, on the same disk.
        job: tells the run from others; what another one did is deleted.

    Attributes:
        done: finished steps, in order.
    """

    def __init__(self, steps: Sequence[Step], folder: Path, aside: Path, job: str) -> None:
        self._steps, self._folder, self._aside, self._job = steps, folder, aside, job
        self.done: list[Done] = []
        for step, done in zip(steps, _read(folder / STEPS, job), strict=False):
            if done.name != step.name or done.sizes != _sizes(folder, step.makes):
                break
            self.done.append(done)
        for step in self._left:
            for name in step.makes:
                _delete(folder / name)
            _delete(self._place(step))

    @property
    def facts(self) -> dict[str, dict[str, Any]]:
        """What each finished step returned, by its name."""
        return {done.name: done.facts for done in self.done}

    def run(self, progress: Progress) -> None:
        """Do the steps that are left."""
        if self.done:
            progress.resumed([done.name for done in self.done], [step.name for step in self._left])
        for step in self._left:
            self.done.append(self._do(step))
            self._write()

    @property
    def _left(self) -> Sequence[Step]:
        return self._steps[len(self.done) :]

    def _do(self, step: Step) -> Done:
        began = time.monotonic()
        place = self._place(step)
        place.mkdir(parents=True)
        facts = step.work(place)
        for name in step.makes:
            sync(place / name)
            (place / name).replace(self._folder / name)
        sync(self._folder, inside=False)
        _delete(place)
        return Done(
            step.name,
            round(time.monotonic() - began, 1),
            peak_mb(),
            _sizes(self._folder, step.makes),
            facts,
        )

    def _place(self, step: Step) -> Path:
        return self._aside / step.name.replace(" ", "-")

    def _write(self) -> None:
        record = {"job": self._job, "done": [asdict(done) for done in self.done]}
        replace_file(self._folder / STEPS, json.dumps(record, indent=2).encode())


def sync(path: Path, *, inside: bool = True) -> None:
    """Wait until a file, or a folder and, if `inside`, all that is in it, is on the disk."""
    if inside and path.is_dir():
        for entry in path.iterdir():
            sync(entry)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def peak_mb() -> int:
    """Most memory this process has had resident so far, in megabytes (10^6 bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6)


def _read(path: Path, job: str) -> list[Done]:
    """What the record says, or nothing if it is of another job, damaged, or not there."""
    try:
        record = json.loads(path.read_text("utf-8"))
        return [Done(**done) for done in record["done"]] if record["job"] == job else []
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _sizes(folder: Path, names: Sequence[str]) -> dict[str, int]:
    """Bytes of each of `names` that is there; a folder's files by their own names."""
    found: dict[str, int] = {}
    for name in names:
        path = folder / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                found[str(file.relative_to(folder))] = file.stat().st_size
    return found


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
