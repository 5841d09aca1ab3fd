"""A map page in Chromium: how long it takes to be there, and how smoothly it is dragged."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from playwright.sync_api import Error, Page, Route, TimeoutError, sync_playwright

from indexer.errors import UserError

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
_LIMIT_S = 120
_DRAGS = 10
_MODULES = Path("node_modules")
# What folium's pages load from elsewhere, by the end of its address; what a map does without is left empty.
_ASSETS = {
    "/leaflet.js": _MODULES / "leaflet/dist/leaflet.js",
    "/leaflet.css": _MODULES / "leaflet/dist/leaflet.css",
    "/leaflet.markercluster.js": _MODULES / "leaflet.markercluster/dist/leaflet.markercluster.js",
    "/MarkerCluster.css": _MODULES / "leaflet.markercluster/dist/MarkerCluster.css",
    "/MarkerCluster.Default.css": _MODULES / "leaflet.markercluster/dist/MarkerCluster.Default.css",
}
# Stands in for the plugin that colours folium's marker icons, which comes from elsewhere, too.
_ICONS = "L.AwesomeMarkers = {icon: () => new L.Icon.Default()};"

_NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
_FRAMES = """
() => {
  const frames = (window.frames_ = []);
  let last = performance.now();
  const tick = (now) => { frames.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}
"""


@dataclass(frozen=True)
class Opened:
    """What opening a page was like.

    Attributes:
        first_paint_s: seconds from asking for it to the first contentful paint.
        drawn_s: seconds until its samples are drawn.
        loaded_bytes: bytes of the page and of what it loaded by itself.
        frame_p95_ms: 95th percentile of the time between frames while it was dragged; None where that came to
            no end.
        failure: why there are no such figures; empty if there are.
    """

    first_paint_s: float = 0.0
    drawn_s: float = 0.0
    loaded_bytes: int = 0
    frame_p95_ms: float | None = None
    failure: str = ""


def opened(address: str, ready: str) -> Opened:
    """Open `address`, wait for `ready` (a selector), and drag the map about.

    In a process of its own: a page that is busy for minutes answers nobody, and has to be stopped.

    Raises:
        UserError: there is no Chromium.
    """
    command = [sys.executable, "-m", "benchmarks.map_browser", address, ready]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            told, _ = process.communicate(timeout=2 * _LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            told, _ = process.communicate()
    # It tells what it knows when the page has drawn, and once more when it was dragged.
    lines = told.splitlines()
    if not lines:
        raise UserError(f"Chromium could not be driven: exit status {process.returncode}.")
    return Opened(**json.loads(lines[-1]))


def _opened(address: str, ready: str) -> Opened:
    named = os.environ.get("RS5M_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if named is None:
        raise UserError("there is no Chromium on the path.", "Install one or set RS5M_CHROMIUM.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=named, args=_FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 860})
        page.set_default_timeout(_LIMIT_S * 1000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error).splitlines()[0][:60]))
        loaded = [0]
        page.on("response", lambda answer: _add(loaded, answer.headers.get("content-length")))
        if address.startswith("file:"):
            loaded[0] = Path(address.removeprefix("file://")).stat().st_size
            page.route(re.compile("^https?://"), _from_here)
        start = perf_counter()
        try:
            page.goto(address, wait_until="commit")
            page.locator(ready).first.wait_for(state="attached")
            page.evaluate(_NEXT_FRAME)
            drawn = perf_counter() - start
            paint = page.evaluate(_FIRST_PAINT)
            first = drawn if paint is None else paint / 1000
            _tell(Opened(first, drawn, loaded[0]))
            frames = dragged(page)
        except TimeoutError:
            return Opened(loaded_bytes=loaded[0], failure=errors[0] if errors else f"not in {_LIMIT_S} s")
        except Error as error:
            return Opened(loaded_bytes=loaded[0], failure=str(error).splitlines()[0][:60])
        finally:
            chromium.close()
    return Opened(first, drawn, loaded[0], frames)


def dragged(page: Page) -> float:
    """The 95th percentile of milliseconds between frames in ten drags."""
    page.evaluate(_FRAMES)
    box = page.locator(".leaflet-container").first.bounding_box()
    if box is None:
        return float("nan")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for turn in range(_DRAGS):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + (120 if turn % 2 else -120), y + 40 * (turn % 3 - 1), steps=12)
        page.mouse.up()
        page.wait_for_timeout(150)
    return float(np.percentile(page.evaluate("window.frames_"), 95))


def _add(loaded: list[int], length: str | None) -> None:
    loaded[0] += int(length or 0)


def _from_here(route: Route) -> None:
    address = route.request.url.split("?")[0]
    file = next((file for end, file in _ASSETS.items() if address.endswith(end)), None)
    if file is not None:
        route.fulfill(path=file)
    elif "awesome-markers.js" in address:
        route.fulfill(body=_ICONS, content_type="text/javascript")
    else:
        route.fulfill(body="")


def _tell(found: Opened) -> None:
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _tell(_opened(*sys.argv[1:3]))
