"""The workspace file: made on the first write, brought forward, and never a reason for a broken page."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.workspace import Mark, Marks, Workspace, WorkspaceError, migrations, workspace_path
from indexer.catalogue import Catalogue
from indexer.errors import UserError

ROOT = Path(__file__).parents[3]
MARK = Mark(
    catalogue="0123456789ab",
    id=7,
    key="00007",
    source="FMoW",
    sha256="aa",
    name="7.jpg",
    stage="kept",
    reason=None,
    verdict="keep",
    draw="random",
    seed=1,
    of_source="",
    of_stage="",
    marked_at="2026-01-02T03:04:05+00:00",
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "world.workspace.sqlite")


def test_it_lies_beside_the_catalogue_or_where_the_setting_says(catalogue: Catalogue, tmp_path: Path) -> None:
    folder = catalogue.path.resolve()
    assert workspace_path(catalogue, None) == folder.parent / "world.workspace.sqlite"
    assert workspace_path(catalogue, tmp_path / "mine.sqlite") == tmp_path / "mine.sqlite"


def test_it_is_never_inside_the_catalogue(catalogue: Catalogue) -> None:
    for inside in (catalogue.path / "a.sqlite", catalogue.path / "orders" / ".." / "a.sqlite"):
        with pytest.raises(UserError, match="lies inside the catalogue"):
            workspace_path(catalogue, inside)


def test_reading_makes_nothing(workspace: Workspace) -> None:
    assert Marks(workspace).all() == []
    assert workspace.problem() is None
    assert list(workspace.path.parent.iterdir()) == []


def test_what_is_written_is_there_when_it_is_opened_again(workspace: Workspace) -> None:
    Marks(workspace).put(MARK)

    assert Marks(Workspace(workspace.path)).all() == [MARK]
    # No log is left behind: the file can be copied as it is.
    assert list(workspace.path.parent.iterdir()) == [workspace.path]


def test_a_sample_has_one_mark_a_draw_and_the_last_one_is_last(workspace: Workspace) -> None:
    marks = Marks(workspace)
    other, elsewhere = replace(MARK, id=8), replace(MARK, seed=2)
    for mark in (MARK, other, elsewhere, replace(MARK, verdict="remove")):
        marks.put(mark)

    assert marks.all() == [other, elsewhere, replace(MARK, verdict="remove")]
    marks.remove(MARK)
    assert marks.all() == [other, elsewhere]


def test_hostile_text_is_text(workspace: Workspace) -> None:
    hostile = replace(MARK, key="'); DROP TABLE marks; --", name="=1+1\x00\U0001f6f0", source='"; --')
    Marks(workspace).put(hostile)
    assert Marks(workspace).all() == [hostile]


def test_many_threads_write_and_read_at_once(workspace: Workspace) -> None:
    marks = Marks(workspace)

    def one(id_: int) -> int:
        marks.put(replace(MARK, id=id_))
        return len(marks.all())

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(one, range(80)))

    assert {mark.id for mark in marks.all()} == set(range(80))
    assert max(seen) == 80


def test_two_programs_write_at_once(workspace: Workspace) -> None:
    code = (
        "import sys; from dataclasses import replace; from pathlib import Path\n"
        "from app.workspace import Marks, Workspace; from tests.app.workspace.test_workspace import MARK\n"
        "first = int(sys.argv[2])\n"
        "marks = Marks(Workspace(Path(sys.argv[1])))\n"
        "for id_ in range(first, first + 40): marks.put(replace(MARK, id=id_))\n"
    )
    programs = [
        subprocess.Popen([sys.executable, "-c", code, str(workspace.path), str(first)], cwd=ROOT)
        for first in (0, 40)
    ]

    assert [program.wait(60) for program in programs] == [0, 0]
    assert {mark.id for mark in Marks(workspace).all()} == set(range(80))


def test_a_write_that_fails_leaves_nothing(workspace: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), workspace.writing() as connection:
        connection.execute("DELETE FROM marks")
        1 / 0  # noqa: B018

    assert Marks(workspace).all() == []
    Marks(workspace).put(MARK)
    assert Marks(workspace).all() == [MARK]


def test_an_older_file_is_brought_forward_with_what_is_in_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    Marks(workspace).put(MARK)
    newer = (
        *migrations.MIGRATIONS,
        ("CREATE TABLE selections (name TEXT)", "INSERT INTO selections VALUES ('a')"),
    )
    monkeypatch.setattr(migrations, "MIGRATIONS", newer)

    assert Marks(workspace).all() == [MARK]
    with workspace.reading() as connection:
        assert connection is not None
        assert connection.execute("SELECT name FROM selections").fetchall() == [("a",)]
        assert migrations.version_of(connection) == len(newer)


def test_a_migration_that_fails_leaves_the_file_of_the_old_version(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    Marks(workspace).put(MARK)
    broken = (
        *migrations.MIGRATIONS,
        ("CREATE TABLE selections (name TEXT)", "CREATE TABLE marks (id INTEGER)"),
    )
    with monkeypatch.context() as later:
        later.setattr(migrations, "MIGRATIONS", broken)
        with pytest.raises(WorkspaceError, match="cannot be used"):
            Marks(workspace).put(replace(MARK, id=8))

    assert Marks(workspace).all() == [MARK]


def test_a_newer_file_is_not_touched(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    Marks(workspace).put(MARK)
    monkeypatch.setattr(migrations, "MIGRATIONS", ())

    with pytest.raises(WorkspaceError, match=r"version 1; this program knows version 0.*Update"):
        Marks(workspace).put(MARK)
    assert "Update the program" in (workspace.problem() or "")


def test_a_damaged_file_is_said_to_be_and_left_alone(workspace: Workspace) -> None:
    workspace.path.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    before = workspace.path.read_bytes()

    for work in (Marks(workspace).all, lambda: Marks(workspace).put(MARK)):
        with pytest.raises(WorkspaceError, match=r"is damaged: file is not a database.*move it away"):
            work()
    assert "is damaged" in (workspace.problem() or "")
    assert workspace.path.read_bytes() == before


def test_a_database_of_something_else_is_left_alone(workspace: Workspace) -> None:
    with sqlite3.connect(workspace.path) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()

    with pytest.raises(WorkspaceError, match="not a workspace: it is a database of something else"):
        Marks(workspace).put(MARK)
    with sqlite3.connect(workspace.path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]
    other.close()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "nowhere" / "a.sqlite")

    assert f"no folder {tmp_path / 'nowhere'}" in (workspace.problem() or "")
    with pytest.raises(WorkspaceError, match=r"unable to open.*RS5M_WORKSPACE"):
        Marks(workspace).put(MARK)
    assert not (tmp_path / "nowhere").exists()


@contextmanager
def as_ordinary_user() -> Iterator[None]:
    """Root may do anything anywhere: a test that root runs has to be somebody else for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def others_folder() -> Iterator[Path]:
    """A folder that can be looked into by anybody, which those of pytest cannot."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def test_marks_in_a_read_only_folder_are_read_and_not_added_to(others_folder: Path) -> None:
    workspace = Workspace(others_folder / "a.sqlite")
    Marks(workspace).put(MARK)
    workspace.path.chmod(0o444)
    others_folder.chmod(0o555)

    with as_ordinary_user():
        assert Marks(workspace).all() == [MARK]
        assert f"{others_folder} is read-only" in (workspace.problem() or "")
        with pytest.raises(WorkspaceError, match="cannot be used: attempt to write a readonly database"):
            Marks(workspace).put(replace(MARK, id=8))
    assert Marks(workspace).all() == [MARK]


def test_nothing_is_begun_in_a_read_only_folder(others_folder: Path) -> None:
    workspace = Workspace(others_folder / "a.sqlite")
    others_folder.chmod(0o555)

    with as_ordinary_user():
        assert f"{others_folder} is read-only" in (workspace.problem() or "")
        with pytest.raises(WorkspaceError, match="unable to open database file"):
            Marks(workspace).put(MARK)
    assert list(others_folder.iterdir()) == []


def test_a_folder_that_may_not_be_entered_is_a_reason_like_any_other(others_folder: Path) -> None:
    workspace = Workspace(others_folder / "a.sqlite")
    Marks(workspace).put(MARK)
    others_folder.chmod(0o700 if os.geteuid() == 0 else 0)

    with as_ordinary_user():
        assert "cannot be reached: Permission denied" in (workspace.problem() or "")
        with pytest.raises(WorkspaceError, match="Check its permissions"):
            Marks(workspace).all()


def test_a_file_moved_away_is_a_new_beginning(workspace: Workspace) -> None:
    Marks(workspace).put(MARK)
    workspace.path.rename(workspace.path.with_name("old.sqlite"))

    assert Marks(workspace).all() == []
    Marks(workspace).put(replace(MARK, id=8))
    assert [mark.id for mark in Marks(workspace).all()] == [8]
    assert [mark.id for mark in Marks(Workspace(workspace.path.with_name("old.sqlite"))).all()] == [7]
