"""The funnel and the ledger of a part of the Earth, held against plain SQL."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.query import stage_table
from app.query.cells import Cell
from app.query.entries import entry_page, number_of, sources_of
from app.query.funnel import funnel_of
from app.query.ledger_export import export_ledger
from app.settings import Settings
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue

BOX = "bbox=-60,-30,60,40"
INSIDE = "longitude BETWEEN -60 AND 60 AND latitude BETWEEN -30 AND 40"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    random = np.random.default_rng(8)
    stages = ("kept", "kept", "duplicate", "vlm")
    rows = [
        {
            "latitude": float(random.uniform(-80, 80)),
            "longitude": float(random.uniform(-180, 180)),
            "source": ("SBU", "VG")[number % 2],
            "subset": "PUB11",
            "stage": stages[number % 4],
        }
        for number in range(300)
    ]
    rows += [{"source": "SBU", "subset": "PUB11", "stage": "vlm"}] * 20
    reports = {"keyword": {"lists": {"SBU": {"read": 1000, "kept": 200}}}}
    settings = {"keyword": {}, "duplicate": {}, "vlm": {}}
    folder = tmp_path_factory.mktemp("place") / "catalogue"
    with make_catalogue(folder, rows, settings=settings, reports=reports) as made:
        yield made


def cell(text: str) -> Cell:
    return Cell.from_params([tuple(pair.split("=")) for pair in text.split("&")])  # type: ignore[misc]


def by_sql(world: Catalogue, columns: str, where: str = INSIDE) -> dict[tuple[str, ...], int]:
    rows = world.connect().execute(
        f"SELECT {columns}, count(*) FROM samples WHERE {where} GROUP BY ALL"  # noqa: S608
    )
    return {tuple(row[:-1]): row[-1] for row in rows.fetchall()}


def test_the_funnel_of_a_place_counts_what_lies_there(world: Catalogue) -> None:
    table = stage_table(world, cell(BOX).place)
    found = {
        (row.source, stage): number
        for row in table.rows
        for stage, number in {**row.removed, "kept": row.kept}.items()
        if number
    }

    assert found == by_sql(world, "source, stage")
    assert 20 < table.total.read < 300
    assert table.total.read == sum(found.values())


def test_of_raw_lists_nobody_knows_where_they_lie(world: Catalogue) -> None:
    assert funnel_of(world).total.amount == 320 + 800
    assert funnel_of(world, cell(BOX).place).total.amount == stage_table(world, cell(BOX).place).total.read


def test_a_cell_of_a_place_lists_and_counts_its_samples(world: Catalogue) -> None:
    asked = cell(f"{BOX}&stage=vlm&source=VG")
    expected = by_sql(world, "stage", f"{INSIDE} AND stage = 'vlm' AND source = 'VG'")[("vlm",)]
    page = entry_page(world, asked, size=300)

    assert page.found == number_of(world, asked) == expected == len(page.entries)
    assert {total.values[0] for total in sources_of(world, asked)} == {"VG"}
    assert Cell.from_params(asked.to_params()) == asked


@pytest.mark.parametrize("place", [BOX, "near=0,0,3000", "polygon=0,0;60,0;30,50"])
def test_the_ledger_of_a_place_is_exported(world: Catalogue, place: str) -> None:
    asked = cell(f"{place}&stage=removed")
    made = export_ledger(world, asked)
    rows = list(csv.DictReader(io.StringIO(b"".join(made.chunks).decode())))

    entries = entry_page(world, asked, size=300).entries
    assert [int(row["id"]) for row in rows] == sorted(entry.id for entry in entries)
    assert made.rows == len(rows) > 0


def test_the_pages_carry_the_place_on(world: Catalogue) -> None:
    with TestClient(create_app(world, Settings()), base_url="http://127.0.0.1") as client:
        funnel = client.get(f"/stages?{BOX}").text
        samples = client.get(f"/stages/samples?stage=vlm&{BOX}").text
        table = client.get(f"/stages/funnel.csv?{BOX}").text
        answer = client.get(f"/api/stages?{BOX}").json()
        refused = client.get("/api/stages?source=SBU")

    total = stage_table(world, cell(BOX).place).total
    assert f"{total.read} samples read" in funnel
    assert "30.00° S to 40.00° N" in funnel
    assert "30.00° S to 40.00° N" in samples
    carried = "bbox=-60%2C-30%2C60%2C40"
    for path in ("/stages?source=SBU&amp;", "/stages/ledger.csv?", "/captions?"):
        assert f"{path}{carried}" in funnel
    assert f"/stages?{carried}" in samples
    assert str(total.read) in table.splitlines()[-1]
    assert answer["total"]["read"] == total.read
    assert refused.status_code == 400
