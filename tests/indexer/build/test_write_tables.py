"""Tables are written a stretch of samples at a time, and the stretches do not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.build import BuildOptions, Progress, build, write_tables
from tests.indexer.build.test_resume import OPTIONS, assert_same, make_shards
from tests.indexer.build.world import ColourEncoder, RowsShard, colours, picture, sample


class Rows(Progress):
    """Writes down how far the writing of tables was at each word of it."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.told: list[int] = []

    def phase(self, what: str, total: int | None = None, unit: str = "samples") -> None:
        self.writing = what == "writing tables"
        self.total = total if self.writing else self.total

    def reached(self, done: int) -> None:
        if self.writing:
            self.told.append(done)


@pytest.mark.parametrize("stretch", [1, 7, 10, 39])
def test_stretches_across_shards_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stretch: int
) -> None:
    whole = build(make_shards(), ColourEncoder(), tmp_path / "whole", OPTIONS)
    monkeypatch.setattr(write_tables, "_STRETCH", stretch)
    progress = Rows()
    assert_same(whole, build(make_shards(), ColourEncoder(), tmp_path / "stretches", OPTIONS, progress))
    assert progress.total == 40
    assert progress.told == [*range(stretch, 40, stretch), 40]


def test_a_renamed_key_a_removal_and_joined_columns_find_their_row_in_any_stretch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "img_name,text,url,country\n" + "".join(f"k{n}.png,text,u{n % 4},Land {n}\n" for n in range(6)),
        encoding="utf-8",
    )
    images = [picture(colour) for colour in colours(6)]
    shards = [
        RowsShard("a", [sample(f"k{n}", images[n], tmp_path / "a") for n in range(3)]),
        RowsShard("empty", []),
        RowsShard("b", [sample("k0", images[3], tmp_path / "b", name=f"k{n}.png") for n in range(3, 6)]),
    ]
    monkeypatch.setattr(write_tables, "_STRETCH", 2)
    options = BuildOptions(batch_size=4, joins=(labels,))
    rows = (
        build(shards, ColourEncoder(), tmp_path / "out", options)
        .connect()
        .execute(
            """
            SELECT key, country, samples.stage, keeper, len(notes), relative_path
            FROM samples JOIN ledger USING (id) JOIN files USING (file) ORDER BY id
            """
        )
        .fetchall()
    )
    # 3, 4 and 5 have the same picture; 4 and 5 have the URLs of 0 and 1 as well, and so are copies of 0.
    assert rows == [
        ("k0", "Land 0", "kept", None, 0, "../a/k0.png"),
        ("k1", "Land 1", "duplicate", 0, 0, "../a/k1.png"),
        ("k2", "Land 2", "kept", None, 0, "../a/k2.png"),
        ("b/k0", "Land 3", "duplicate", 0, 1, "../b/k0.png"),
        ("b/k0#2", "Land 4", "duplicate", 0, 1, "../b/k0.png"),
        ("b/k0#3", "Land 5", "duplicate", 0, 1, "../b/k0.png"),
    ]
