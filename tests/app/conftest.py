"""A small catalogue with real pictures, real vectors and the embedded encoder, and the app over it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from app.main import create_app
from app.settings import Settings
from indexer.catalogue import Catalogue
from indexer.encoders import Encoder, open_encoder
from tests.catalogues import make_catalogue

CLASSES = ("airport", "harbour", "forest", "desert", "stadium", "river")
SOURCES = (("LAION2B", "PUB11", "web"), ("FMoW", "RS3", "model"), ("RSICD", "other", "human"))
EACH = 10
KEPT = len(CLASSES) * EACH


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return open_encoder()


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Catalogue]:
    """60 samples (6 classes of 10), then two removed ones, one without a picture, and one hostile caption.

    A sample's vector is the text vector of its class with a little noise, so that a class found by its name
    is a fact of the fixture and not of a model.
    """
    folder = tmp_path_factory.mktemp("app")
    archive, ranges = write_pictures(folder / "pictures.tar", KEPT)
    rows = [sample_row(number, *ranges[number]) for number in range(KEPT)]
    rows += [
        {"caption": "a blurred copy", "stage": "duplicate", "source": "LAION2B", "subset": "PUB11"},
        {"caption": "a cat on a sofa", "stage": "keyword", "source": "LAION2B", "subset": "PUB11"},
        {
            "caption": "airport runway seen in a report",
            "has_vector": False,
            "source": "FMoW",
            "subset": "RS3",
        },
        {"caption": '=HYPERLINK("http://evil") <script>alert(1)</script> airport', "has_vector": False},
    ]
    classes = encoder.encode_texts([f"a satellite image of a {name}" for name in CLASSES])
    noise = np.random.default_rng(5).normal(0, 0.001, (len(rows), encoder.dimension))
    vectors = np.stack([classes[number % len(CLASSES)] for number in range(len(rows))]) + noise
    for number, row in enumerate(rows):
        if row.get("has_vector") is False:
            vectors[number] = 0
    size = archive.stat().st_size
    files = [{"file": 0, "path": str(archive), "relative_path": "../pictures.tar", "bytes": size}]
    ledger = [{"id": KEPT, "reason": "near_duplicate", "keeper": 0, "score": 0.99, "threshold": 0.95}]
    made = make_catalogue(
        folder / "world", rows, vectors, files=files, ledger=ledger, encoder=encoder.describe()
    )
    with made:
        yield made


@pytest.fixture(scope="session")
def client(catalogue: Catalogue) -> Iterator[TestClient]:
    with TestClient(create_app(catalogue, Settings()), base_url="http://127.0.0.1") as client:
        yield client


def sample_row(number: int, offset: int, length: int) -> dict[str, Any]:
    name = CLASSES[number % len(CLASSES)]
    source, subset, origin = SOURCES[number % len(SOURCES)]
    row: dict[str, Any] = {
        "caption": f"An aerial photograph of a {name}, picture {number}.",
        "class": name,
        "source": source,
        "subset": subset,
        "caption_origin": origin,
        "country": ("France", "Chad", None)[number // 6 % 3],
        "month": number % 12 + 1 if number % 5 else None,
        "file": 0,
        "offset": offset,
        "length": length,
    }
    if number % 2 == 0:
        row |= {"latitude": -60.0 + 2 * number, "longitude": -177.0 + 6 * number}
    return row


def write_pictures(path: Path, number: int) -> tuple[Path, list[tuple[int, int]]]:
    """Write `number` JPEGs one after the other, as a tar holds them; returns where each lies."""
    ranges = []
    with path.open("wb") as stream:
        for place in range(number):
            data = jpeg((40 + 3 * place, 90, 200 - 3 * place))
            ranges.append((stream.tell(), len(data)))
            stream.write(data)
    return path, ranges


def jpeg(colour: tuple[int, int, int], size: tuple[int, int] = (320, 200)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "JPEG")
    return stream.getvalue()
