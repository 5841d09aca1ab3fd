"""Reading ahead: samples are read and decoded in threads while the encoder works on what is ready."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.build.prepare import Prepared
from indexer.errors import UserError
from indexer.records import RawSample, Shard

T = TypeVar("T")

_ROWS_PER_BATCH = 4096


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples of one shard, in order.

    Attributes:
        shard: number of the shard.
        rows: by `PART_COLUMNS`.
        places: which of `rows` have pixels.
        pixels: uint8 (len(places), s, s, 3); None where no row has any.
        ready: which of `rows` brought a vector.
        vectors: float16 (len(ready), d); None where no row did.
        last: whether the shard ends here.
    """

    shard: int
    rows: list[dict[str, Any]]
    places: list[int]
    pixels: NDArray[np.uint8] | None
    ready: list[int]
    vectors: NDArray[np.float16] | None
    last: bool


def batches(
    shards: Iterable[tuple[int, Shard]],
    prepare: Callable[[RawSample], Prepared],
    workers: int,
    size: int,
) -> Generator[Batch, None, None]:
    """Yield the samples of `shards` in batches of up to `size` images; a batch never crosses a shard.

    So a shard's batches, and with them its vectors, are the same however often the run was interrupted.
    Samples of the next shard are already being decoded while the last of this one are handed out.

    Args:
        shards: number and shard.
        prepare: called for each sample in one of `workers` threads.
        workers: number of threads.
        size: images in a batch.

    Raises:
        UserError: a shard cannot be read any more.
    """
    ahead = 2 * size + workers
    waiting: deque[tuple[int, Future[Prepared] | None]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="decode")
    gather = _Gather(size)
    try:
        for number, shard in shards:
            for raw in read_shard(shard):
                waiting.append((number, pool.submit(prepare, raw)))
                if len(waiting) > ahead:
                    yield from gather.take(*waiting.popleft())
            waiting.append((number, None))
        while waiting:
            yield from gather.take(*waiting.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def read_shard(shard: Shard) -> Iterator[RawSample]:
    """Yield the samples of `shard`; raises UserError if it cannot be read any more."""
    try:
        yield from shard.read()
    except OSError as error:
        raise UserError(
            f"{shard.name} cannot be read any more: {error.strerror or error}.",
            "Run the same command again to go on where it stopped.",
        ) from error


class _Gather:
    """Collects prepared samples until a batch is full or its shard ends (marked by None)."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._start()

    def _start(self) -> None:
        self._rows: list[dict[str, Any]] = []
        self._places: list[int] = []
        self._pixels: list[NDArray[np.uint8]] = []
        self._ready: list[int] = []
        self._vectors: list[NDArray[np.float16]] = []

    def take(self, shard: int, ready: Future[Prepared] | None) -> Iterator[Batch]:
        if ready is not None:
            sample = ready.result()
            if sample.pixels is not None:
                self._places.append(len(self._rows))
                self._pixels.append(sample.pixels)
            if sample.vector is not None:
                self._ready.append(len(self._rows))
                self._vectors.append(sample.vector)
            self._rows.append(sample.row)
            if len(self._pixels) < self._size and len(self._rows) < _ROWS_PER_BATCH:
                return
        pixels = np.stack(self._pixels) if self._pixels else None
        vectors = np.stack(self._vectors) if self._vectors else None
        yield Batch(shard, self._rows, self._places, pixels, self._ready, vectors, last=ready is None)
        self._start()


class _End(Generic[T]):
    """What stands behind the last item: nothing, or the error that ended it."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


@contextmanager
def in_background(items: Generator[T, None, None], ahead: int) -> Iterator[Iterator[T]]:
    """Run a generator in a thread of its own, at most `ahead` items before its reader.

    Errors of the generator are raised where its items are read. On leaving, the generator is closed and its
    thread joined, so that no thread outlives an interruption.
    """
    ready: queue.Queue[T | _End[T]] = queue.Queue(maxsize=ahead)
    stop = threading.Event()

    def put(item: T | _End[T]) -> None:
        while not stop.is_set():
            try:
                return ready.put(item, timeout=0.1)
            except queue.Full:
                continue
        return None

    def run() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                put(item)
                if stop.is_set():
                    break
        except BaseException as caught:  # raised again in the reading thread
            error = caught
        finally:
            items.close()
        put(_End(error))

    def read() -> Iterator[T]:
        while not isinstance(item := ready.get(), _End):
            yield item
        if item.error is not None:
            raise item.error

    thread = threading.Thread(target=run, name="read ahead", daemon=True)
    thread.start()
    try:
        yield read()
    finally:
        stop.set()
        thread.join()
