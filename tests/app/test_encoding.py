from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.encoding import QueryEncoder
from app.errors import UnavailableError
from app.main import create_app
from app.settings import Settings
from indexer.catalogue import Catalogue
from indexer.encoders import Encoder
from tests.catalogues import make_catalogue

ROWS = [{"caption": "a harbour"}, {"caption": "a farm"}]


def built_with(folder: Path, encoder: dict[str, object]) -> Catalogue:
    return make_catalogue(folder, ROWS, np.eye(2, 4), encoder={"dimension": 4, **encoder})


def test_a_text_becomes_the_encoders_vector(catalogue: Catalogue, encoder: Encoder) -> None:
    queries = QueryEncoder(catalogue)

    vector = queries.of_text("harbour")

    assert np.array_equal(vector, encoder.encode_texts(["harbour"])[0])
    assert queries.of_text("harbour") is vector
    assert queries.state == "ready"


def test_other_weights_are_refused(tmp_path: Path) -> None:
    made = built_with(tmp_path / "other", {"name": "embedded", "weights_sha256": "ab" * 32})

    queries = QueryEncoder(made)

    with pytest.raises(UnavailableError, match=r"was built with embedded \(weights abababababab\)"):
        queries.of_text("harbour")
    assert queries.state == "failed"


def test_without_an_encoder_everything_else_works(tmp_path: Path) -> None:
    made = built_with(tmp_path / "gone", {"name": "no-such-model", "weights_sha256": "0" * 64})
    with TestClient(create_app(made, Settings()), base_url="http://127.0.0.1") as client:
        refused = client.get("/api/search?q=harbour")

        assert refused.status_code == 503
        assert "Search by meaning is off" in refused.json()["error"]
        assert client.get("/healthz").json()["encoder"] == "failed"
        for path in ("/", "/captions?q=harbour", "/?q=harbour&mode=caption", "/?like=0", "/export.csv"):
            assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path


def test_a_catalogue_without_vectors_needs_no_encoder(tmp_path: Path) -> None:
    with make_catalogue(tmp_path / "captions", ROWS) as made:
        assert QueryEncoder(made).state == "off"


def test_a_slow_encoder_is_waited_for_and_no_longer(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, encoder: Encoder
) -> None:
    from threading import Event

    release = Event()

    def slow(*_: object) -> Encoder:
        release.wait(10)
        return encoder

    monkeypatch.setattr("app.encoding.open_encoder", slow)
    queries = QueryEncoder(catalogue, wait_s=0.05)

    with pytest.raises(UnavailableError, match="still loading"):
        queries.of_text("harbour")
    release.set()
    assert QueryEncoder(catalogue, wait_s=10).of_text("harbour").shape == (encoder.dimension,)
