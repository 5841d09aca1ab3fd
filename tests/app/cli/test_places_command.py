"""`rs5m places`, as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.catalogue import Catalogue
from tests.app.cli.conftest import Run
from tests.catalogues import make_catalogue


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    rows = [
        {"name": "yfcc_0.jpg", "caption": "Vaduz, Liechtenstein"},
        {"name": "yfcc_1.jpg", "caption": "a dog"},
    ]
    make_catalogue(tmp_path / "c", rows).close()
    return tmp_path / "c"


def test_places_are_found_counted_and_there(rs5m: Run, catalogue: Path) -> None:
    status, out, err = rs5m("places", catalogue)
    assert status == 0, err
    assert "naming a place  1" in " ".join(out.split("\n")).replace("   ", "  ")
    assert out.splitlines()[-1] == (
        f"{catalogue}/derived/places.parquet has the places of 1 samples. Next: rs5m serve {catalogue}"
    )
    with Catalogue.open(catalogue) as opened:
        assert [one.mention for one in opened.named_places.of(0)] == ["Vaduz", "Liechtenstein"]


def test_rows_of_upstreams_file_are_counted(rs5m: Run, catalogue: Path, tmp_path: Path) -> None:
    file = tmp_path / "ner.csv"
    file.write_text(
        "img_name,text,entity\nyfcc_1.jpg,a dog,\"['Berlin']\"\nyfcc_7.jpg,x,\"['Rome']\"\nyfcc_0.jpg,x,(1)\n"
    )
    status, out, err = rs5m("places", catalogue, "--upstream", file)
    assert status == 0, err
    assert f"{file}: 2 of 3 rows joined, 1 not; 2 samples got something" in out
    assert "1 row: entity is no list of names; left out" in out
    with Catalogue.open(catalogue) as opened:
        assert [one.place for one in opened.named_places.of(1)] == ["Berlin"]


def test_an_interrupted_run_says_that_nothing_has_changed(
    rs5m: Run, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("indexer.gazetteer.run.find_places", stop)
    status, out, _ = rs5m("places", catalogue)
    assert status == 130
    assert "nothing has changed" in out
    assert not (catalogue / "derived").exists()


def test_what_cannot_be_is_said_in_one_line(rs5m: Run, catalogue: Path, tmp_path: Path) -> None:
    for arguments, message in (
        (("places", tmp_path / "nothing"), "does not exist"),
        (("places", catalogue, "--upstream", tmp_path / "missing.csv"), "is no file to join"),
    ):
        status, _, err = rs5m(*arguments)
        assert status == 1
        assert message in err
        assert err.count("\n") == 1
