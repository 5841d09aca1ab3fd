"""The ledger and the funnel as files: whole or a cell, the same bytes for browser and terminal."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.query import stage_table
from app.query.cells import Cell
from app.query.funnel import funnel
from app.query.funnel_export import export_funnel
from app.query.ledger_export import COLUMNS, export_ledger
from app.settings import Settings
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue
from tests.scored import make_scored_catalogue

ROOT = Path(__file__).parents[2]
CELLS = (
    Cell(),
    Cell(stage="outlier"),
    Cell(stage="duplicate", reason="same_url"),
    Cell(source="(none)", stage="removed"),
    Cell(source="LAION2B", subset="PUB11", stage="kept"),
    Cell(stage="download"),
)


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with make_scored_catalogue(tmp_path_factory.mktemp("ledger") / "scored") as made:
        yield made


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_cell_is_exported_whole(scored: Catalogue, cell: Cell) -> None:
    made = export_ledger(scored, cell)
    found = rows(b"".join(made.chunks))

    where = cell.where()
    expected = scored.connect().execute(
        f"SELECT ledger.id FROM ledger JOIN samples USING (id) WHERE {where.sql} ORDER BY id",  # noqa: S608
        where.params,
    )
    assert [int(row["id"]) for row in found] == [row[0] for row in expected.fetchall()]
    assert made.rows == len(found)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_parquet_holds_what_csv_holds(scored: Catalogue, cell: Cell) -> None:
    table = pq.read_table(io.BytesIO(b"".join(export_ledger(scored, cell, "parquet").chunks)))
    texts = rows(b"".join(export_ledger(scored, cell).chunks))

    assert table.column_names == [column.name for column in COLUMNS]
    for name in ("id", "stage", "reason", "source", "caption", "cluster"):
        values = ["" if value is None else str(value) for value in table[name].to_pylist()]
        assert values == [row[name] for row in texts]
    assert [None if row["score"] == "" else float(row["score"]) for row in texts] == table[
        "score"
    ].to_pylist()
    assert table.schema.metadata[b"catalogue_id"].decode() == scored.manifest.catalogue_id


def test_many_row_groups_are_one_file(scored: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pq.read_table(io.BytesIO(b"".join(export_ledger(scored, Cell(), "parquet").chunks)))
    monkeypatch.setattr("app.query.ledger_export._ROWS_AT_ONCE", 7)
    pieces = list(export_ledger(scored, Cell(), "parquet").chunks)

    file = pq.ParquetFile(io.BytesIO(b"".join(pieces)))
    assert file.num_row_groups == -(-scored.manifest.samples // 7) == len(pieces) - 1
    assert file.read().equals(whole)
    assert max(map(len, pieces[:-1])) < sum(map(len, pieces)) / 4


def test_formulas_are_guarded_in_csv_and_kept_in_parquet(tmp_path: Path) -> None:
    rows_ = [{"caption": "=1+1", "source": "@evil", "url": "+tel", "key": "-k"}]
    ledger = [{"id": 0, "detail": "=cmd()"}]
    with make_catalogue(tmp_path / "hostile", rows_, ledger=ledger) as made:
        text = rows(b"".join(export_ledger(made, Cell()).chunks))[0]
        table = pq.read_table(io.BytesIO(b"".join(export_ledger(made, Cell(), "parquet").chunks)))
        funnel_csv = b"".join(export_funnel(made, funnel(stage_table(made))).chunks).decode()

    guarded = ["'=1+1", "'@evil", "'+tel", "'-k", "'=cmd()"]
    assert [text[name] for name in ("caption", "source", "url", "key", "detail")] == guarded
    assert table["caption"].to_pylist() == ["=1+1"]
    assert "\r\n'@evil,unknown,1," in funnel_csv


def test_the_browser_and_the_terminal_write_the_same_bytes(scored: Catalogue, tmp_path: Path) -> None:
    with TestClient(create_app(scored, Settings()), base_url="http://127.0.0.1") as client:
        ledger = client.get("/stages/ledger.csv?stage=outlier&source=LAION2B")
        parquet = client.get("/stages/ledger.parquet")
        tables = {form: client.get(f"/stages/funnel.{form}") for form in ("csv", "md", "tex")}

    out = tmp_path / "outliers.csv"
    said = rs5m("ledger", scored.path, "-o", out, "--stage", "outlier", "--source", "LAION2B")
    assert out.read_bytes() == ledger.content
    assert f"Wrote {ledger.headers['x-row-count']} rows" in said
    assert ledger.headers["content-disposition"].endswith(f'-outlier-{scored.manifest.catalogue_id}.csv"')
    rs5m("ledger", scored.path, "-o", tmp_path / "all.parquet")
    assert (tmp_path / "all.parquet").read_bytes() == parquet.content
    for form, answer in tables.items():
        rs5m("funnel", scored.path, "--format", form, "-o", tmp_path / f"f.{form}")
        assert (tmp_path / f"f.{form}").read_bytes() == answer.content
    assert rs5m("funnel", scored.path, "--format", "md").encode() == tables["md"].content


def test_a_file_of_no_known_kind_is_refused(scored: Catalogue, tmp_path: Path) -> None:
    said = rs5m("ledger", scored.path, "-o", tmp_path / "all.xlsx", status=1)

    assert "neither .csv nor .parquet" in said


@pytest.mark.parametrize("address", ["ledger.xlsx", "ledger.csv?stag=vlm", "funnel.pdf"])
def test_what_cannot_be_had_is_said(scored: Catalogue, address: str) -> None:
    with TestClient(create_app(scored, Settings()), base_url="http://127.0.0.1") as client:
        assert client.get(f"/stages/{address}").status_code == 400


def test_the_funnel_for_a_paper(scored: Catalogue) -> None:
    drawn = funnel(stage_table(scored))
    made = {
        form: b"".join(export_funnel(scored, drawn, form).chunks).decode() for form in ("csv", "md", "tex")
    }

    total = drawn.total
    assert made["csv"].splitlines()[-1] == (
        f"Total,,{total.amount},{total.keyword},,{total.invalid},{total.duplicate},{total.vlm},"
        f"{total.detector},{total.remain}"
    )
    assert f"| Total |  | {total.amount} | {total.keyword} | - |" in made["md"]
    assert rf"Total &  & {total.amount} & {total.keyword} & -- &" in made["tex"]
    for text in (made["md"], made["tex"]):
        assert f"Catalogue {scored.manifest.catalogue_id}." in text


def test_names_of_sources_are_escaped_for_a_paper(tmp_path: Path) -> None:
    hostile = r"50%_of\A&B|#{x}^~$*<b>"
    with make_catalogue(tmp_path / "hostile", [{"source": hostile}]) as made:
        drawn = funnel(stage_table(made))
        latex, markdown = (
            b"".join(export_funnel(made, drawn, form).chunks).decode() for form in ("tex", "md")
        )

    assert (
        r"50\%\_of\textbackslash{}A\&B\textbar{}\#\{x\}\textasciicircum{}\textasciitilde{}\$*"
        r"\textless{}b\textgreater{} &"
    ) in latex
    assert r"| 50%\_of\\A&B\|\#\{x\}^\~$\*\<b\> |" in markdown
    assert len({line.replace(r"\|", "").count("|") for line in markdown.splitlines()[:4]}) == 1


def rs5m(*arguments: object, status: int = 0) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "app.cli", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stderr
    return run.stdout if status == 0 else run.stderr
