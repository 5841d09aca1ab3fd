"""Parts of shards whose vectors are there already: made whole in worker processes, several at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import TypeGuard

import numpy as np

from indexer.build.batches import read_shard
from indexer.build.part import Parts, PartSummary
from indexer.build.prepare import Preparer
from indexer.catalogue.schema import KEPT
from indexer.errors import UserError
from indexer.images import ImageLimits
from indexer.records import ReadyShard, Shard
from indexer.stages import open_stages
from indexer.workers import worker_processes

Numbered = tuple[int, ReadyShard]


def is_ready(shard: Shard) -> TypeGuard[ReadyShard]:
    """Whether the samples of `shard` bring their vectors."""
    return getattr(shard, "brings_vectors", False) is True


def write_ready(
    shards: Sequence[Numbered], parts: Parts, stages: Sequence[str], dimension: int, workers: int
) -> Iterator[PartSummary]:
    """Write the parts of `shards`; yields the counts of each, in order, when it is there.

    Args:
        shards: number and shard.
        parts: where to.
        stages: names of the stages to run.
        dimension: length of a vector.
        workers: number of processes; with 1, this one does it.

    Raises:
        UserError: a shard cannot be read, or a worker was killed.
        OSError: a part cannot be written.
        ValueError: a vector has another length.
    """
    if workers == 1 or len(shards) < 2:
        for number, shard in shards:
            yield _write(number, shard, parts, stages, dimension)
        return
    # A few ahead, not all: a list of thousands of futures would keep their shards in memory.
    waiting: deque[Future[PartSummary]] = deque()
    try:
        with worker_processes(min(workers, len(shards))) as pool:
            for number, shard in shards:
                waiting.append(pool.submit(_write, number, shard, parts, stages, dimension))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise UserError(
            "A worker process was killed, perhaps because memory ran out.",
            "Run the same command again to go on where it stopped, if need be with fewer --workers.",
        ) from error


def _write(
    number: int, shard: ReadyShard, parts: Parts, stages: Sequence[str], dimension: int
) -> PartSummary:
    prepare = Preparer(None, open_stages(stages).samples, ImageLimits())
    rows, vectors = [], []
    nothing = np.zeros(dimension, np.float16)
    for place, raw in enumerate(read_shard(shard)):
        prepared = prepare(raw)
        rows.append(prepared.row | {"row": place, "shard": number})
        vectors.append(nothing if prepared.vector is None else prepared.vector)
    # The empty first block gives a shard without rows its shape.
    parts.write(number, rows, np.concatenate([np.empty((0, dimension), np.float16), *_stacked(vectors)]))
    return PartSummary(len(rows), sum(row["stage"] != KEPT for row in rows))


def _stacked(vectors: list[np.ndarray]) -> list[np.ndarray]:
    return [np.stack(vectors)] if vectors else []
