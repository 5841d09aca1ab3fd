"""`rs5m marks`, run as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.query.audit import Draw
from app.query.marked import mark_of
from app.settings import Settings
from app.workspace import Marks, Workspace
from indexer.catalogue import Catalogue

ROOT = Path(__file__).parents[3]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "marks.sqlite")


def rs5m(*arguments: object, workspace: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path, "RS5M_WORKSPACE": str(workspace)},
        timeout=120,
    )


def test_the_command_writes_the_bytes_of_the_page(
    catalogue: Catalogue, workspace: Workspace, tmp_path: Path
) -> None:
    Marks(workspace).put(mark_of(catalogue, Draw(), 5, "remove"))
    out = tmp_path / "marks.csv"
    app = create_app(catalogue, Settings(workspace=workspace.path))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        downloaded = client.get("/audit/marks.csv").content

    done = rs5m("marks", catalogue.path, "-o", out, workspace=workspace.path)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Wrote 1 mark of {workspace.path} to {out}. Next: rs5m serve ")
    assert out.read_bytes() == downloaded


def test_the_command_without_marks_writes_a_header_and_no_workspace(
    catalogue: Catalogue, workspace: Workspace, tmp_path: Path
) -> None:
    out = tmp_path / "marks.csv"

    done = rs5m("marks", catalogue.path, "-o", out, workspace=workspace.path)

    assert done.stdout.startswith("Wrote 0 marks")
    assert out.read_bytes().startswith(b"id,key,source,name,")
    assert len(out.read_bytes().splitlines()) == 1
    assert not workspace.path.exists()


def test_the_command_says_what_is_wrong_with_the_workspace(
    catalogue: Catalogue, workspace: Workspace, tmp_path: Path
) -> None:
    workspace.path.write_bytes(b"not a database " * 100)

    done = rs5m("marks", catalogue.path, "-o", tmp_path / "marks.csv", workspace=workspace.path)

    assert (done.returncode, done.stdout) == (1, "")
    assert "is damaged" in done.stderr
    assert not (tmp_path / "marks.csv").exists()
