from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from benchmarks.pages import main, one_by_one
from benchmarks.server import Client, Server, together
from indexer.errors import UserError


def test_pages_many_clients_and_memory_are_told(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(tiny), "--rounds", "1", "--clients", "4", "--requests", "12"])
    printed = capsys.readouterr().out
    for page in (
        "/facets filtered",
        "/captions page",
        "/api/search filtered",
        "/api/map city",
        "/samples/ID",
    ):
        assert page in printed
    assert re.search(r"│ 4 +│ +0 │", printed), "four clients, no error"
    assert "From starting the process to the first answer" in printed
    assert "its own" in printed


def test_a_folder_that_cannot_be_served_is_an_error_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a catalogue"):
        Server(tmp_path, tmp_path / "log")


class _Odd(BaseHTTPRequestHandler):
    """Answers /even with 200 and anything else with 500."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.path.encode()
        self.send_response(200 if self.path == "/even" else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_clients_share_the_requests(address: str) -> None:
    load = together(address, ["/even"] * 7 + ["/odd"] * 2, clients=3)
    assert sorted(response.body for response in load.responses) == [b"/even"] * 7 + [b"/odd"] * 2
    assert sum(response.status != 200 for response in load.responses) == 2
    assert load.seconds > 0


def test_a_page_that_fails_stops_the_benchmark(address: str) -> None:
    with pytest.raises(UserError, match="/odd was answered with 500"):
        one_by_one(address, {"fine": lambda _: "/even", "odd": lambda _: "/odd"}, rounds=1)


def test_no_answer_is_status_zero() -> None:
    with Client("127.0.0.1:9") as client:
        assert client.get("/").status == 0
