"""Downloading from a server that misbehaves: the run ends, every address gets an image or its reason."""

from __future__ import annotations

import io
import json
import signal
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from indexer.counting import Counting
from indexer.errors import UserError
from indexer.fetch import FetchOptions, FetchSettings, fetch
from indexer.images import ImageLimits
from indexer.lists import filter_lists, read_report
from tests.indexer.fetch.misbehaving import Misbehaving

QUICK = FetchSettings(
    interval=0,
    per_host=8,
    backoff=0.01,
    attempts=2,
    connect_timeout=2,
    read_timeout=1.5,
    total_timeout=3,
    longest_wait=1,
    give_up_after=1000,
    images=ImageLimits(bytes=1 << 20, pixels=1_000_000),
    allow_private=True,
)
OPTIONS = FetchOptions(settings=QUICK)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as started:
        yield started


def write_list(folder: Path, urls: Sequence[str], name: str = "laion2b-en-0001.parquet") -> str:
    path = folder / name
    captions = [f"aerial view number {place}" for place in range(len(urls))]
    pq.write_table(pa.table({"URL": list(urls), "TEXT": captions}), path)
    return str(path)


def rows(folder: Path) -> list[dict[str, Any]]:
    """Rows of all sidecars."""
    return [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def reasons(folder: Path) -> dict[str, str]:
    """Last part of an address to its reason, or `success`."""
    return {
        row["url"].partition("//")[2].partition("/")[2]: row["reason"] or row["status"]
        for row in rows(folder)
    }


def members(folder: Path) -> dict[str, bytes]:
    """Members of all tars."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.tar")):
        with tarfile.open(path) as archive:
            for member in archive:
                content = archive.extractfile(member)
                assert content is not None and member.name not in found
                found[member.name] = content.read()
    return found


MISBEHAVIOUR = {
    "good/1": "success",
    "png/1": "success",
    "gzip/1": "success",
    "moved/1": "success",
    "flaky/1": "success",
    "404/1": "http_404",
    "410/1": "http_410",
    "503/1": "http_503",
    "429/1": "http_429",
    "slow/1": "timeout",
    "silent/1": "timeout",
    "endless/1": "too_large",
    "announced/1": "too_large",
    "html/1": "not_an_image",
    "empty/1": "zero_bytes",
    "bomb/1": "too_large",
    "badgzip/1": "bad_encoding",
    "brotli/1": "bad_encoding",
    "half/1": "cut_off",
    "reset/1": "connection_failed",
    "garbage/1": "bad_answer",
    "pixels/1": "too_many_pixels",
    "loop": "redirect_loop",
    "chain/0": "too_many_redirects",
    "tofile/1": "refused_scheme",
    "noai/1": "robots",
}
TRANSIENT = {"503/1", "429/1", "slow/1", "silent/1", "half/1", "reset/1"}


def test_every_misbehaviour_has_its_reason_and_a_second_run_takes_what_is_worth_it(
    tmp_path: Path, server: Misbehaving
) -> None:
    given = [write_list(tmp_path, [server.url(f"/{path}") for path in MISBEHAVIOUR])]
    out = tmp_path / "shards"

    report = fetch(given, out, OPTIONS)

    assert reasons(out) == MISBEHAVIOUR
    assert (report.urls, report.images) == (len(MISBEHAVIOUR), 5)
    assert report.worth_retrying == len(TRANSIENT)
    assert report.tried == len(MISBEHAVIOUR)
    assert server.asked["/404/1"] == 1
    assert server.asked["/503/1"] == 2
    assert server.asked["/429/1"] == 1, "asked to wait for longer than anyone waits"
    assert server.encodings == {"identity"}
    assert all(agent.startswith("rs5m-explorer/") for agent in server.agents)

    server.asked.clear()
    server.healed = True
    again = fetch(given, out, OPTIONS)

    assert {path.strip("/") for path in server.asked} - {"robots.txt"} == TRANSIENT
    assert again.tried == len(TRANSIENT)
    expected = MISBEHAVIOUR | dict.fromkeys(TRANSIENT - {"silent/1"}, "success")
    assert reasons(out) == expected
    assert len(rows(out)) == len(MISBEHAVIOUR), "every address has exactly one row"
    assert again.images == 10
    assert {name.partition(".")[0] for name in members(out)} == {
        row["key"] for row in rows(out) if row["status"] == "success"
    }

    server.asked.clear()
    assert fetch(given, out, OPTIONS).images == 10
    assert set(server.asked) - {"/robots.txt"} == {"/silent/1"}


def test_a_shard_holds_bytes_caption_and_facts(tmp_path: Path, server: Misbehaving) -> None:
    urls = [server.url("/moved/1"), server.url("/png/2"), server.url("/404/3")]

    fetch([write_list(tmp_path, urls)], tmp_path / "shards", OPTIONS)

    found = members(tmp_path / "shards")
    assert list(found) == [
        *("000000000.jpg", "000000000.txt", "000000000.json"),
        *("000000001.png", "000000001.txt", "000000001.json"),
    ]
    assert found["000000000.txt"] == b"aerial view number 0"
    facts = json.loads(found["000000000.json"])
    assert facts["url"] == urls[0]
    assert facts["final_url"] == server.url("/good/moved")
    assert (facts["source"], facts["subset"], facts["status"]) == ("LAION2B", "PUB11", "success")
    assert (facts["width"], facts["height"]) == Image.open(io.BytesIO(found["000000000.jpg"])).size
    first, second, third = rows(tmp_path / "shards")
    assert (first["status"], first["http_status"], first["attempts"]) == ("success", 200, 1)
    assert first["sha256"] == facts["sha256"]
    assert second["bytes"] == len(found["000000001.png"])
    assert (third["reason"], third["http_status"], third["sha256"]) == ("http_404", 404, None)
    assert third["detail"] == "The server answered 404."


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/good/1",
        "http://localhost:{port}/good/1",
        "http://[::1]:{port}/good/1",
        "http://[::ffff:127.0.0.1]:{port}/good/1",
        "http://0.0.0.0:{port}/good/1",
        "http://10.1.2.3/x.jpg",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/x.jpg",
        "http://224.0.0.1/x.jpg",
    ],
)
def test_private_addresses_are_refused(tmp_path: Path, server: Misbehaving, url: str) -> None:
    options = replace(OPTIONS, settings=replace(QUICK, allow_private=False))

    fetch([write_list(tmp_path, [url.format(port=server.port)])], tmp_path / "shards", options)

    [row] = rows(tmp_path / "shards")
    assert row["reason"] == "refused_address", row
    assert "not public" in row["detail"]
    assert not server.asked


def test_a_redirect_to_a_private_address_is_refused(
    tmp_path: Path, server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The test's own server has to count as public; nothing else does.
    monkeypatch.setattr("indexer.fetch.addresses.is_public", lambda address: address == "127.0.0.1")
    options = replace(OPTIONS, settings=replace(QUICK, allow_private=False))

    fetch([write_list(tmp_path, [server.url("/toprivate/1")])], tmp_path / "shards", options)

    [row] = rows(tmp_path / "shards")
    assert (row["reason"], row["final_url"]) == ("refused_address", "http://10.0.0.7/secret.jpg")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/a.jpg", "refused_scheme"),
        ("file:///etc/passwd", "refused_scheme"),
        ("data:image/png;base64,AAAA", "refused_scheme"),
        ("a.jpg", "refused_scheme"),
        ("http://", "bad_url"),
        ("http://me:secret@example.org/a.jpg", "bad_url"),
        ("http://exa mple.org/a.jpg", "bad_url"),
        ("http://[::1/a.jpg", "bad_url"),
        ("http://example.org:99999/a.jpg", "bad_url"),
        ("http://example.org/" + "a" * 9000, "bad_url"),
        ("http://nothing-here.invalid/a.jpg", "dns"),
    ],
)
def test_addresses_that_cannot_be_asked_for_say_so(tmp_path: Path, url: str, reason: str) -> None:
    fetch([write_list(tmp_path, [url])], tmp_path / "shards", OPTIONS)

    [row] = rows(tmp_path / "shards")
    assert row["reason"].startswith(reason)
    assert row["detail"]


def test_robots_txt_is_asked_for_once_and_honoured(tmp_path: Path, server: Misbehaving) -> None:
    server.robots = "User-agent: *\nDisallow: /good/private\nAllow: /good/private/not\n"
    paths = ["/good/1", "/good/private/1", "/good/private/not", "/good/2"]
    given = [write_list(tmp_path, [server.url(path) for path in paths])]

    fetch(given, tmp_path / "shards", OPTIONS)

    assert list(reasons(tmp_path / "shards").values()) == ["success", "robots", "success", "success"]
    assert server.asked["/robots.txt"] == 1
    assert server.asked["/good/private/1"] == 0

    ignoring = replace(OPTIONS, settings=replace(QUICK, robots=False), retry="all")
    fetch(given, tmp_path / "shards", ignoring)
    assert set(reasons(tmp_path / "shards").values()) == {"success"}


def test_a_host_gets_few_requests_at_a_time_and_time_between(tmp_path: Path, server: Misbehaving) -> None:
    settings = replace(QUICK, per_host=2, interval=0.03, robots=False)
    given = [write_list(tmp_path, [server.url(f"/good/{place}") for place in range(12)])]

    fetch(given, tmp_path / "shards", replace(OPTIONS, settings=settings))

    assert server.most_at_once <= 2
    times = sorted(time for path in server.times.values() for time in path)
    assert times[-1] - times[0] >= 11 * 0.03 * 0.9


def test_a_host_that_accepts_no_connection_is_given_up(tmp_path: Path, server: Misbehaving) -> None:
    port = server.port
    server.__exit__(None, None, None)
    settings = replace(QUICK, give_up_after=3, attempts=1, per_host=1, robots=False)
    given = [write_list(tmp_path, [f"http://127.0.0.1:{port}/{place}" for place in range(20)])]

    fetch(given, tmp_path / "shards", replace(OPTIONS, settings=settings))

    details = [row["detail"] for row in rows(tmp_path / "shards")]
    assert {row["reason"] for row in rows(tmp_path / "shards")} == {"connection_failed"}
    assert sum(detail.startswith("Not tried: ") for detail in details) == 17


class Stop(Counting):
    """Presses Ctrl-C once so many addresses are done."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.what = ""

    def began(self, what: str, total: int, done: int, unit: str) -> None:
        self.what = what

    def reached(self, done: int, note: str = "") -> None:
        if self.what == "fetching" and done == self.after:
            signal.raise_signal(signal.SIGINT)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".tar", ".parquet")}


