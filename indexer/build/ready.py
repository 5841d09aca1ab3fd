"""Parts of shards whose vectors are there already: made whole in worker processes, several at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeGuard

import numpy as np

from indexer.build.batches import read_shard
from indexer.build.part import PartContent, Parts, PartSummary
from indexer.build.prepare import Preparer
from indexer.errors import UserError
from indexer.images import ImageLimits
from indexer.records import ReadyShard, Shard
from indexer.workers import worker_processes

_ROWS_AT_ONCE = 2048

Numbered = tuple[int, ReadyShard]


def is_ready(shard: Shard) -> TypeGuard[ReadyShard]:
    """Whether the samples of `shard` bring their vectors."""
    return getattr(shard, "brings_vectors", False) is True


def write_ready(
    shards: Sequence[Numbered], parts: Parts, dimension: int, workers: int
) -> Iterator[PartSummary]:
    """Write the parts of `shards`; yields the counts of each, in order, when it is there.

    Args:
        shards: number and shard.
        parts: where to.
        dimension: length of a vector.
        workers: number of processes; with 1, this one does it.

    Raises:
        UserError: a shard cannot be read, or a worker was killed.
        OSError: a part cannot be written.
        ValueError: a vector has another length.
    """
    if workers == 1 or len(shards) < 2:
        for number, shard in shards:
            yield _write(number, shard, parts, dimension)
        return
    # A few ahead, not all: a list of thousands of futures would keep their shards in memory.
    waiting: deque[Future[PartSummary]] = deque()
    try:
        with worker_processes(min(workers, len(shards))) as pool:
            for number, shard in shards:
                waiting.append(pool.submit(_write, number, shard, parts, dimension))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise UserError(
            "A worker process was killed, perhaps because memory ran out.",
            "Run the same command again to go on where it stopped, if need be with fewer --workers.",
        ) from error


def _write(number: int, shard: ReadyShard, parts: Parts, dimension: int) -> PartSummary:
    prepare = Preparer(None, ImageLimits())
    content = PartContent(dimension)
    samples = read_shard(shard)
    while stretch := [prepare(raw) for raw in islice(samples, _ROWS_AT_ONCE)]:
        nothing = np.zeros(dimension, np.float16)
        vectors = [nothing if prepared.vector is None else prepared.vector for prepared in stretch]
        content.add([prepared.row for prepared in stretch], np.stack(vectors))
    parts.write(number, content)
    return PartSummary(content.samples, content.faulty)
