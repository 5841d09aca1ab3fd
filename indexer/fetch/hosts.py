"""Turns at hosts: how many requests at a time, how far apart, and when a host is left alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from indexer.fetch.reasons import FetchError
from indexer.fetch.settings import FetchSettings


@dataclass(slots=True)
class _Host:
    """What is going on at one host; times are of the monotonic clock.

    Attributes:
        slots: free requests.
        free_at: when the next request may start.
        failures: failed connections since the last that stood.
        waiting: tasks that have this host's turn or wait for it.
    """

    slots: asyncio.Semaphore
    free_at: float = 0.0
    failures: int = 0
    waiting: int = 0


class Hosts:
    """Gives turns; one who waits for a host holds none of the places that all hosts share."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._everywhere = asyncio.Semaphore(settings.concurrency)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait until `name` may be asked.

        Raises:
            FetchError: `connection_failed`, where so many connections in a row failed that it is not tried.
        """
        host = self._hosts.setdefault(name, _Host(asyncio.Semaphore(self._settings.per_host)))
        host.waiting += 1
        try:
            async with host.slots:
                await self._wait(host)
                if host.failures >= self._settings.give_up_after:
                    raise FetchError(
                        "connection_failed",
                        f"Not tried: {host.failures} connections to {name} had failed one after the other.",
                    )
                async with self._everywhere:
                    yield
        finally:
            host.waiting -= 1
            self._forget(name, host)

    async def _wait(self, host: _Host) -> None:
        # Asked again after each sleep: a server may meanwhile have asked to be left alone for longer.
        while (seconds := host.free_at - time.monotonic()) > 0:
            await asyncio.sleep(seconds)
        host.free_at = time.monotonic() + self._settings.interval

    def _forget(self, name: str, host: _Host) -> None:
        """Keep no more than what matters: a run may see millions of hosts."""
        if not host.waiting and not host.failures and host.free_at <= time.monotonic():
            self._hosts.pop(name, None)

    def leave_alone(self, name: str, seconds: float) -> None:
        """Start no further request to a host for some seconds."""
        host = self._hosts.get(name)
        if host is not None:
            host.free_at = max(host.free_at, time.monotonic() + seconds)

    def connected(self, name: str) -> None:
        """A connection to the host stood."""
        host = self._hosts.get(name)
        if host is not None:
            host.failures = 0

    def failed(self, name: str) -> None:
        """A connection to the host failed."""
        host = self._hosts.get(name)
        if host is not None:
            host.failures += 1
