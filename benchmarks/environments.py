"""An environment of its own for each rival, and the process that drives it there."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.command import WORK
from benchmarks.timing import Memory, memory

_ROOT = Path(__file__).resolve().parent.parent


class CannotRunError(Exception):
    """A rival cannot be installed or fails here; the message says why, in one line."""


def environment(name: str, requirements: Sequence[str], folder: Path = WORK / "envs") -> Path:
    """The Python of a virtual environment with `requirements`, made unless it is there already.

    Raises:
        CannotRunError: pip cannot install them here.
    """
    wanted = hashlib.sha256("\n".join(requirements).encode()).hexdigest()
    home = folder / name
    python = home / "bin" / "python"
    installed = home / "installed"
    if installed.exists() and installed.read_text() == wanted:
        return python
    _pip("cannot make an environment", sys.executable, "-m", "venv", "--clear", str(home))
    _pip("cannot be installed", str(python), "-m", "pip", "install", "--quiet", *requirements)
    installed.write_text(wanted)
    return python


def _pip(what: str, *command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        raise CannotRunError(f"{what}: {(errors or ['pip failed'])[-1].strip()}")


class Driver:
    """A driver module of `benchmarks.drivers`, running in another Python.

    Args:
        python: of the rival's environment.
        module: name of the module inside `benchmarks.drivers`.
        log: file for everything that the rival prints.
    """

    def __init__(self, python: Path, module: str, log: Path) -> None:
        self._log = log
        with log.open("w") as stream:
            self._process = subprocess.Popen(
                [str(python.absolute()), "-m", f"benchmarks.drivers.{module}"],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                bufsize=1,
            )

    def ask(self, do: str, **arguments: object) -> dict[str, Any]:
        """The driver's answer to one request.

        Raises:
            CannotRunError: the rival raised an error, or its process ended.
        """
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise CannotRunError(f"ended with status {self._process.wait()}; see {self._log}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise CannotRunError(str(answer["error"]).splitlines()[0])
        return answer

    def memory(self) -> Memory:
        """What the process holds in memory now."""
        return memory(self._process.pid)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
