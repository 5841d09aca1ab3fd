"""Images drawn by several processes, handed back in order: the files never depend on how many there are."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence

from indexer.demo.pairs import draw
from indexer.demo.plan import Planned
from indexer.workers import worker_processes

_CHUNK = 24

Chunk = tuple[tuple[Planned, ...], int]


def draw_all(planned: Sequence[Planned], seed: int, workers: int | None = None) -> Generator[bytes]:
    """The image file of every planned sample, in order.

    Args:
        planned: what to draw.
        seed: the world's seed.
        workers: number of processes; None for one per usable core, 1 to draw in this process.

    Raises:
        concurrent.futures.process.BrokenProcessPool: a worker was killed.
    """
    workers = workers or usable_cores()
    chunks = [(tuple(planned[at : at + _CHUNK]), seed) for at in range(0, len(planned), _CHUNK)]
    if workers == 1 or len(chunks) < 2:
        for chunk in chunks:
            yield from _draw_chunk(chunk)
        return
    with worker_processes(workers) as pool:
        for images in pool.map(_draw_chunk, chunks):
            yield from images


def usable_cores() -> int:
    """Cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _draw_chunk(chunk: Chunk) -> list[bytes]:
    planned, seed = chunk
    return [draw(sample, seed) for sample in planned]
