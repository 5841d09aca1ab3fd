"""Where a catalogue may be made."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from indexer.build.output import check_output, working_in
from indexer.errors import UserError


def test_a_new_or_empty_folder_is_taken(tmp_path: Path) -> None:
    check_output(tmp_path / "new" / "deeper")
    (tmp_path / "empty").mkdir()
    check_output(tmp_path / "empty")


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(UserError, match=r"holds other things, such as thesis\.docx"):
        check_output(tmp_path)


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="is a file"):
        check_output(tmp_path / "file")
    with pytest.raises(UserError, match="is a file"):
        check_output(tmp_path / "file" / "inside")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UserError, match="leads nowhere"):
        check_output(tmp_path / "link")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Permissions do not stop root, who may well run the tests.
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(UserError, match="cannot be written"):
        check_output(tmp_path / "out")
    with pytest.raises(UserError, match="cannot be written"):
        check_output(tmp_path)


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux has a folder in which nobody can make another"
)
def test_a_folder_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(UserError, match="/proc/out cannot be made"), working_in(Path("/proc/out")):
        pass


def test_ctrl_c_in_a_query_is_ctrl_c(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    # A run in the background may have been told to ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    press = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt), working_in(tmp_path / "out"):
        press.start()
        duckdb.sql("SELECT sum(hash(range)) FROM range(20_000_000_000)").fetchall()


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with working_in(out), pytest.raises(UserError, match="Another run is writing"), working_in(out):
        pass
    assert not out.exists()
