"""Shards into parts: the long phase of a run."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from indexer.build.batches import Batch, batches, in_background
from indexer.build.options import BuildOptions
from indexer.build.part import PartContent, Parts
from indexer.build.prepare import Preparer
from indexer.build.progress import Progress
from indexer.build.ready import is_ready, write_ready
from indexer.encoders import Encoder
from indexer.records import Shard

_BATCHES_AHEAD = 2


def encode_shards(
    shards: Sequence[Shard],
    parts: Parts,
    encoder: Encoder,
    options: BuildOptions,
    progress: Progress,
) -> int:
    """Write the part of every shard that has none yet.

    Shards that bring their vectors come first, in worker processes. For the others the encoder runs in the
    calling thread; reading, decoding and the writing of parts run beside it.

    Returns:
        Number of samples read now, without those of parts that were there.

    Raises:
        UserError: a shard cannot be read.
        OSError: a part cannot be written.
    """
    finished = {number: part for number in range(len(shards)) if (part := parts.finished(number))}
    counts = [shard.samples for shard in shards]
    progress.started(
        shards=len(shards),
        shards_done=len(finished),
        samples=None if None in counts else sum(count or 0 for count in counts),
        samples_done=sum(part.samples for part in finished.values()),
        faulty=sum(part.faulty for part in finished.values()),
    )
    unfinished = [(number, shard) for number, shard in enumerate(shards) if number not in finished]
    complete = [(number, shard) for number, shard in unfinished if is_ready(shard)]
    todo = [(number, shard) for number, shard in unfinished if not is_ready(shard)]
    samples, ended = 0, len(finished)
    for part in write_ready(complete, parts, encoder.dimension, options.workers):
        samples += part.samples
        ended += 1
        progress.advanced(part.samples, part.faulty, ended)
    prepare = Preparer(encoder, options.limits)
    feed = batches(todo, prepare, options.workers, options.batch_size)
    with in_background(feed, _BATCHES_AHEAD) as ready, ThreadPoolExecutor(1, "write") as writer:
        written: Future[None] | None = None
        collected = _Collected(encoder)
        for batch in ready:
            collected.add(batch)
            samples += len(batch.rows)
            ended += batch.last
            share = 0.0 if batch.last else collected.share(shards[batch.shard])
            faulty = sum(row["fault"] is not None for row in batch.rows)
            progress.advanced(len(batch.rows), faulty, ended + share)
            if batch.last:
                if written is not None:
                    written.result()
                written = writer.submit(collected.write, parts, batch.shard)
                collected = _Collected(encoder)
        if written is not None:
            written.result()
    return samples


class _Collected:
    """The shard that is being encoded, as far as it is."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._content = PartContent(encoder.dimension)
        self._last: dict[str, Any] = {}

    def add(self, batch: Batch) -> None:
        vectors = np.zeros((len(batch.rows), self._encoder.dimension), np.float16)
        if batch.pixels is not None:
            vectors[batch.places] = self._encoder.encode_images(batch.pixels)
        if batch.vectors is not None:
            vectors[batch.ready] = batch.vectors
        self._content.add(batch.rows, vectors)
        self._last = batch.rows[-1] if batch.rows else self._last

    def share(self, shard: Shard) -> float:
        """How much of `shard` is read: by its number of samples if it knows, else by bytes of its file."""
        if shard.samples:
            return min(self._content.samples / shard.samples, 1.0)
        return float(self._last.get("offset", 0) / (self._last.get("image_path_bytes") or 1))

    def write(self, parts: Parts, shard: int) -> None:
        parts.write(shard, self._content)
