"""A run killed in any step of putting together goes on behind the last finished one, and ends the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from indexer.build import Progress, build
from tests.indexer.build.test_resume import OPTIONS, assert_same, make_shards
from tests.indexer.build.world import ColourEncoder

# Prints what it comes to, and waits there to be killed if that is what it was told.
RUN = """
import sys, time
from pathlib import Path
from indexer.build import Progress, build
from tests.indexer.build.test_resume import OPTIONS, make_shards
from tests.indexer.build.world import ColourEncoder

class Tells(Progress):
    def phase(self, what, total=None, unit="samples"):
        self.what = what
        self.tell(what)

    def reached(self, done):
        self.tell("in the middle of " + self.what)

    def tell(self, where):
        print(where, flush=True)
        if where == sys.argv[2]:
            time.sleep(60)

build(make_shards(), ColourEncoder(), Path(sys.argv[1]), OPTIONS, Tells())
"""

STOPS = {
    "vectors": "in the middle of writing vectors",
    "scores": "in the middle of measuring score s",
    "tables": "in the middle of writing tables",
    "orders": "sorting",
    "caption index": "in the middle of indexing captions",
    "vector index": "in the middle of indexing vectors",
    "search settings": "measuring recall",
}


def killed_at(where: str, out: Path) -> list[str]:
    """Run until it comes to `where`, kill it there, and return all that it came to."""
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, out, where],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    told: list[str] = []
    for line in run.stdout:
        told.append(line.strip())
        if told[-1] == where:
            break
    run.kill()
    assert run.wait() == -signal.SIGKILL, told
    run.stdout.close()
    return told


def files_of(out: Path) -> dict[str, tuple[int, int]]:
    """Every file of the catalogue so far: its inode and when it was written."""
    found = {}
    for path in out.rglob("*"):
        inside = path.relative_to(out)
        if path.is_file() and inside.parts[0] not in ("parts", "job.json", "steps.json", "run.lock"):
            found[str(inside)] = (path.stat().st_ino, path.stat().st_mtime_ns)
    return found


def recorded(out: Path) -> list[str]:
    """Names of the steps that are written down as finished."""
    record = out / "steps.json"
    return [done["name"] for done in json.loads(record.read_text())["done"]] if record.exists() else []


class Phases(Progress):
    """Writes down what a run came to."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def phase(self, what: str, total: int | None = None, unit: str = "samples") -> None:
        self.seen.append(what)


def test_killed_in_each_step_in_turn_the_catalogue_is_the_same(tmp_path: Path) -> None:
    undisturbed = build(make_shards(), ColourEncoder(), tmp_path / "undisturbed", OPTIONS)
    out = tmp_path / "killed"
    finished: dict[str, tuple[int, int]] = {}
    for number, (step, where) in enumerate(STOPS.items()):
        told = killed_at(where, out)
        earlier = [stop.removeprefix("in the middle of ") for stop in list(STOPS.values())[:number]]
        # The step before was stopped in its middle, so it is done again; those behind that are not.
        assert not set(earlier[:-1]) & set(told), step
        assert recorded(out) == list(STOPS)[:number]
        before, finished = finished, files_of(out)
        assert before.items() <= finished.items(), step
    assert not (out / "manifest.json").exists()

    phases = Phases()
    catalogue = build(make_shards(), ColourEncoder(), out, OPTIONS, phases)
    assert phases.seen == ["measuring recall"]
    assert_same(undisturbed, catalogue)
    assert finished.items() <= files_of(out).items()
    steps = json.loads((out / "build.json").read_text())["steps"]
    assert [step["step"] for step in steps] == list(STOPS)
