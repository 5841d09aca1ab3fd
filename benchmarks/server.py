"""`rs5m serve` as a process of its own, and clients that keep their connections."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Barrier, Thread
from time import perf_counter, sleep
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from benchmarks.timing import Memory, memory
from indexer.errors import UserError

_START_S = 120.0


class Response(NamedTuple):
    """What a request gave; status 0 means that there was no answer."""

    status: int
    body: bytes
    milliseconds: float


class Server:
    """A running server.

    Attributes:
        first_answer_s: seconds from starting the process to the first answered request of the gallery.
    """

    def __init__(self, catalogue: Path, log: Path) -> None:
        start = perf_counter()
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve", str(catalogue), "--port", "0"],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=environment,
            )
        assert self._process.stdout
        told = self._process.stdout.readline()
        if " at http://" not in told:
            self.close()
            raise UserError(f"the server did not start: {told.strip() or log.read_text().strip()}")
        self.address = urlsplit(told.split(" at ")[1].split()[0]).netloc
        with Client(self.address) as client:
            while (answer := client.get("/")).status == 0 and perf_counter() - start < _START_S:
                sleep(0.01)
        if answer.status != 200:
            self.close()
            raise UserError(f"the server answered / with status {answer.status}.", f"See {log}.")
        self.first_answer_s = perf_counter() - start

    def memory(self) -> Memory:
        """What the server holds in memory now."""
        return memory(self._process.pid)

    def close(self) -> None:
        """Stop the server."""
        self._process.terminate()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Client:
    """One visitor: a connection that stays open from request to request."""

    def __init__(self, address: str, timeout_s: float = 60.0) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=timeout_s)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        """Ask for `path` and read the whole answer."""
        start = perf_counter()
        try:
            self._connection.request("GET", path, headers=dict(headers or {}))
            response = self._connection.getresponse()
            status, body = response.status, response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            status, body = 0, b""
        return Response(status, body, (perf_counter() - start) * 1000)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()


class Load(NamedTuple):
    """What some clients at once were given.

    Attributes:
        responses: of all clients.
        seconds: from the first request to the last answer.
    """

    responses: list[Response]
    seconds: float


def together(address: str, paths: list[str], clients: int) -> Load:
    """Share `paths` among `clients` that start at the same moment, each asking one thing after the other."""
    given: list[list[Response]] = [[] for _ in range(clients)]
    ready = Barrier(clients + 1)

    def visit(number: int) -> None:
        with Client(address) as client:
            ready.wait()
            given[number] = [client.get(path) for path in paths[number::clients]]

    threads = [Thread(target=visit, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    start = perf_counter()
    for thread in threads:
        thread.join()
    return Load([response for one in given for response in one], perf_counter() - start)
