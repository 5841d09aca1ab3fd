"""A map of a million places, and what else would draw them: `python -m benchmarks.map ../shared/data`.

Real places (YFCC's, the hurricane chips', clusters like FMoW's) are indexed once and served by `rs5m serve`.
Viewports of every zoom level around random samples are then asked for in turns, with and without a filter:
times run from the request to the last byte. With `--vectors CATALOGUE` maps of similarity are asked of that
catalogue, too.

In Chromium the page, and what folium makes of the same places by itself (a marker each, FastMarkerCluster,
one GeoJSON layer), are opened and dragged: seconds to the first paint and until the samples are drawn,
megabytes that had to come, and how long the browser took between two frames of a drag.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

import numpy as np

from benchmarks.command import WORK, megabytes, number, parser, run, say, show
from benchmarks.map_browser import Opened, opened
from benchmarks.map_points import Places, catalogue_of, spread
from benchmarks.map_rivals import RIVALS
from benchmarks.server import Client, Response, Server
from benchmarks.timing import Times, machine
from indexer.catalogue import Catalogue
from indexer.errors import UserError

_ZOOMS = {"world": 2, "continent": 4, "country": 6, "city": 10, "street": 14}
_VIEWPORT = (1280, 720)
_TILE_PIXELS = 256


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__, catalogue=False, rounds=60)
    made.add_argument("data", type=Path, help="folder with yfcc-geo and hurricane")
    made.add_argument("--points", type=int, default=1_000_000, help="places (default 1,000,000)")
    made.add_argument("--markers", type=int, default=20_000, help="places with a plain marker each (20,000)")
    made.add_argument("--vectors", type=Path, help="a catalogue with vectors, for maps of similarity")
    made.add_argument("--no-browser", action="store_true", help="measure requests alone")
    asked = made.parse_args(arguments)
    places = spread(asked.data, asked.points)
    catalogue = catalogue_of(places, WORK / f"map-{asked.points}")
    with Server(catalogue, WORK / "map-serve.log") as server:
        show(
            f"{asked.points:,} places; {machine()}",
            ("viewport", "p50 ms", "p95 ms", "slowest ms", "largest kB", "drawn"),
            requests(server.address, places, asked.rounds),
            f"/api/map, {asked.rounds} viewports each, one client",
        )
        if asked.vectors:
            similarity(asked.vectors, asked.rounds)
        if not asked.no_browser:
            browser(server.address, places, asked.markers)


def requests(address: str, places: Places, rounds: int, **more: str) -> list[Sequence[str]]:
    """Rows of the table: every kind of viewport, asked for in turns."""
    filters = {"all": {}, "one class": {"class": "port"}} if not more else {"similarity": more}
    kinds = [
        (f"{zoom}, {name}", level, asked) for zoom, level in _ZOOMS.items() for name, asked in filters.items()
    ]
    random = np.random.default_rng(1)
    found: dict[str, list[Response]] = {name: [] for name, _, _ in kinds}
    with Client(address) as client:
        for turn in range(rounds + 1):
            for name, level, asked in kinds:
                view = around(places[random.integers(len(places))], level)
                response = client.get("/api/map?" + urlencode({**asked, "view": view, "zoom": level}))
                if response.status != 200:
                    raise UserError(f"/api/map was answered with {response.status}: {response.body[:200]!r}")
                if turn:
                    found[name].append(response)
    rows: list[Sequence[str]] = []
    for name, responses in found.items():
        times = Times(np.array([response.milliseconds for response in responses]))
        answers = [json.loads(response.body) for response in responses]
        drawn = np.mean([len(answer["points"]) + len(answer["cells"]) for answer in answers])
        largest = max(len(response.body) for response in responses) / 1000
        figures = (times.p50, times.p95, float(times.milliseconds.max()), largest, float(drawn))
        rows.append((name, *map(number, figures)))
    return rows


def around(place: Places, zoom: int) -> str:
    """The `view` of a screen at `zoom` whose middle is `place`."""
    across = 360 * _VIEWPORT[0] / (_TILE_PIXELS * 2**zoom)
    up = across * _VIEWPORT[1] / _VIEWPORT[0] * max(0.2, float(np.cos(np.radians(place[0]))))
    west, east = (place[1] - across / 2, place[1] + across / 2) if across < 360 else (-180.0, 180.0)
    return f"{west:.5f},{max(place[0] - up / 2, -89.9):.5f},{east:.5f},{min(place[0] + up / 2, 89.9):.5f}"


def similarity(path: Path, rounds: int) -> None:
    """Maps coloured by likeness to a sample, another one each time."""
    with Catalogue.open(path) as catalogue:
        known = catalogue.places
        if not catalogue.manifest.vectors or not len(known.ids):
            raise UserError(f"{path} has no vectors or no places.", "Name a catalogue with both.")
        places = np.column_stack([known.latitude, known.longitude])
        title = (
            f"{path.name}: {len(places):,} places, {catalogue.manifest.encoder.get('dimension')} numbers each"
        )
    with Server(path, WORK / "map-vectors-serve.log") as server:
        rows = requests(server.address, places, rounds, like="0", colour="similarity")
    headings = ("viewport", "p50 ms", "p95 ms", "slowest ms", "largest kB", "drawn")
    show(title, headings, rows, "/api/map?colour=similarity")


def browser(address: str, places: Places, markers: int) -> None:
    """Open and drag the page, and its rivals over the same places."""
    folder = WORK / "map-rivals"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ours = opened(f"http://{address}/map", ready="#map-status:has-text('in view')")
    rows = [_row("this explorer", len(places), None, ours, ours)]
    for name, (make, ready, most) in RIVALS.items():
        count = min(len(places), most or markers)
        file, seconds = _written(make, places[:count], folder / f"{len(rows)}.html")
        rows.append(_row(name, count, seconds, opened(file.as_uri(), ready=ready), ours))
        file.unlink()
    headings = (
        "in Chromium",
        "places",
        "made s",
        "loaded",
        "first paint s",
        "drawn s",
        "ratio",
        "frame p95 ms",
    )
    show("The page and its rivals", headings, rows, "ratio: seconds until drawn, against this explorer")
    say("loaded: what the browser had to load; frame: 95th percentile in ten drags.")


def _written(make: Callable[[Places], str], places: Places, file: Path) -> tuple[Path, float]:
    start = perf_counter()
    file.write_text(make(places), encoding="utf-8")
    return file.resolve(), perf_counter() - start


def _row(name: str, count: int, made_s: float | None, found: Opened, ours: Opened) -> Sequence[str]:
    made = "" if made_s is None else number(made_s)
    size = megabytes(found.loaded_bytes)
    if found.failure:
        return (name, f"{count:,}", made, size, found.failure, "", "", "")
    times = (number(found.first_paint_s), number(found.drawn_s), f"{number(found.drawn_s / ours.drawn_s)}x")
    return (
        name,
        f"{count:,}",
        made,
        size,
        *times,
        number(found.frame_p95_ms) if found.frame_p95_ms else "no end",
    )


if __name__ == "__main__":
    run(main)
