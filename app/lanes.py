"""Threads shared out by kind of work, so that pictures and downloads do not keep searches waiting.

Starlette runs each request that computes in a thread of one pool that everything shares, and lets any number
wait for it. Here searches and pages have that pool, bounded, and pictures and downloads have threads of
their own; whoever would wait too long is told at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import current_default_thread_limiter, run_sync

from app.errors import BusyError
from app.settings import Settings

T = TypeVar("T")


class Lane:
    """Threads for one kind of work, and the line of requests that wait for one.

    Args:
        threads: how many work at once.
        line: how many requests may wait.
    """

    def __init__(self, threads: int, line: int) -> None:
        self._limiter = CapacityLimiter(threads)
        self._line = line

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives, done in a thread of this lane.

        Raises:
            BusyError: too many wait already.
        """
        _refuse_beyond(self._line, self._limiter.statistics().tasks_waiting)
        return await run_sync(work, limiter=self._limiter)

    async def iterate(self, items: Iterator[T]) -> AsyncIterator[T]:
        """The items, each made in a thread of this lane, which serves others in between."""
        while (item := await run_sync(next, items, None, limiter=self._limiter)) is not None:
            yield item


class Lanes:
    """The lanes of one app.

    Attributes:
        pictures: resizing and reading pictures of samples.
        downloads: making the pieces of CSV files.

    Args:
        settings: number of threads, and how many may wait.
    """

    def __init__(self, settings: Settings) -> None:
        self._threads = settings.threads
        self._line = settings.waiting
        self._most_downloads = settings.downloads
        self._open_downloads = 0
        self.pictures = Lane(max(1, settings.threads // 2), settings.waiting)
        # A piece of a file is worked out while the one before travels: one thread feeds several readers.
        self.downloads = Lane(1, settings.waiting)

    def start(self) -> None:
        """Bound the pool that pages and searches run in; to be called inside the event loop."""
        current_default_thread_limiter().total_tokens = self._threads

    @property
    def waiting(self) -> int:
        """Pages and searches that wait for a thread; to be asked inside the event loop."""
        return current_default_thread_limiter().statistics().tasks_waiting

    def admit(self) -> None:
        """Let a page or search into the pool's line.

        Raises:
            BusyError: too many wait already.
        """
        _refuse_beyond(self._line, self.waiting)

    @contextmanager
    def download(self) -> Iterator[None]:
        """Hold one of the few downloads that may be open at once, however slowly it is read.

        Raises:
            BusyError: as many are open as may be.
        """
        if self._open_downloads >= self._most_downloads:
            raise BusyError(
                f"{self._open_downloads} CSV files are being downloaded already.",
                "Try again when one is finished, or ask the operator for more (RS5M_DOWNLOADS).",
                retry_after_s=30,
            )
        self._open_downloads += 1
        try:
            yield
        finally:
            self._open_downloads -= 1


def _refuse_beyond(line: int, waiting: int) -> None:
    if waiting >= line:
        raise BusyError(
            f"this server is busy: as many requests wait as may ({line:,}).", "Try again in a few seconds."
        )
