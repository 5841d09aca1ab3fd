"""Opening and reading a catalogue."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from indexer.catalogue import Catalogue, ImageUnavailableError
from indexer.errors import UserError
from tests.catalogues import make_catalogue

ROWS = [
    {"caption": "Two airports beside a river", "source": "LAION2B", "subset": "PUB11"},
    {"caption": "a river in a forest", "source": "FMoW", "subset": "RS3"},
    {"caption": "advertisement", "source": "LAION2B", "subset": "PUB11", "stage": "keyword"},
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return make_catalogue(tmp_path / "catalogue", ROWS, np.eye(3, 8))


def test_a_catalogue_says_what_it_holds(catalogue: Catalogue) -> None:
    manifest = catalogue.manifest
    assert (manifest.samples, manifest.kept, manifest.vectors) == (3, 2, 3)
    assert [(count.source, count.samples, count.kept) for count in manifest.sources] == [
        ("LAION2B", 2, 1),
        ("FMoW", 1, 1),
    ]


def test_rows_vectors_and_index_share_one_numbering(catalogue: Catalogue) -> None:
    ids, scores = catalogue.index.flat(np.eye(3, 8, dtype=np.float32)[1], 1, None)
    assert ids[0] == 1
    assert scores[0] == pytest.approx(1.0)
    row = catalogue.connect().execute("SELECT source FROM samples WHERE id = 1").fetchone()
    assert row == ("FMoW",)
    assert catalogue.vectors.dtype == np.float16
    np.testing.assert_allclose(catalogue.vectors[1], np.eye(3, 8)[1])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM samples",
        "COPY samples TO 'stolen.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "ATTACH 'other.duckdb'",
        "SET enable_external_access = true",
        "SET threads = 1",
    ],
)
def test_the_database_is_read_only_and_locked(catalogue: Catalogue, statement: str) -> None:
    with pytest.raises(duckdb.Error):
        catalogue.connect().execute(statement)


def test_opening_is_quick_and_needs_no_torch(catalogue: Catalogue) -> None:
    catalogue.close()
    script = """
import sys, time
from indexer.catalogue import Catalogue
start = time.perf_counter()
Catalogue.open(sys.argv[1]).connect().execute("SELECT count(*) FROM samples").fetchone()
print(time.perf_counter() - start)
assert not {"torch", "open_clip", "faiss"} & set(sys.modules)
"""
    command = [sys.executable, "-c", script, catalogue.path]
    took = [
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(3)
    ]
    assert min(took) < 0.3


def test_a_folder_without_a_manifest_is_not_a_catalogue(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is not a catalogue: it has no manifest\.json"):
        Catalogue.open(tmp_path)
    with pytest.raises(UserError, match="does not exist"):
        Catalogue.open(tmp_path / "nowhere")
    (tmp_path / "job.json").write_text("{}")
    with pytest.raises(UserError, match="unfinished catalogue"):
        Catalogue.open(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"version": 4', '"version": 1', "is a catalogue of format 1; this version reads format 4"),
        ('"samples": 3', '"samples": 4', "is damaged: its content does not match its catalogue_id"),
        ('"kept": 2,', "", "is damaged: "),
        ('"rs5m-catalogue"', '"something"', "does not describe a catalogue"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused(
    catalogue: Catalogue, old: str, new: str, message: str
) -> None:
    manifest = catalogue.path / "manifest.json"
    assert old in manifest.read_text()
    manifest.write_text(manifest.read_text().replace(old, new, 1))
    with pytest.raises(UserError, match=message):
        Catalogue.open(catalogue.path)


@pytest.mark.parametrize("name", ["catalogue.duckdb", "image_vectors.npy", "images.faiss"])
def test_a_truncated_file_is_named(catalogue: Catalogue, name: str) -> None:
    catalogue.close()
    (catalogue.path / name).write_bytes(b"not what it was")
    with pytest.raises(UserError, match=name):
        again = Catalogue.open(catalogue.path)
        _ = again.vectors, again.index


def test_images_are_read_where_they_lie(tmp_path: Path) -> None:
    shard = tmp_path / "shards" / "a.tar"
    shard.parent.mkdir()
    shard.write_bytes(b"headerIMAGEtrailer")
    files = [{"file": 0, "path": str(shard), "relative_path": "../shards/a.tar", "bytes": 18}]
    catalogue = make_catalogue(tmp_path / "catalogue", ROWS, files=files)
    assert catalogue.image_bytes(0, 6, 5) == b"IMAGE"

    for offset, length in [(-1, 5), (6, 0), (6, 100)]:
        with pytest.raises(ImageUnavailableError, match="has no bytes"):
            catalogue.image_bytes(0, offset, length)
    with pytest.raises(ImageUnavailableError, match="has no file number 7"):
        catalogue.image_bytes(7, 0, 1)

    shard.write_bytes(b"shorter")
    with pytest.raises(ImageUnavailableError, match="has changed since it was indexed"):
        catalogue.image_bytes(0, 6, 5)
    shard.unlink()
    with pytest.raises(ImageUnavailableError, match="is gone"):
        catalogue.image_bytes(0, 6, 5)


def test_a_catalogue_moved_together_with_its_images_still_finds_them(tmp_path: Path) -> None:
    shard = tmp_path / "here" / "a.tar"
    files = [{"file": 0, "path": str(shard), "relative_path": "../a.tar", "bytes": 5}]
    make_catalogue(tmp_path / "here" / "catalogue", ROWS, files=files).close()
    shard.write_bytes(b"IMAGE")
    (tmp_path / "here").rename(tmp_path / "there")
    assert Catalogue.open(tmp_path / "there" / "catalogue").image_bytes(0, 0, 5) == b"IMAGE"


def test_an_encoder_is_recognised_by_its_weights(catalogue: Catalogue) -> None:
    class Encoder:
        def __init__(self, digest: str) -> None:
            self.weights_sha256 = digest

    assert catalogue.encoder_matches(Encoder("0" * 64))
    assert not catalogue.encoder_matches(Encoder("1" * 64))
