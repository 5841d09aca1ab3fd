"""How fast pages come over HTTP, for one visitor and for many: `python -m benchmarks.pages CATALOGUE`.

Starts `rs5m serve` as a process of its own. Every page is asked for in turns, each round with other words,
filters or ids; times run from the request to the last byte. `besides encoding` is a search by meaning without
the encoding of its text, as the answer itself tells. Then 1 and 32 clients at once send the same mix of
filtered searches: throughput is held against what one client's latency would allow (1 / its median).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from urllib.parse import urlencode
from zlib import crc32

import numpy as np

from app.query import Query
from benchmarks.asked import Captions, city, picked_filters
from benchmarks.command import WORK, about, megabytes, number, parser, run, say, show
from benchmarks.server import Client, Load, Response, Server, together
from benchmarks.timing import Times
from indexer.catalogue import Catalogue
from indexer.errors import UserError

PAGE = 50
FAR_PAGE = 10_000
_HTMX = {"HX-Request": "true"}
Address = Callable[[int], str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__, rounds=50)
    made.add_argument("--clients", type=int, default=32, help="clients at once (default 32)")
    made.add_argument("--requests", type=int, default=640, help="requests they share (default 640)")
    asked = made.parse_args(arguments)
    WORK.mkdir(parents=True, exist_ok=True)
    with Catalogue.open(asked.catalogue) as catalogue:
        pages, searches = addresses(catalogue), search_mix(catalogue)
        with Server(asked.catalogue, WORK / "serve.log") as server:
            start = server.memory()
            found = one_by_one(server.address, pages, asked.rounds)
            report(catalogue, found, asked.rounds)
            paths = [searches(place) for place in range(asked.requests)]
            crowd(server.address, paths, asked.clients)
            say(f"From starting the process to the first answer: {server.first_answer_s:.2f} s")
            for when, held in (("at the first answer", start), ("after all this", server.memory())):
                say(
                    f"Server's resident memory {when}: {megabytes(held.anonymous)} its own, "
                    f"{megabytes(held.mapped)} mapped files"
                )


def addresses(catalogue: Catalogue) -> dict[str, Address]:
    """Name of each page to its address in a given round."""
    picked = [Query(filters=filters) for filters in picked_filters(catalogue)]
    captions = Captions(catalogue)
    words = captions.common(200) + captions.rare(200)
    phrases = captions.common_phrases(200)
    last = max(0, min(FAR_PAGE * PAGE, catalogue.manifest.kept) - PAGE)
    ids = np.random.default_rng(0).integers(0, catalogue.manifest.samples, 4096)
    place = city(catalogue)

    def filtered(path: str, turn: int, **more: object) -> str:
        # Every page another filter in one round, so that none finds what another made ready.
        return picked[(turn + crc32(path.encode())) % len(picked)].with_(**more).url(path)

    pages: dict[str, Address] = {
        "/": lambda _: "/",
        "/ filtered": lambda turn: filtered("/", turn),
        f"/ page {last // PAGE + 1:,}": lambda _: f"/?cursor={last}",
        "/facets": lambda _: "/facets",
        "/facets filtered": lambda turn: filtered("/facets", turn),
        "/captions": lambda _: "/captions",
        f"/captions page {last // PAGE + 1:,}": lambda _: f"/captions?cursor={last}",
        "/captions words": lambda turn: "/captions?" + urlencode({"q": words[turn % len(words)]}),
        "/captions words, filtered": lambda turn: filtered("/captions", turn, q=words[turn % len(words)]),
        "/captions phrase": lambda turn: "/captions?" + urlencode({"q": f'"{phrases[turn % len(phrases)]}"'}),
        "/api/map world": lambda _: "/api/map",
        "/api/map city": lambda _: "/api/map?" + urlencode({"view": str(place), "zoom": 10}),
        "/api/map filtered": lambda turn: filtered("/api/map", turn),
        "/stages": lambda _: "/stages",
        "/samples/ID": lambda turn: f"/samples/{ids[turn % len(ids)]}",
    }
    if catalogue.manifest.vectors:
        searches = search_mix(catalogue)
        pages |= {
            "/?q=": lambda turn: "/?" + urlencode({"q": phrases[turn % len(phrases)], "mode": "image"}),
            "/api/search filtered": searches,
            "/samples/ID/neighbours": lambda turn: f"/samples/{ids[turn % len(ids)]}/neighbours",
        }
    return pages


def search_mix(catalogue: Catalogue) -> Address:
    """A search by meaning inside a filter, another one each time; by words where there are no vectors."""
    picked, phrases = picked_filters(catalogue), Captions(catalogue).common_phrases(400)
    mode = "image" if catalogue.manifest.vectors else "caption"

    def address(turn: int) -> str:
        query = Query(q=phrases[turn % len(phrases)], mode=mode, filters=picked[turn % len(picked)])  # type: ignore[arg-type]
        return query.url("/api/search")

    return address


def one_by_one(
    address: str, pages: dict[str, Address], rounds: int, warm_up: int = 2
) -> dict[str, list[Response]]:
    """Responses of every page, asked for in turns by one client.

    Raises:
        UserError: a page is not answered with 200.
    """
    found: dict[str, list[Response]] = {name: [] for name in pages}
    with Client(address) as client:
        for turn in range(warm_up + rounds):
            for name, page in pages.items():
                # Facets are fetched by the page itself, as a fragment.
                headers = _HTMX if name.startswith("/facets") else None
                response = client.get(page(turn), headers)
                if response.status != 200:
                    raise UserError(
                        f"{page(turn)} was answered with {response.status}: {response.body[:200]!r}"
                    )
                if turn >= warm_up:
                    found[name].append(response)
    return found


def report(catalogue: Catalogue, found: dict[str, list[Response]], rounds: int) -> None:
    """Print the table of pages."""
    rows = []
    for name, responses in found.items():
        times = Times(np.array([response.milliseconds for response in responses]))
        row = [name, number(times.p50), number(times.p95), number(times.per_second)]
        besides = ""
        if name == "/api/search filtered":
            rest = Times(np.array([besides_encoding(response) for response in responses]))
            besides = f"{number(rest.p50)} / {number(rest.p95)}"
        rows.append([*row, besides, f"{np.mean([len(response.body) for response in responses]) / 1000:,.0f}"])
    headings = ("page", "p50 ms", "p95 ms", "a second", "besides encoding, p50 / p95", "KB")
    show(about(catalogue), headings, rows, f"{rounds} rounds, one client")


def besides_encoding(response: Response) -> float:
    """Milliseconds of a search without the encoding of its text."""
    return response.milliseconds - float(json.loads(response.body)["encode_ms"])


def crowd(address: str, paths: list[str], clients: int) -> None:
    """Print what one client and many at once are given."""
    # Every text has been encoded once before, for one client and many alike.
    together(address, paths, 1)
    alone, crowded = together(address, paths, 1), together(address, paths, clients)
    allowed = 1000 / _times(alone).p50
    rows = []
    for count, load in ((1, alone), (clients, crowded)):
        times = _times(load)
        errors = sum(response.status != 200 for response in load.responses)
        given = len(load.responses) / load.seconds
        rows.append(
            (
                f"{count}",
                f"{errors}",
                number(times.p50),
                number(times.p95),
                number(given),
                f"{given / allowed:.0%}",
            )
        )
    headings = ("clients", "errors", "p50 ms", "p95 ms", "a second", "of 1 / latency")
    show("/api/search filtered, many at once", headings, rows, f"{len(paths)} requests each")


def _times(load: Load) -> Times:
    return Times(np.array([response.milliseconds for response in load.responses]))


if __name__ == "__main__":
    run(main)
