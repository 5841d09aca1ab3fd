"""Take the pictures of README and docs from a running explorer: `make screenshots`.

Starts `rs5m serve` on a catalogue (the demo's by default), drives Chromium through the pages at desktop and
phone width, in both colour schemes, and writes PNG files. Fails if a page logs an error to the console.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {"desktop": (1280, 860), "phone": (400, 860)}
PAGES = {
    "gallery": "/",
    "search": "/?q=boats+moored+in+a+harbour",
    "sample": "/samples/0",
    "captions": "/captions?q=airport",
    "map": "/map",
    "zones": "/map/zones",
    "stages": "/stages",
    "what-if": "/stages/what-if?vlm=0.2",
}


@contextmanager
def serving(catalogue: Path) -> Iterator[str]:
    """The base URL of an explorer serving `catalogue` for the length of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "app.cli", "serve", str(catalogue), "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603
    base = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(base, server)
        yield base
    finally:
        server.terminate()
        server.wait()


def wait_until_healthy(base: str, server: subprocess.Popen[bytes]) -> None:
    """Return once /healthz answers; raise if the server stops or takes longer than a minute."""
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit(f"the server stopped with exit code {server.returncode}")
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=2)  # noqa: S310
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("the server did not answer within a minute")


def photograph(browser: Browser, base: str, name: str, width: str, scheme: str, target: Path) -> list[str]:
    """Write one PNG and return the errors that the page logged."""
    problems: list[str] = []
    columns, rows = WIDTHS[width]
    page = browser.new_page(
        viewport={"width": columns, "height": rows},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"{name} {width} {scheme}: {message.text}")

    page.on("console", note)
    # Twice: the first visit after a start pays for thumbnails, and the picture should show what is usual.
    for _ in range(2):
        page.goto(base + PAGES[name], wait_until="networkidle")
    page.wait_for_timeout(400)
    page.screenshot(path=str(target))
    page.close()
    return problems


def find_browser() -> str:
    """Path of a Chromium: RS5M_CHROMIUM, else the first on PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("RS5M_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise SystemExit("no Chromium found: install it or name it in RS5M_CHROMIUM")
    return found


def main() -> None:
    """Parse the command line and photograph every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path, default=ROOT / "out" / "demo" / "catalogue")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument(
        "--pages", nargs="*", choices=PAGES, default=["search", "sample", "map", "zones", "stages", "what-if"]
    )
    parser.add_argument("--widths", nargs="*", choices=WIDTHS, default=["desktop"])
    parser.add_argument("--schemes", nargs="*", choices=("light", "dark"), default=["light"])
    options = parser.parse_args()
    browser_path = find_browser()
    options.out.mkdir(parents=True, exist_ok=True)

    problems: list[str] = []
    with serving(options.catalogue) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-background-networking"]
        )
        for name in options.pages:
            for width in options.widths:
                for scheme in options.schemes:
                    suffix = "".join(
                        f"-{part}" for part in (width, scheme) if part not in ("desktop", "light")
                    )
                    target = options.out / f"{name}{suffix}.png"
                    problems += photograph(browser, base, name, width, scheme, target)
                    print(target)
        browser.close()
    if problems:
        raise SystemExit("\n".join(["errors in the browser's console:", *problems]))


if __name__ == "__main__":
    main()