@pytest.mark.parametrize("after", [1, 7, 13, 25])
def test_an_interrupted_run_goes_on_asks_nobody_twice_and_ends_in_the_same_bytes(
    tmp_path: Path, server: Misbehaving, after: int
) -> None:
    given = [write_list(tmp_path, [server.url(f"/{'404' if n % 5 == 4 else 'good'}/{n}") for n in range(30)])]
    options = replace(OPTIONS, shard_size=8, settings=replace(QUICK, concurrency=3))
    fetch(given, tmp_path / "once", options)
    server.asked.clear()

    with pytest.raises(KeyboardInterrupt):
        fetch(given, tmp_path / "twice", options, Stop(after))
    asked_before = sum(server.asked.values())
    report = fetch(given, tmp_path / "twice", options)

    assert asked_before < 30
    assert bytes_of(tmp_path / "twice") == bytes_of(tmp_path / "once")
    assert (report.urls, report.images) == (30, 24)
    # Beside robots.txt, only what was under way when the run stopped is asked for again.
    assert sum(count for path, count in server.asked.items() if path != "/robots.txt") <= 30 + 3


def test_a_spoilt_image_of_an_interrupted_run_is_asked_for_again(tmp_path: Path, server: Misbehaving) -> None:
    given = [write_list(tmp_path, [server.url(f"/good/{place}") for place in range(4)])]
    out = tmp_path / "shards"
    with pytest.raises(KeyboardInterrupt):
        fetch(given, out, replace(OPTIONS, settings=replace(QUICK, concurrency=1)), Stop(3))
    spoilt = sorted((out / ".fetch" / "00000").glob("*.image"))[0]
    spoilt.write_bytes(b"half")

    fetch(given, out, OPTIONS)

    assert set(reasons(out).values()) == {"success"}


