"""Progress of `rs5m filter` and `rs5m fetch`: a live line on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as RichProgress

from indexer.counting import Counting

_SECONDS_BETWEEN_LINES = 10.0


class ShownCounting(Counting):
    """Shows how much is done, the rate and the time left; a context, so that the live line goes away."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._what = self._unit = ""
        self._total = self._before = 0
        self._began = self._printed = time.monotonic()
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[status]}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, status="")

    def __enter__(self) -> ShownCounting:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def began(self, what: str, total: int, done: int, unit: str) -> None:
        """Say what there is to do, and what an earlier run did of it."""
        self._what, self._total, self._before, self._unit = what, total, done, unit
        self._began = self._printed = time.monotonic()
        if done:
            self._console.print(f"going on: {done:,} {unit} are done")
        self._bar.update(self._task, description=what, total=max(total, 1), completed=done)

    def reached(self, done: int, note: str = "") -> None:
        """Update the line, or print one if the last is some seconds old."""
        status = self.status(done) + (f", {note}" if note else "")
        if self._console.is_terminal:
            self._bar.update(self._task, completed=done, status=status)
        elif time.monotonic() - self._printed >= _SECONDS_BETWEEN_LINES:
            self._printed = time.monotonic()
            self._console.print(f"{self._what}: {status}")

    def remarked(self, line: str) -> None:
        """Print it."""
        self._console.print(line, markup=False)

    def status(self, done: int) -> str:
        """Done of total, rate of this run and time left, in one line."""
        total = max(self._total, done)
        now = done - self._before
        parts = [f"{done:,} of {total:,} {self._unit}"]
        if now > 0:
            rate = now / max(time.monotonic() - self._began, 1e-9)
            left = timedelta(seconds=round((total - done) / rate))
            parts += [f"{rate:,.{0 if rate >= 10 else 1}f}/s", f"{left} left"]
        return ", ".join(parts)
