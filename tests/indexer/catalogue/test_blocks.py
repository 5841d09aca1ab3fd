from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.catalogue.blocks import let_go, read_blocks


@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("count", [0, 1, 7, 20])
def test_blocks_are_the_rows_in_order(tmp_path: Path, count: int, mapped: bool) -> None:
    rows = np.random.default_rng(0).standard_normal((count, 3)).astype(np.float16)
    np.save(tmp_path / "rows.npy", rows)
    vectors = np.load(tmp_path / "rows.npy", mmap_mode="r" if mapped and count else None)

    blocks = list(read_blocks(vectors, 7))

    assert [start for start, _ in blocks] == list(range(0, count, 7))
    if count:
        np.testing.assert_array_equal(np.concatenate([block for _, block in blocks]), rows)


def test_pages_let_go_are_read_again(tmp_path: Path) -> None:
    rows = np.arange(12_000, dtype=np.float16).reshape(-1, 3)
    np.save(tmp_path / "rows.npy", rows)
    vectors = np.load(tmp_path / "rows.npy", mmap_mode="r")
    before = vectors[777].copy()

    let_go(vectors)

    np.testing.assert_array_equal(vectors[777], before)
