"""Many people at once, on a real server: right answers for all, and nobody keeps the others waiting."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from threading import Event, Thread
from typing import Any, NamedTuple

import pytest
import uvicorn
from fastapi import FastAPI

from app.main import create_app
from app.query.export import Export
from app.query.vectors import Vector
from app.settings import Settings
from indexer.catalogue import Catalogue
from indexer.encoders import Encoder
from tests.app.conftest import CLASSES

CLIENTS = 32
ADDRESSES = [
    *(f"/api/search?q=a+satellite+image+of+a+{name}&k=10" for name in CLASSES[:3]),
    *(f"/api/search?q={name}&mode=caption&k=10" for name in CLASSES[:3]),
    *(f"/api/search?like={number}&source=FMoW&k=10" for number in range(3)),
    "/api/search?sort=longest",
    "/api/search?bbox=-180,-90,0,90",
    "/api/facets?source=FMoW",
    "/api/map",
    "/api/stages",
]


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def serving(app: FastAPI) -> Iterator[int]:
    """`app` on a free port of this machine, which is given."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            until(lambda: server.started)
            yield listener.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            thread.join()


def until(condition: Callable[[], Any]) -> None:
    give_up = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up, "waited for nothing"
        time.sleep(0.01)


def get(port: int, address: str) -> Answer:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", address)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())


def content(answer: Answer) -> Any:
    """The JSON of an answer without what differs from time to time."""
    found = json.loads(answer.body)
    return {name: value for name, value in found.items() if name not in ("milliseconds", "encode_ms")}


class Held:
    """An encoder's `of_text` that answers when it is let go."""

    def __init__(self, vector: Vector) -> None:
        self.go, self.asked, self._vector = Event(), 0, vector

    def __call__(self, text: str) -> Vector:
        self.asked += 1
        assert self.go.wait(30)
        return self._vector


@pytest.fixture
def held(encoder: Encoder) -> Iterator[Held]:
    held = Held(encoder.encode_texts(["river"])[0])
    yield held
    held.go.set()


def test_32_clients_get_what_one_gets(catalogue: Catalogue) -> None:
    with serving(create_app(catalogue, Settings())) as port, ThreadPoolExecutor(CLIENTS) as clients:
        alone = [content(get(port, address)) for address in ADDRESSES]

        def visit(number: int) -> list[Answer]:
            first = number % len(ADDRESSES)
            return [get(port, address) for address in ADDRESSES[first:] + ADDRESSES[:first]]

        for number, answers in enumerate(clients.map(visit, range(CLIENTS))):
            first = number % len(ADDRESSES)
            assert [answer.status for answer in answers] == [200] * len(ADDRESSES)
            assert [content(answer) for answer in answers] == alone[first:] + alone[:first]


def test_who_would_wait_too_long_is_told_so_and_pictures_go_on(catalogue: Catalogue, held: Held) -> None:
    app = create_app(catalogue, Settings(threads=1, waiting=1))
    app.state.encoder.of_text = held
    with serving(app) as port, ThreadPoolExecutor(2) as visitors:
        working = visitors.submit(get, port, "/api/search?q=river")
        until(lambda: held.asked)
        waiting = visitors.submit(get, port, "/captions")
        until(lambda: json.loads(get(port, "/healthz").body)["waiting"] == 1)

        refused = get(port, "/api/search")
        assert (refused.status, refused.headers["retry-after"]) == (503, "3")
        assert json.loads(refused.body) == {
            "error": "this server is busy: as many requests wait as may (1).",
            "hint": "Try again in a few seconds.",
        }
        assert get(port, "/images/3").status == 200
        held.go.set()
        assert (working.result().status, waiting.result().status) == (200, 200)
        assert get(port, "/api/search").status == 200


def test_a_search_waits_for_the_encoder_without_keeping_a_thread(
    catalogue: Catalogue, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_load = Event()

    def load(*_: object) -> Encoder:
        assert may_load.wait(30)
        return encoder

    monkeypatch.setattr("app.encoding.open_matching_encoder", load)
    app = create_app(catalogue, Settings(threads=1))
    with serving(app) as port, ThreadPoolExecutor(3) as visitors:
        searches = [visitors.submit(get, port, "/api/search?q=river&k=1") for _ in range(3)]
        try:
            assert get(port, "/api/search?source=FMoW").status == 200
            assert not any(search.done() for search in searches)
        finally:
            may_load.set()
        assert [search.result().status for search in searches] == [200] * 3


def test_slow_readers_of_downloads_keep_nobody_waiting(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: object) -> Export:
        return Export(10**9, "endless.csv", (b"x" * 1_000_000 for _ in range(10_000)))

    monkeypatch.setattr("app.routes.export.export", endless)
    settings = Settings(threads=1, downloads=4)
    with serving(create_app(catalogue, settings)) as port, ExitStack() as readers:
        slow = [
            readers.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=30))) for _ in range(4)
        ]
        for reader in slow:
            reader.request("GET", "/export.csv")
            assert reader.getresponse().read(10) == b"x" * 10

        assert get(port, "/api/search?source=FMoW").status == 200
        refused = get(port, "/export.csv")
        assert (refused.status, refused.headers["retry-after"]) == (503, "30")
        assert json.loads(refused.body)["error"] == "4 CSV files are being downloaded already."

        slow[0].close()
        until(lambda: begun(port, "/export.csv") == 200)


def begun(port: int, address: str) -> int:
    """The status of an answer that is not read to its end."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", address)
        return connection.getresponse().status
