"""`rs5m tune`, as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.catalogue import Catalogue
from indexer.catalogue.image_index import ImageIndex
from indexer.encoders import open_encoder
from tests.app.cli.conftest import Run
from tests.catalogues import make_catalogue
from tests.listed import clustered, make_listed_catalogue

ENCODER = open_encoder("synthetic-32-0").describe()


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    rows = [{"caption": f"an aerial photo of pier {row}", "class": "pier"} for row in range(4_000)]
    make_listed_catalogue(tmp_path / "listed", rows, clustered(4_000), encoder=ENCODER).close()
    return tmp_path / "listed"


def test_a_lower_target_scans_fewer_lists_and_changes_nothing_else(rs5m: Run, listed: Path) -> None:
    status, printed, _ = rs5m("tune", listed, "--recall", "1", "--recall-at-100", "1")
    with Catalogue.open(listed) as catalogue:
        thorough = catalogue.manifest
    assert status == 0
    assert "recall@10" in printed and "chosen" in printed

    rs5m("tune", listed, "--recall", "0.6", "--recall-at-100", "0.5")

    with Catalogue.open(listed) as catalogue:
        quick = catalogue.manifest
    assert quick.search.probes < thorough.search.probes
    assert (quick.search.target_10, quick.search.target_100) == (0.6, 0.5)
    assert quick.catalogue_id == thorough.catalogue_id
    assert quick.search.queries > 64  # texts as well as samples


def test_info_says_what_was_measured(rs5m: Run, listed: Path) -> None:
    _, printed, _ = rs5m("info", listed)

    assert "recall@10 0.9" in printed or "recall@10 1.0" in printed
    assert "vector index" in printed


def test_a_small_catalogue_is_exact_already(rs5m: Run, tmp_path: Path) -> None:
    make_catalogue(tmp_path / "small", [{"caption": "x"}] * 5, clustered(5), encoder=ENCODER).close()

    status, printed, _ = rs5m("tune", tmp_path / "small")

    assert status == 0
    assert "every search is exact" in printed


def test_without_vectors_there_is_nothing_to_tune(rs5m: Run, tmp_path: Path) -> None:
    make_catalogue(tmp_path / "captions", [{"caption": "x"}]).close()

    status, _, said = rs5m("tune", tmp_path / "captions")

    assert status == 1
    assert "no image vectors" in said


def test_an_index_is_searched_as_it_was_tuned(listed: Path) -> None:
    with Catalogue.open(listed) as catalogue:
        assert isinstance(catalogue.index, ImageIndex)
        assert catalogue.manifest.search.chosen in catalogue.manifest.search.curve
