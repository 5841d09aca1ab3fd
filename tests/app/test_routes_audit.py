"""`/api/audit` and `/audit/marks.csv`: the marks and what follows from them, for a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.query.audit import Draw
from app.query.marked import mark_of
from app.settings import Settings
from app.workspace import Marks, Verdict, Workspace
from indexer.catalogue import Catalogue
from tests.app.conftest import KEPT


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "marks.sqlite")


@pytest.fixture
def auditing(catalogue: Catalogue, workspace: Workspace) -> Iterator[TestClient]:
    with TestClient(
        create_app(catalogue, Settings(workspace=workspace.path)), base_url="http://127.0.0.1"
    ) as one:
        yield one


def say(
    catalogue: Catalogue, workspace: Workspace, id_: int, verdict: Verdict, draw: Draw | None = None
) -> None:
    Marks(workspace).put(mark_of(catalogue, draw or Draw(), id_, verdict))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_estimates_are_json(auditing: TestClient, catalogue: Catalogue, workspace: Workspace) -> None:
    for id_ in range(10):
        say(catalogue, workspace, id_, "remove" if id_ == 3 else "keep")
    say(catalogue, workspace, KEPT, "keep")
    say(catalogue, workspace, KEPT + 1, "skip")

    found = auditing.get("/api/audit").json()

    assert found["kept"] == {
        "population": 62,
        "marked": 10,
        "skipped": 0,
        "errors": 1,
        "share": 0.1,
        "low": pytest.approx(0.0025286, rel=1e-4),
        "high": pytest.approx(0.4450161, rel=1e-4),
    }
    assert (found["removed"]["marked"], found["removed"]["errors"], found["removed"]["skipped"]) == (1, 1, 1)
    stages = {one["stage"]: one["removed"]["errors"] for one in found["stages"]}
    assert stages == {"duplicate": 1, "keyword": 0}
    assert sum(one["kept"]["marked"] for one in found["sources"]) == 10
    assert found["published"] == {"kept": 0.008, "removed": 0.034}


def test_the_file_holds_every_mark_with_what_became_of_it(
    auditing: TestClient, catalogue: Catalogue, workspace: Workspace
) -> None:
    say(catalogue, workspace, 5, "remove", Draw(seed=9, source="RSICD"))
    say(catalogue, workspace, KEPT, "keep", Draw(kind="boundary"))
    say(catalogue, workspace, 7, "skip")

    answer = auditing.get("/audit/marks.csv")
    first, second, third = rows_of(answer.text)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["x-row-count"] == "3"
    identity = catalogue.manifest.catalogue_id
    assert f"rs5m-marks-{identity}.csv" in answer.headers["content-disposition"]
    when = first.pop("when")
    assert len(when) == len("2026-01-02T03:04:05+00:00")
    assert first == {
        "id": "5",
        "key": "00005",
        "source": "RSICD",
        "name": "00005.jpg",
        "stage": "kept",
        "reason": "kept",
        "mark": "remove",
        "draw": "random",
        "seed": "9",
        "of_source": "RSICD",
        "of_stage": "",
        "catalogue_id": identity,
        "id_now": "5",
        "stage_now": "kept",
        "error": "yes",
    }
    assert (second["draw"], second["seed"], second["reason"], second["error"]) == (
        "boundary", "", "near_duplicate", "yes",
    )  # fmt: skip
    assert (third["mark"], third["error"]) == ("skip", "")


def test_a_spreadsheet_runs_nothing_of_it(
    auditing: TestClient, catalogue: Catalogue, workspace: Workspace
) -> None:
    mark = mark_of(catalogue, Draw(), 5, "keep")
    Marks(workspace).put(
        replace(mark, name="=1+1", reason="@SUM(A1)", of_source="-2", source="\t=1", key="+1")
    )

    (row,) = rows_of(auditing.get("/audit/marks.csv").text)

    assert (row["name"], row["reason"], row["of_source"]) == ("'=1+1", "'@SUM(A1)", "'-2")
    assert (row["source"], row["key"]) == ("'\t=1", "'+1")


def test_a_mark_of_a_sample_that_is_gone_stays_in_the_file(
    auditing: TestClient, catalogue: Catalogue, workspace: Workspace
) -> None:
    Marks(workspace).put(replace(mark_of(catalogue, Draw(), 5, "keep"), catalogue="000000000000", key="gone"))

    (row,) = rows_of(auditing.get("/audit/marks.csv").text)

    assert (row["key"], row["id_now"], row["stage_now"], row["error"]) == ("gone", "", "", "")
    assert auditing.get("/api/audit").json()["left_out"] == {"moved": 0, "changed": 0, "gone": 1}


def test_many_marks_come_in_pieces_and_all_of_them(
    auditing: TestClient, catalogue: Catalogue, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.query.marks_csv._ROWS_AT_ONCE", 2)
    for id_ in range(5):
        say(catalogue, workspace, id_, "keep")

    assert [row["id"] for row in rows_of(auditing.get("/audit/marks.csv").text)] == ["0", "1", "2", "3", "4"]
