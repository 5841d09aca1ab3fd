from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import altered
from indexer.errors import UserError

IMAGES = 24


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Pictures of large soft shapes; the last is the first once more, a little darker."""
    folder, rng = tmp_path / "images", np.random.default_rng(4)
    folder.mkdir()
    for number in range(IMAGES):
        shapes = Image.fromarray(rng.integers(0, 256, (9, 9, 3), dtype=np.uint8))
        shapes.resize((160, 160), Image.Resampling.BICUBIC).save(folder / f"{number:02d}.png")
    with Image.open(folder / "00.png") as first:
        first.point(lambda value: value * 0.9).save(folder / "twin.png")
    return folder


def test_copies_are_found_and_what_else_is_like_them_is_shown(
    images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    altered.main([str(images), "--copies", "8"])

    printed = capsys.readouterr().out
    for change in altered.CHANGES:
        assert re.search(rf"│ {change} +│ +2 │ +[12] │", printed)
    assert re.search(r"│ 00\.png +│ +twin\.png │ +[01]\.\d+ │ +[01]\.\d+ │", printed)
    with Image.open("out/benchmarks/altered/others.png") as sheet:
        assert sheet.width == 400
        assert sheet.height % 200 == 0


def test_more_copies_than_images_are_refused(images: Path) -> None:
    with pytest.raises(UserError, match="There are 25 images to copy 26 of"):
        altered.main([str(images), "--copies", "26"])
