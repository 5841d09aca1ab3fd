"""What the first visitor would wait for is opened before anybody comes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.main import warm_up
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue


def opened(catalogue: Catalogue) -> bool:
    return "index" in vars(catalogue)


def test_the_index_is_open_afterwards(tmp_path: Path) -> None:
    catalogue = make_catalogue(tmp_path / "catalogue", [{"caption": "a port"}], np.eye(1, 4))
    assert not opened(catalogue)

    warm_up(catalogue)

    assert opened(catalogue)


def test_a_catalogue_without_pictures_has_no_index_to_open(tmp_path: Path) -> None:
    catalogue = make_catalogue(tmp_path / "catalogue", [{"caption": "a port"}])

    warm_up(catalogue)

    assert not opened(catalogue)


def test_a_damaged_index_is_left_to_whoever_asks(tmp_path: Path) -> None:
    catalogue = make_catalogue(tmp_path / "catalogue", [{"caption": "a port"}], np.eye(1, 4))
    (tmp_path / "catalogue" / "images.faiss").write_bytes(b"damaged")

    warm_up(catalogue)

    assert not opened(catalogue)
