"""`rs5m train-detector`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from indexer.build import BuildOptions, index
from indexer.catalogue import Catalogue
from indexer.detector import DetectorHead
from indexer.encoders import open_encoder
from indexer.stages import Pipeline
from tests.app.cli.conftest import Run
from tests.catalogues import make_catalogue
from tests.listed import clustered

SYNTHETIC = open_encoder("synthetic-32-0").describe()
TINY = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 32, "layers": [1, 1, 1, 1], "width": 8, "head_width": 64},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}
COUNT = 120


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue with the vectors of topics, half of which count as remote sensing."""
    folder = tmp_path_factory.mktemp("synthetic") / "catalogue"
    vectors = clustered(600, clusters=6)
    rows = [{"name": f"{row}.jpg", "sha256": f"{row:064x}"} for row in range(600)]
    make_catalogue(folder, rows, vectors, encoder=SYNTHETIC).close()
    return folder


@pytest.fixture
def labels(drawn: Path, tmp_path: Path) -> Path:
    """Remote sensing is whatever lies on one side of a direction; one label names nothing."""
    with Catalogue.open(drawn) as catalogue:
        sides = np.asarray(catalogue.vectors, np.float32) @ clustered(1, seed=3)[0] > 0
    lines = [f"{row}.jpg,{'rs' if side else 'other'}" for row, side in enumerate(sides)]
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(["name,label", *lines, "elsewhere.jpg,rs"]), encoding="utf-8")
    return path


def test_a_head_is_trained_measured_and_written(rs5m: Run, drawn: Path, labels: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.json"
    status, printed, _ = rs5m("train-detector", drawn, labels, "--out", out)
    assert status == 0
    assert "600 of 601 labelled names joined by name; 1 name no sample" in printed
    head = DetectorHead.load(out, SYNTHETIC)
    assert head.name == "mine"
    assert head.unseen.accuracy > 0.9
    assert head.unseen.samples + head.trained_on.remote_sensing + head.trained_on.other == 600
    assert 80 <= head.unseen.samples <= 160
    assert f"| accuracy | {head.unseen.accuracy:.4f} |" in printed
    assert head.trained_on.what == "labels.csv, samples of the catalogue catalogue"
    assert printed.rstrip().endswith(f"{out} written")


def test_the_same_command_writes_the_same_head(rs5m: Run, drawn: Path, labels: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        rs5m("train-detector", drawn, labels, "--out", tmp_path / name / "head.json")
    one, two = (tmp_path / name / "head.json" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    rs5m("train-detector", drawn, labels, "--out", tmp_path / "other.json", "--seed", 1, "--unseen", 0.5)
    assert 240 <= DetectorHead.load(tmp_path / "other.json").unseen.samples <= 360


def test_a_hidden_layer_and_unbalanced_classes_can_be_asked_for(
    rs5m: Run, drawn: Path, labels: Path, tmp_path: Path
) -> None:
    out = tmp_path / "head.json"
    options = ("--hidden", 8, "--as-labelled", "--l2", 0.001)
    status, printed, _ = rs5m("train-detector", drawn, labels, "--out", out, *options)
    assert status == 0
    assert "one hidden layer of 8" in printed
    head = DetectorHead.load(out)
    assert len(head.layers) == 2
    assert (head.trained_on.balanced, head.trained_on.l2) == (False, 0.001)


def test_errors_name_the_row_and_write_nothing(rs5m: Run, drawn: Path, tmp_path: Path) -> None:
    labels, out = tmp_path / "labels.csv", tmp_path / "head.json"
    labels.write_text("name,label\n0.jpg,rs\n1.jpg,perhaps\n", encoding="utf-8")
    status, _, said = rs5m("train-detector", drawn, labels, "--out", out)
    assert status == 1
    assert "Row 2" in said and "perhaps" in said
    labels.write_text("name,label\n0.jpg,rs\n1.jpg,rs\n", encoding="utf-8")
    status, _, said = rs5m("train-detector", drawn, labels, "--out", out)
    assert status == 1
    assert "others to learn from" in said
    assert not out.exists()


@pytest.fixture(scope="module")
def coloured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Greenish and reddish noise, indexed with a small open_clip model of random weights."""
    folder = tmp_path_factory.mktemp("coloured")
    model, images = folder / "model", folder / "images"
    model.mkdir()
    images.mkdir()
    config = {"model_cfg": TINY, "preprocess_cfg": {}}
    (model / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    torch.manual_seed(5)
    weights = open_clip.CLIP(**TINY).state_dict()
    save_file(
        {name: value.contiguous() for name, value in weights.items()}, model / "open_clip_model.safetensors"
    )
    rng = np.random.default_rng(0)
    for number in range(COUNT):
        pixels = rng.integers(0, 120, (40, 40, 3), dtype=np.uint8)
        pixels[..., number % 2] += 120
        Image.fromarray(pixels).save(images / f"{number}.png")
    encoder = f"local-dir:{model}"
    index([str(images)], folder / "catalogue", BuildOptions(encoder=encoder, stages=Pipeline.named())).close()
    return folder / "catalogue", encoder


def test_it_works_for_an_open_clip_model(rs5m: Run, coloured: tuple[Path, str], tmp_path: Path) -> None:
    catalogue, encoder = coloured
    labels, out = tmp_path / "labels.jsonl", tmp_path / "green.json"
    rows = [{"key": f"{number}.png", "label": number % 2} for number in range(COUNT)]
    labels.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    status, printed, said = rs5m("train-detector", catalogue, labels, "--out", out)
    assert status == 0, said
    assert f"{COUNT} of {COUNT} labelled names joined by key" in printed
    head = DetectorHead.load(out, open_encoder(encoder).describe())
    assert head.unseen.accuracy == 1
