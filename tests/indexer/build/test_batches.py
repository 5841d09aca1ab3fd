"""Reading ahead."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import pytest

from indexer.build.batches import batches, in_background
from indexer.build.prepare import Preparer
from indexer.errors import UserError
from indexer.images import ImageLimits
from indexer.records import RawSample
from tests.indexer.build.world import ColourEncoder, RowsShard, colours, picture, sample

PREPARE = Preparer(ColourEncoder(), ImageLimits())


def test_rows_stay_in_order_and_pixels_with_their_rows() -> None:
    red, green = picture((255, 0, 0)), picture((0, 255, 0))
    shard = RowsShard("s", [sample("a", red), sample("b"), sample("c", green)])
    [batch] = batches([(7, shard)], PREPARE, workers=2, size=4)
    assert (batch.shard, batch.last) == (7, True)
    assert [row["key"] for row in batch.rows] == ["a", "b", "c"]
    assert batch.places == [0, 2]
    assert batch.pixels is not None
    assert batch.pixels[:, 0, 0].tolist() == [[255, 0, 0], [0, 255, 0]]


def test_every_shard_ends_with_a_last_batch_even_an_empty_one() -> None:
    shards = [RowsShard("none", []), RowsShard("one", [sample("a", picture((1, 1, 1)))])]
    found = [
        (batch.shard, len(batch.rows), batch.last) for batch in batches(enumerate(shards), PREPARE, 1, 1)
    ]
    assert found == [(0, 0, True), (1, 1, False), (1, 0, True)]


def test_only_so_many_samples_are_read_ahead() -> None:
    shard = RowsShard("s", [sample(str(n), picture(colour)) for n, colour in enumerate(colours(200))])
    read = 0

    @dataclass
    class Counting:
        name = kind = fingerprint = "counting"
        samples = None

        def read(self) -> Iterator[RawSample]:
            nonlocal read
            for row in shard.read():
                read += 1
                yield row

    feed = batches([(0, Counting())], PREPARE, workers=2, size=8)
    next(feed)
    assert read <= 8 + 2 * 8 + 2 + 1
    feed.close()


def test_a_shard_that_cannot_be_read_any_more_is_named() -> None:
    class Gone:
        name, kind, fingerprint, samples = "gone.tar", "rs5m", "", None

        def read(self) -> Iterator[RawSample]:
            raise FileNotFoundError(2, "No such file or directory")
            yield

    with pytest.raises(UserError, match=r"gone\.tar cannot be read any more: No such file"):
        list(batches([(0, Gone())], PREPARE, 1, 1))


def test_background_items_arrive_in_order_and_errors_where_they_are_read() -> None:
    def numbers() -> Generator[int, None, None]:
        yield 1
        yield 2
        raise ValueError("three")

    with in_background(numbers(), 1) as ready:
        assert next(ready) == 1
        assert next(ready) == 2
        with pytest.raises(ValueError, match="three"):
            next(ready)


def test_leaving_early_closes_the_generator_and_leaves_no_thread() -> None:
    closed = threading.Event()

    def endless() -> Generator[int, None, None]:
        try:
            while True:
                yield 0
        finally:
            closed.set()

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt), in_background(endless(), 2) as ready:
        next(ready)
        raise KeyboardInterrupt
    assert closed.is_set()
    assert threading.active_count() == before


def test_the_background_does_not_run_far_ahead() -> None:
    made = 0

    def numbers() -> Generator[int, None, None]:
        nonlocal made
        while True:
            made += 1
            yield made

    with in_background(numbers(), 2) as ready:
        next(ready)
        time.sleep(0.3)
        assert made <= 4
