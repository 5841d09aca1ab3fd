"""A real explorer on a small demo catalogue, and a real Chromium that looks at it.

Every page is watched: a message in the console, a response that is an error, or a request that leaves this
machine fails the test that caused it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

RS5M = (sys.executable, "-m", "app.cli")
ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = 240
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 400, "height": 820}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo world, made by the command a person would type."""
    folder = tmp_path_factory.mktemp("browser") / "small-world"
    command = [*RS5M, "demo", "--samples", str(SAMPLES), "--out", str(folder)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert made.returncode == 0, made.stderr
    return folder / "catalogue"


@pytest.fixture(scope="session")
def address(catalogue: Path) -> Iterator[str]:
    """Where `rs5m serve` says it serves."""
    command = [*RS5M, "serve", str(catalogue), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            assert line.startswith("Serving"), line
            yield next(word for word in line.split() if word.startswith("http://"))
        finally:
            server.terminate()


# No longer than for a file: Playwright's event loop counts as running all the while, and tests elsewhere
# start one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium named by RS5M_CHROMIUM or on the path; without one the test is skipped, and in CI fails."""
    named = os.environ.get("RS5M_CHROMIUM")
    found = (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )
    if found is None:
        reason = "no Chromium on the path; install one or set RS5M_CHROMIUM to it"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Opens an address of the explorer; whatever its page complains of fails the test at the end."""
    complaints: list[str] = []
    contexts = []

    def open_(path: str = "/", viewport: dict[str, int] = DESKTOP, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, base_url=address, **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: _note(complaints, message.type, message.text))
        page.on("pageerror", lambda error: complaints.append(f"error in {path}: {error}"))
        page.on("response", lambda answer: _note_status(complaints, answer.status, answer.url))
        page.on("request", lambda request: _note_address(complaints, request.url, address))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], kind: str, text: str) -> None:
    # htmx writes these of every request that it gives up for a newer one.
    if kind in ("error", "warning") and not text.startswith(("htmx:sendAbort", "htmx:afterRequest")):
        complaints.append(f"console {kind}: {text}")


def _note_status(complaints: list[str], status: int, url: str) -> None:
    if status >= 400:
        complaints.append(f"{status} {url}")


def _note_address(complaints: list[str], url: str, address: str) -> None:
    if not url.startswith((address, "data:", "blob:")):
        complaints.append(f"request to elsewhere: {url}")
