"""`rs5m filter`, `rs5m fetch` and then `rs5m index`, as a person types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from indexer.catalogue import Catalogue
from tests.app.cli.conftest import Run
from tests.indexer.fetch.misbehaving import Misbehaving

ROOT = Path(__file__).resolve().parents[3]
QUICK = ("--allow-private", "--interval", "0", "--attempts", "1", "--per-host", "8")


@pytest.fixture(autouse=True)
def _work_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def write_list(urls: list[str], path: Path = Path("coyo_0001.csv")) -> Path:
    rows = [f"{url},aerial view {place}" for place, url in enumerate(urls)]
    path.write_text("\n".join(["url,text", *rows, "http://a.invalid/b,a red bicycle"]) + "\n")
    return path


def test_a_list_becomes_a_catalogue_that_knows_what_is_missing(rs5m: Run, tmp_path: Path) -> None:
    with Misbehaving() as server:
        given = write_list([server.url(path) for path in ("/good/1", "/404/2", "/good/3", "/html/4")])

        status, printed, _ = rs5m("filter", given, "--out", "filtered")
        assert status == 0
        assert "removed: no_keyword" in printed
        assert "holds 4 of 5 rows. Next: rs5m fetch filtered --out SHARDS" in printed

        status, printed, _ = rs5m("fetch", "filtered", "--out", "shards", *QUICK)
        assert status == 0
        assert "failed: http_404" in printed
        assert "holds 2 images of 4 addresses. Next: rs5m index shards --out CATALOGUE" in printed

        status, printed, _ = rs5m("fetch", "filtered", "--out", "shards", "--json", *QUICK)
        assert json.loads(printed)["failed"] == {"http_404": 1, "not_an_image": 1}
        assert json.loads(printed)["tried"] == 0

    assert rs5m("index", "shards", "--out", "catalogue")[0] == 0
    with Catalogue.open(tmp_path / "catalogue") as catalogue:
        assert (catalogue.manifest.samples, catalogue.manifest.kept) == (4, 2)
        reasons = catalogue.connect().execute("SELECT reason FROM ledger WHERE stage <> 'kept' ORDER BY id")
        assert reasons.fetchall() == [("http_404",), ("not_an_image",)]


def test_the_report_is_json_if_asked_for(rs5m: Run) -> None:
    write_list(["http://a/1"])

    status, printed, _ = rs5m("filter", "coyo_0001.csv", "--out", "filtered", "--json", "--removed")

    report = json.loads(printed)
    assert status == 0
    assert report["sources"]["COYO700M"] == {"rows": 2, "kept": 1, "removed": {"no_keyword": 1}}
    assert report["found"] == {"aerial view*": 1}
    assert pq.read_table("filtered/removed-00000.parquet").column("reason").to_pylist() == ["no_keyword"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("filter", "nothing.csv", "--out", "x"), "nothing.csv does not exist"),
        (("fetch", "nothing.csv", "--out", "x"), "nothing.csv does not exist"),
        (("filter", "coyo_0001.csv", "--out", "x", "--url-column", "b"), "no column 'b'"),
    ],
)
def test_what_cannot_be_done_is_one_line(rs5m: Run, arguments: tuple[str, ...], message: str) -> None:
    write_list(["http://a/1"])

    status, _, error = rs5m(*arguments)

    assert status == 1
    assert message in error


def test_fetch_goes_on_after_it_was_killed(rs5m: Run, tmp_path: Path) -> None:
    with Misbehaving() as server:
        given = write_list([server.url(f"/good/{place}") for place in range(40)])
        command = [sys.executable, "-m", "app.cli", "fetch", str(given), "--out", "shards"]
        options = ["--shard-size", "16", "--concurrency", "2", *QUICK]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen([*command, *options], cwd=tmp_path, env=environment)

        def kill(path: str) -> None:
            if sum(server.asked.values()) == 25:
                process.send_signal(signal.SIGKILL)

        server.on_request = kill
        assert process.wait(60) == -signal.SIGKILL
        server.on_request = lambda path: None
        before = server.asked.total()

        status, printed, _ = rs5m("fetch", given, "--out", "shards", "--json", *options)

        assert status == 0
        report = json.loads(printed)
        assert (report["urls"], report["images"]) == (41, 40)
        assert report["failed"].keys() <= {"dns_failed", "dns_unavailable", "connection_failed"}
        assert 0 < report["tried"] < 41
        assert server.asked.total() - before < 40
        assert not list((tmp_path / "shards").glob("*.tmp"))
