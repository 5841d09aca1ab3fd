"""`rs5m stages`, and the stage options of `rs5m index`, as a person types them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexer.catalogue import Catalogue
from tests.app.cli.conftest import Run


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Ten pictures, the last of which is the first one saved again."""
    folder = tmp_path / "images"
    folder.mkdir()
    patterns = np.random.default_rng(5).integers(0, 256, (9, 5, 5, 3), np.uint8)
    rows = [("file_name", "caption")]
    for number in range(10):
        picture = Image.fromarray(patterns[number % 9]).resize((96, 96), Image.Resampling.BICUBIC)
        picture.save(folder / f"{number}.jpg", quality=70 if number == 9 else 90)
        rows.append((f"{number}.jpg", "aerial view" if number % 2 else "a harbour"))
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (folder / "metadata.csv").write_text(text.getvalue())
    return folder


def stages_of(catalogue: Path) -> dict[str, str]:
    with Catalogue.open(catalogue) as opened:
        return dict(opened.connect().execute("SELECT name, stage FROM samples").fetchall())


def test_own_data_loses_nothing_by_default_but_what_cannot_be_used(
    rs5m: Run, images: Path, tmp_path: Path
) -> None:
    status, _, _ = rs5m("index", images, "--out", tmp_path / "c")
    assert status == 0
    assert set(stages_of(tmp_path / "c").values()) == {"kept"}
    with Catalogue.open(tmp_path / "c") as catalogue:
        assert catalogue.manifest.stages == ("keyword", "download", "invalid", "duplicate", "vlm", "detector")


def test_a_file_and_changes_say_what_is_removed(rs5m: Run, images: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[keyword]\nsubsets = "all"\n\n[duplicate]\nnear = "all"\n')
    status, out, err = rs5m("index", images, "--out", tmp_path / "c", "--stages", own, "--set", "keyword=off")
    assert status == 0, err
    assert stages_of(tmp_path / "c")["9.jpg"] == "duplicate"
    assert list(stages_of(tmp_path / "c").values()).count("kept") == 9
    assert "removed: duplicate (near_duplicate)" in out


def test_settings_of_a_catalogue_are_shown_and_changed(rs5m: Run, images: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "c"
    rs5m("index", images, "--out", catalogue, "--stages", "none")

    status, out, _ = rs5m("stages", catalogue)
    assert status == 0
    assert "invalid" in out
    assert "keyword" not in out

    status, out, err = rs5m("stages", catalogue, "--set", "vlm.keep=0.5", "--set", "vlm.subsets=all")
    assert status == 0, err
    assert list(stages_of(catalogue).values()).count("vlm") == 5
    assert f"Next: rs5m serve {catalogue}" in out.splitlines()[-1]

    # The catalogue is found as the same command would leave it.
    status, out, _ = rs5m("index", images, "--out", catalogue, "--stages", "none")
    assert status == 1
    status, out, _ = rs5m("stages", catalogue, "--stages", "none")
    assert set(stages_of(catalogue).values()) == {"kept"}
    status, out, _ = rs5m("index", images, "--out", catalogue, "--stages", "none")
    assert status == 0
    assert "complete already" in out


def test_the_same_settings_again_are_nothing_to_do(rs5m: Run, images: Path, tmp_path: Path) -> None:
    rs5m("index", images, "--out", tmp_path / "c", "--stages", "vlm")
    status, out, _ = rs5m("stages", tmp_path / "c", "--set", "vlm=on")
    assert status == 0
    assert "set so already" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--set", "vlm.keep=2"), "vlm.keep"),
        (("--set", "nope=on"), "there is no stage 'nope'"),
        (("--stages", "missing.toml"), "missing.toml cannot be read"),
        (("--set", "detector.head=missing.json"), "missing.json"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    options: tuple[str, ...], message: str, rs5m: Run, images: Path, tmp_path: Path
) -> None:
    rs5m("index", images, "--out", tmp_path / "c", "--stages", "none")
    for command in (("stages", tmp_path / "c"), ("index", images, "--out", tmp_path / "d")):
        status, _, err = rs5m(*command, *options)
        assert status == 1
        assert message in err
        assert err.count("\n") == 1
