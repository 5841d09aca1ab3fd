"""Samples that bring their vectors: no encoder, and worker processes for whole shards of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import pytest

from indexer.build import BuildOptions, Progress, build
from indexer.build.part import Parts
from indexer.build.ready import is_ready, write_ready
from indexer.errors import UserError
from indexer.records import Fault, RawSample
from tests.indexer.build.world import ColourEncoder, RowsShard, colours, picture, sample

DIMENSION = ColourEncoder().dimension


def vector(place: int) -> np.ndarray:
    found = np.zeros(DIMENSION, np.float16)
    found[place % DIMENSION] = 1
    return found


@dataclass(frozen=True)
class VectorShard:
    """Rows drawn on reading; picklable, as worker processes need it."""

    name: str
    rows: int = 5
    broken: bool = False

    kind: ClassVar[str] = "vectors"
    fingerprint: ClassVar[str] = "1"
    brings_vectors: ClassVar[Literal[True]] = True

    @property
    def samples(self) -> int:
        return self.rows

    def read(self) -> Iterator[RawSample]:
        for row in range(self.rows):
            if self.broken and row == 2:
                raise OSError(5, "Input/output error")
            yield RawSample(f"{self.name}-{row}", f"{row}.jpg", "a port", vector=vector(row))


@dataclass
class Counted(Progress):
    steps: list[tuple[int, int, float]] = field(default_factory=list)

    def advanced(self, samples: int, removed: int, shards: float) -> None:
        self.steps.append((samples, removed, shards))


def test_a_vector_that_is_there_is_taken_and_the_picture_not_encoded(tmp_path: Path) -> None:
    red, green = colours(2)
    images = tmp_path / "images"
    shard = RowsShard(
        "s",
        [
            sample("own", picture(red), images),
            sample("ready", picture(green), images, vector=vector(0)),
            sample("alone", vector=vector(1)),
            sample("broken", vector=vector(2), fault=Fault("zero_bytes", "it is empty")),
        ],
    )
    with build([shard], ColourEncoder(), tmp_path / "out") as catalogue:
        np.testing.assert_array_equal(catalogue.vectors[1], vector(0))
        np.testing.assert_array_equal(catalogue.vectors[2], vector(1))
        assert not catalogue.vectors[3].any()
        known = catalogue.connect().execute("SELECT has_vector, width FROM samples ORDER BY id").fetchall()
    assert known == [(True, 12), (True, 12), (True, None), (False, None)]


def test_only_a_shard_that_says_so_is_ready() -> None:
    assert is_ready(VectorShard("a"))
    assert not is_ready(RowsShard("b", []))


@pytest.mark.parametrize("workers", [1, 2])
def test_parts_are_the_same_with_any_number_of_workers(tmp_path: Path, workers: int) -> None:
    alone = Parts(tmp_path / "alone")
    parts = Parts(tmp_path / "parts")
    shards = [(number, VectorShard(f"s{number}", rows=number)) for number in range(4)]
    for made, processes in ((alone, 1), (parts, workers)):
        made.prepare()
        counts = [part.samples for part in write_ready(shards, made, DIMENSION, workers=processes)]
        assert counts == [0, 1, 2, 3]
    for number, _ in shards:
        assert parts.samples(number).read_bytes() == alone.samples(number).read_bytes()
        assert parts.vectors(number).read_bytes() == alone.vectors(number).read_bytes()


def test_ready_and_other_shards_make_one_catalogue_in_their_order(tmp_path: Path) -> None:
    shards = [RowsShard("first", [sample("a", picture((9, 9, 9)))]), VectorShard("s"), VectorShard("t")]
    heard = Counted()
    with build(shards, ColourEncoder(), tmp_path / "out", BuildOptions(workers=2), heard) as catalogue:
        keys = [
            row[0] for row in catalogue.connect().execute("SELECT key FROM samples ORDER BY id").fetchall()
        ]
        np.testing.assert_array_equal(catalogue.vectors[1:6], [vector(row) for row in range(5)])
    assert keys == ["a", *(f"s-{row}" for row in range(5)), *(f"t-{row}" for row in range(5))]
    assert heard.steps[:2] == [(5, 0, 1), (5, 0, 2)]
    assert sum(step[0] for step in heard.steps) == 11


def test_what_was_finished_before_an_error_is_kept(tmp_path: Path) -> None:
    shards = [VectorShard("good"), VectorShard("bad", broken=True)]
    with pytest.raises(UserError, match="bad cannot be read any more"):
        build(shards, ColourEncoder(), tmp_path / "out", BuildOptions(workers=2))
    assert Parts(tmp_path / "out" / "parts").finished(0) is not None

    heard = Counted()
    whole = [VectorShard("good"), VectorShard("bad")]
    build(whole, ColourEncoder(), tmp_path / "out", BuildOptions(workers=2), heard).close()
    assert heard.steps == [(5, 0, 2)]