def test_the_survivors_of_a_filter_run_are_fetched_with_their_keywords(
    tmp_path: Path, server: Misbehaving
) -> None:
    path = tmp_path / "coyo_0001.csv"
    lines = [
        f"{server.url('/good/1')},aerial view",
        f"{server.url('/good/2')},a dog",
        f"{server.url('/404/3')},NAIP",
    ]
    path.write_text("url,text\n" + "\n".join(lines) + "\n")
    filter_lists([str(path)], tmp_path / "filtered")

    fetch([str(tmp_path / "filtered")], tmp_path / "shards", OPTIONS)

    assert [(row["keyword"], row["source"], row["status"]) for row in rows(tmp_path / "shards")] == [
        ("aerial view*", "COYO700M", "success"),
        ("NAIP", "COYO700M", "failed"),
    ]
    report = read_report(tmp_path / "shards")
    assert report == read_report(tmp_path / "filtered")
    assert report is not None
    assert report.sources["COYO700M"].rows == 3


def test_a_folder_of_other_shards_is_refused(tmp_path: Path, server: Misbehaving) -> None:
    given = [write_list(tmp_path, [server.url("/good/1")])]
    fetch(given, tmp_path / "shards", OPTIONS)

    with pytest.raises(UserError, match="shards of another list"):
        fetch(given, tmp_path / "shards", replace(OPTIONS, shard_size=5))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("")
    with pytest.raises(UserError, match=r"holds other things, such as thesis\.txt"):
        fetch(given, tmp_path / "mine", OPTIONS)
    with pytest.raises(UserError, match="does not exist"):
        fetch([str(tmp_path / "nothing")], tmp_path / "new", OPTIONS)
