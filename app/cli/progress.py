"""The progress of an index run: a live line on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    TaskID,
    TextColumn,
)
from rich.progress import Progress as RichProgress

from indexer.build import Progress

_SECONDS_BETWEEN_LINES = 10.0


@dataclass(slots=True)
class Phase:
    """One phase of putting a catalogue together, and how far it is.

    Attributes:
        what: in words.
        total: how much there is to do, if that is known.
        unit: what is counted.
        began: seconds of the monotonic clock.
        done: how much of it is done.
    """

    what: str
    total: int | None
    unit: str
    began: float
    done: int = 0

    @property
    def status(self) -> str:
        """Done of total, rate and time left in one line; empty where no total is known."""
        if not self.total:
            return ""
        rate = self.done / max(time.monotonic() - self.began, 1e-9)
        parts = [f"{self.done:,} of {self.total:,} {self.unit}"]
        if self.done:
            left = timedelta(seconds=round((self.total - self.done) / rate))
            parts += [f"{rate:,.0f}/s", f"{left} left"]
        return ", ".join(parts)


def show_progress(console: Console) -> PlainProgress:
    """The kind of progress that `console` can show."""
    return LiveProgress(console) if console.is_terminal else PlainProgress(console)


class PlainProgress(Progress):
    """Prints a line when something begins, and one every few seconds: for logs.

    Attributes:
        was_complete: whether there was nothing to do.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self.was_complete = False
        self._shards = 0
        self._shards_done = 0.0
        self._samples: int | None = None
        self._samples_done = self._faulty = self._now = 0
        self._phase = Phase("", None, "", 0.0)
        self._began = self._printed = time.monotonic()

    def __enter__(self) -> PlainProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is left to end."""

    def started(
        self, shards: int, shards_done: int, samples: int | None, samples_done: int, faulty: int
    ) -> None:
        """Print what there is to do."""
        self._shards, self._shards_done, self._samples = shards, shards_done, samples
        self._samples_done, self._faulty, self._now = samples_done, faulty, 0
        self._began = self._printed = time.monotonic()
        if shards_done:
            self._console.print(
                f"going on: {shards_done:,} of {shards:,} shards ({samples_done:,} samples) are done"
            )

    def advanced(self, samples: int, faulty: int, shards: float) -> None:
        """Count, and print if it is time."""
        self._now += samples
        self._samples_done += samples
        self._faulty += faulty
        self._shards_done = shards
        self.show()

    def already_complete(self) -> None:
        """Remember it; the command says so at its end."""
        self.was_complete = True

    def resumed(self, done: Sequence[str], left: Sequence[str]) -> None:
        """Print what is done and what comes next."""
        self._console.print(f"going on: {', '.join(done)} done; left: {', '.join(left) or 'the manifest'}")

    def phase(self, what: str, total: int | None = None, unit: str = "samples") -> None:
        """Print what is being done."""
        self._phase = Phase(what, total, unit, time.monotonic())
        self._printed = self._phase.began
        self._console.print(what)

    def reached(self, done: int) -> None:
        """Print how far it is, if it is time."""
        self._phase.done = done
        if self._is_time():
            self._console.print(f"{self._phase.what}: {self._phase.status}")

    @property
    def rate(self) -> float:
        """Samples a second, of this run alone."""
        return self._now / max(time.monotonic() - self._began, 1e-9)

    @property
    def shards(self) -> str:
        """Finished shards of all."""
        return f"{int(self._shards_done):,}/{self._shards:,} shards"

    @property
    def status(self) -> str:
        """Rate, unusable ones and time left in one line."""
        parts = [
            f"{self._samples_done:,} samples",
            f"{self.rate:,.{0 if self.rate >= 10 else 1}f}/s",
            f"{self._faulty:,} unusable",
        ]
        if (left := self._seconds_left()) is not None:
            parts.append(f"{timedelta(seconds=round(left))} left")
        return ", ".join(parts)

    def show(self) -> None:
        """Print a line if the last one is some seconds old."""
        if self._is_time():
            self._console.print(f"{self.shards}: {self.status}")

    def _is_time(self) -> bool:
        """Whether the last line is some seconds old; the caller then prints one."""
        now = time.monotonic()
        if now - self._printed < _SECONDS_BETWEEN_LINES:
            return False
        self._printed = now
        return True

    def _seconds_left(self) -> float | None:
        """From the number of samples if it is known, else from the shards; None before there is a rate."""
        if not self._now:
            return None
        if self._samples is not None:
            return max(self._samples - self._samples_done, 0) / self.rate
        if not self._shards_done:
            return None
        per_shard = self._samples_done / self._shards_done
        return max(self._shards * per_shard - self._samples_done, 0) / self.rate


class LiveProgress(PlainProgress):
    """Keeps one line up to date: for terminals."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[shards]}"),
            TextColumn("{task.fields[status]}"),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> PlainProgress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the line away."""
        self._bar.stop()

    def started(
        self, shards: int, shards_done: int, samples: int | None, samples_done: int, faulty: int
    ) -> None:
        """Show the bar."""
        super().started(shards, shards_done, samples, samples_done, faulty)
        self._task = self._bar.add_task("indexing", total=shards, shards="", status="")
        self.show()

    def phase(self, what: str, total: int | None = None, unit: str = "samples") -> None:
        """Say on the line what is being done."""
        self._phase = Phase(what, total, unit, time.monotonic())
        # A bar without a total moves to and fro.
        if self._task is None:
            self._task = self._bar.add_task(what, total=total, shards="", status="")
        else:
            self._bar.reset(self._task, description=what, total=total, shards="", status="")

    def reached(self, done: int) -> None:
        """Update the line."""
        self._phase.done = done
        if self._task is not None:
            self._bar.update(self._task, completed=done, status=self._phase.status)

    def show(self) -> None:
        """Update the line."""
        if self._task is None:
            return
        self._bar.update(self._task, completed=self._shards_done, shards=self.shards, status=self.status)
