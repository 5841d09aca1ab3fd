"""`rs5m search`, `export` and `serve`, run as a person runs them."""

from __future__ import annotations

import csv
import json
import os
import re
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from indexer.catalogue import Catalogue

RS5M = (sys.executable, "-c", "from app.cli import main; main()")
ROOT = Path(__file__).parents[3]


def rs5m(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "100", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*RS5M, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )


def test_search_prints_a_table_how_it_was_found_and_what_to_do_next(catalogue: Catalogue) -> None:
    done = rs5m("search", catalogue.path, "a satellite image of a stadium", "-k", "3", "--source", "RSICD")

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["rank", "score", "id", "source", "class", "caption"]
    assert [line.split()[0] for line in lines[1:4]] == ["1", "2", "3"]
    assert all("RSICD" in line for line in lines[1:4])
    assert "20 of 62 samples match the filters - 3 best by meaning of 20 - exact" in lines[4]
    assert lines[5].startswith("Next: rs5m serve")


def test_search_as_json_is_what_the_api_answers(catalogue: Catalogue, client: TestClient) -> None:
    done = rs5m("search", catalogue.path, "river", "--class", "river", "--class", "forest", "-k", 4, "--json")

    answered = client.get("/api/search?q=river&class=river&class=forest&k=4").json()
    printed = json.loads(done.stdout)
    for one in (answered, printed):
        one.pop("milliseconds"), one.pop("encode_ms")
    assert printed == answered


def test_a_caption_cannot_steer_the_terminal(catalogue: Catalogue) -> None:
    from app.cli.search import printable

    assert printable("red \x1b[31m\x07 end") == "red �[31m� end"


@pytest.mark.parametrize(
    ("options", "params"),
    [
        (["--class", "river"], {"class": "river"}),
        (["--q", "harbour", "--source", "FMoW", "-k", "5"], {"q": "harbour", "source": "FMoW", "k": 5}),
        (["--like", "3", "--coordinates", "yes"], {"like": 3, "coordinates": "yes"}),
        (["--bbox", "-180,-60,0,60", "--stage", "any"], {"bbox": "-180,-60,0,60", "stage": "any"}),
    ],
)
def test_export_writes_the_bytes_of_the_web(
    catalogue: Catalogue, client: TestClient, tmp_path: Path, options: list[str], params: dict[str, str]
) -> None:
    out = tmp_path / "subset.csv"

    done = rs5m("export", catalogue.path, *options, "-o", out)

    web = client.get("/export.csv", params=params)
    assert out.read_bytes() == web.content
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == int(web.headers["x-row-count"]) > 0
    assert f"Wrote {len(rows):,} rows to {out}. Next:" in done.stdout
    assert "non-commercial" in done.stderr


def test_export_leaves_nothing_half_written(catalogue: Catalogue, tmp_path: Path) -> None:
    out = tmp_path / "subset.csv"
    out.write_text("before")

    done = rs5m("export", catalogue.path, "--month", "13", "-o", out)

    assert (done.returncode, out.read_text()) == (1, "before")
    assert list(tmp_path.iterdir()) == [out]


def test_an_exported_file_has_the_usual_rights(catalogue: Catalogue, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()

    rs5m("export", catalogue.path, "-k", "1", "-o", tmp_path / "subset.csv")

    assert stat.S_IMODE((tmp_path / "subset.csv").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def errors(catalogue: Path, taken: int) -> list[tuple[list[object], str]]:
    return [
        (["search", catalogue, "x", "--month", "13"], "month='13' is not a month"),
        (["search", catalogue, "x", "--like", "3"], "each rank"),
        (["search", catalogue.parent, "x"], "is not a catalogue"),
        (["export", catalogue, "-o", "/no/such/folder/x.csv"], "cannot be written: No such file"),
        (["serve", catalogue.parent], "is not a catalogue"),
        (["serve", catalogue / "nowhere"], "does not exist"),
        (["serve", catalogue, "--port", taken], "Address already in use"),
        (["serve", catalogue, "--host", "256.0.0.1"], "cannot listen at 256.0.0.1"),
    ]


@pytest.mark.parametrize("place", range(8))
def test_what_a_person_can_put_right_is_one_line(catalogue: Catalogue, place: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        arguments, says = errors(catalogue.path, taken.getsockname()[1])[place]
        done = rs5m(*arguments)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ") and says in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["serve"], ["search", "x", "-k", "0"], ["export", "x"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert rs5m(*arguments).returncode == 2


@pytest.fixture
def serve(catalogue: Catalogue) -> Iterator[Callable[..., str]]:
    started: list[subprocess.Popen[str]] = []

    def start(**variables: str) -> str:
        command = [*RS5M, "serve", str(catalogue.path)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "RS5M_PORT": "0"}
        environment |= variables
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        started.append(server)
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address is not None
        return address[0]

    yield start
    for server in started:
        server.terminate()
        assert server.wait(timeout=20) in (0, -15)


def test_serve_answers_its_first_query_soon(serve: Callable[..., str]) -> None:
    begun = time.monotonic()
    address = serve()

    answer = httpx.get(
        f"{address}/api/search", params={"q": "a satellite image of a forest", "k": 3}, timeout=30
    )

    seconds = time.monotonic() - begun
    assert [hit["sample"]["class"] for hit in answer.json()["hits"]] == ["forest"] * 3
    # The promise is 3 seconds on a machine of its own; tests share theirs.
    assert seconds < 15


def test_serve_to_the_network_answers_only_to_its_own_names(serve: Callable[..., str]) -> None:
    port = serve(RS5M_HOST="0.0.0.0").rpartition(":")[2]  # noqa: S104
    address = f"http://127.0.0.1:{port}/healthz"

    assert httpx.get(address).status_code == 200
    assert httpx.get(address, headers={"Host": socket.gethostname()}).status_code == 200
    assert httpx.get(address, headers={"Host": "evil.example"}).status_code == 403


def test_many_may_ask_at_once(serve: Callable[..., str]) -> None:
    address = serve()
    paths = ["/api/search?like=3", "/api/search?q=river", "/api/facets", "/captions?q=picture", "/images/4",
             "/export.csv", "/api/map?zoom=1", "/"]  # fmt: skip
    expected = {path: httpx.get(address + path, timeout=60).status_code for path in paths}

    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda path: (path, httpx.get(address + path, timeout=60).status_code), paths * 6)
        )

    assert set(expected.values()) == {200}
    assert all(expected[path] == status for path, status in found)
