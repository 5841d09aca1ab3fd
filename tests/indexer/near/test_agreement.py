"""Telling a copy from another scene of its kind."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from indexer.errors import UserError
from indexer.images import fingerprint
from indexer.near import NearPairs, Pictures
from indexer.near.agreement import agreement
from indexer.near.pictures import small_picture


def scene(seed: int, side: int = 160) -> Image.Image:
    """A picture with a pattern of its own, coarse and fine."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (7, 7, 3), np.uint8)).resize(
        (side, side), Image.Resampling.BICUBIC
    )
    fine = Image.fromarray(rng.integers(0, 256, (40, 40, 3), np.uint8)).resize(
        (side, side), Image.Resampling.NEAREST
    )
    return Image.blend(coarse, fine, 0.3)


def saved(image: Image.Image, quality: int = 90) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def small(image: Image.Image) -> NDArray[np.uint8]:
    found = small_picture(saved(image))
    assert found is not None
    return found


def agreed(one: Image.Image, other: Image.Image) -> float:
    return float(agreement(small(one)[np.newaxis], small(other)[np.newaxis])[0])


def cut(image: Image.Image, share: float, x: float = 0.0, y: float = 0.0) -> Image.Image:
    """`image` without `share` of its width and height, of which `x` and `y` at the left and the top."""
    width, height = image.size
    left, top = round(width * share * x), round(height * share * y)
    return image.crop((left, top, left + round(width * (1 - share)), top + round(height * (1 - share))))


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 1000),
    st.floats(0.6, 1.5),
    st.floats(0.8, 1.2),
    st.sampled_from([0, 0.025, 0.05, 0.1]),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_copy_agrees_however_it_was_changed(
    seed: int, scale: float, brightness: float, share: float, x: float, y: float
) -> None:
    original = scene(seed)
    copy = cut(original, share, x, y)
    copy = copy.resize((round(copy.width * scale), round(copy.height * scale)), Image.Resampling.LANCZOS)
    copy = ImageEnhance.Brightness(copy).enhance(brightness)
    assert agreed(original, copy) > 0.93
    assert agreed(original, copy) == pytest.approx(agreed(copy, original), abs=1e-5)


def test_a_size_that_does_not_divide_leaves_a_fine_pattern_alone() -> None:
    """Rows of trees, in which uneven sampling shows: the side is no multiple of that of the small picture."""
    rng = np.random.default_rng(3)
    trees = Image.fromarray(rng.integers(60, 200, (150, 150, 3), np.uint8)).resize((600, 600))
    for side in (590, 410, 333, 870):
        assert agreed(trees, trees.resize((side, side), Image.Resampling.LANCZOS)) > 0.985


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000), st.integers(1001, 2000))
def test_other_scenes_do_not(one: int, other: int) -> None:
    assert agreed(scene(one), scene(other)) < 0.9


def test_the_same_shapes_in_other_colours_are_another_picture() -> None:
    def mug(body: tuple[int, int, int]) -> Image.Image:
        image = Image.new("RGB", (160, 160), (215, 215, 212))
        image.paste(body, (50, 60, 110, 130))
        image.paste((60, 35, 25), (50, 55, 110, 65))
        return image

    teal, purple = (45, 170, 175), (160, 115, 220)
    assert agreed(mug(teal), mug(teal)) > 0.99
    assert agreed(mug(teal).convert("L").convert("RGB"), mug(purple).convert("L").convert("RGB")) > 0.98
    assert agreed(mug(teal), mug(purple)) < 0.9


def test_the_same_picture_agrees_wholly() -> None:
    assert agreed(scene(1), scene(1)) == pytest.approx(1, abs=1e-5)


def test_a_picture_without_a_pattern_agrees_with_nothing() -> None:
    plain = Image.new("RGB", (50, 50), (90, 90, 90))
    assert agreed(plain, plain) == 0
    assert agreed(plain, scene(1)) == pytest.approx(0, abs=0.3)


def test_many_pairs_are_as_each_by_itself() -> None:
    one = np.stack([small(scene(seed)) for seed in range(20)])
    other = np.stack([small(cut(scene(seed), 0.05, 0.5, 0.5)) for seed in range(20)])
    many = agreement(np.repeat(one, 30, axis=0), np.repeat(other, 30, axis=0))
    each = [agreement(one[place : place + 1], other[place : place + 1])[0] for place in range(20)]
    assert many == pytest.approx(np.repeat(each, 30), abs=1e-5)


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    """Samples 0 and 1 are copies, 2 is another scene, 3 has no picture."""
    connection = duckdb.connect()
    connection.execute(
        'CREATE TABLE facts (id BIGINT, phash UBIGINT, image_path VARCHAR, "offset" BIGINT, length BIGINT)'
    )
    with (tmp_path / "pictures.bin").open("wb") as file:
        for id_, image in enumerate([scene(1), cut(scene(1), 0.05, 0.3, 0.8), scene(2)]):
            data = saved(image)
            row = [id_, fingerprint(image), str(tmp_path / "pictures.bin"), file.tell(), len(data)]
            connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?, ?)", row)
            file.write(data)
    connection.execute("INSERT INTO facts (id) VALUES (3)")
    return Pictures(connection)


def pairs(*given: tuple[int, int]) -> NearPairs:
    first, second = (np.array(side) for side in zip(*given, strict=True))
    return NearPairs.of(first, second, np.ones(len(given), np.float32))


def test_pictures_are_read_where_they_lie(pictures: Pictures, tmp_path: Path) -> None:
    found = pictures.agreements(pairs((0, 1), (0, 2), (0, 3)), tmp_path / "aside")
    assert found[0] > 0.97
    assert found[1] < 0.9
    assert np.isnan(found[2])


def test_hashes_that_are_far_apart_spare_the_reading(pictures: Pictures, tmp_path: Path) -> None:
    pictures.connection.execute("UPDATE facts SET phash = 0 WHERE id = 0")
    pictures.connection.execute("UPDATE facts SET phash = 18446744073709551615 WHERE id = 1")
    (tmp_path / "pictures.bin").unlink()
    assert pictures.agreements(pairs((0, 1)), tmp_path / "aside").tolist() == [0]


def test_a_file_that_is_gone_is_named(pictures: Pictures, tmp_path: Path) -> None:
    (tmp_path / "pictures.bin").unlink()
    with pytest.raises(UserError, match=r"pictures\.bin cannot be read.*duplicate\.agreement=0"):
        pictures.agreements(pairs((0, 1)), tmp_path / "aside")


def test_a_picture_that_changed_is_as_none(pictures: Pictures, tmp_path: Path) -> None:
    path = tmp_path / "pictures.bin"
    path.write_bytes(b"x" * path.stat().st_size)
    assert np.isnan(pictures.agreements(pairs((0, 1)), tmp_path / "aside")[0])


def test_no_pairs_are_no_work(pictures: Pictures, tmp_path: Path) -> None:
    nothing = np.empty(0, np.int64)
    assert not len(pictures.agreements(NearPairs.of(nothing, nothing, np.empty(0, np.float32)), tmp_path))
