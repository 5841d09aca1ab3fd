"""A tiny scale catalogue, and a folder of its own for what benchmarks build."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build import BuildOptions, build
from indexer.catalogue import Catalogue
from indexer.encoders.synthetic_encoder import SyntheticEncoder
from indexer.stages import Pipeline
from indexer.synth.shard import synth_shards

ROWS = 3_000
DIMENSION = 32


def synth(folder: Path) -> Path:
    """A catalogue as `rs5m synth --rows 3000 --dimension 32` makes it."""
    encoder = SyntheticEncoder(DIMENSION, 0)
    options = BuildOptions(encoder=encoder.name, stages=Pipeline.named("keyword", "duplicate"), workers=1)
    build(synth_shards(ROWS, DIMENSION, 0), encoder, folder, options).close()
    return folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a catalogue small enough for a flat index."""
    return synth(tmp_path_factory.mktemp("benchmarks") / "tiny")


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the same catalogue with inverted lists, as large ones have them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.catalogue.index_choice.FLAT_ROWS", 500)
        return synth(tmp_path_factory.mktemp("benchmarks") / "listed")


@pytest.fixture
def opened(tiny: Path) -> Iterator[Catalogue]:
    """The catalogue, open."""
    with Catalogue.open(tiny) as catalogue:
        yield catalogue


@pytest.fixture(autouse=True)
def _work_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Benchmarks keep what they build below out/ of the folder they run in.
    monkeypatch.chdir(tmp_path)
