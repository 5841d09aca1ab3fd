"""Make the head that ships for the embedded encoder: `python -m indexer.detector.ship --help`.

It learns from pictures of the demo world, drawn for it from a seed of their own, half of them off-topic (in a
demo world one web picture in fifteen is). It is measured on pictures drawn in the same way from another seed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import numpy as np

from indexer.demo.faults import OFF_TOPIC
from indexer.demo.plan import Planned, plan_world
from indexer.demo.scenes import OFF_TOPIC as OFF_TOPIC_KINDS
from indexer.demo.workers import draw_all
from indexer.detector.report import report
from indexer.detector.shipped import HEADS
from indexer.detector.train import Examples, Recipe, train_head
from indexer.encoders import open_encoder
from indexer.encoders.base import Encoder, Pixels
from indexer.images import decode

# Neither the demo's own seed, nor those the encoder was trained and examined with, nor the benchmarks'.
TRAINING_SEED = 4001
UNSEEN_SEED = 4002
# Without a hidden layer it makes ten times as many mistakes: the model card has both.
HIDDEN = 32
_BATCH = 64
_SECONDS_BETWEEN_LINES = 10.0


def half_off_topic(samples: int, seed: int) -> list[Planned]:
    """The faultless samples of a demo world, every second one made off-topic, each kind equally often."""
    kinds = cycle(OFF_TOPIC_KINDS)
    clean = [planned for planned in plan_world(samples, seed) if planned.fault is None]
    return [
        replace(planned, kind=next(kinds), fault=OFF_TOPIC) if place % 2 else planned
        for place, planned in enumerate(clean)
    ]


def draw_examples(encoder: Encoder, samples: int, seed: int, workers: int, cache: Path) -> Examples:
    """Draw labelled pictures and encode them as indexing does: from files, into half precision.

    Args:
        encoder: of the vectors.
        samples: of the demo world that the plan is taken from.
        seed: of that world.
        workers: processes that draw.
        cache: folder that keeps the vectors, so that another recipe can be tried without drawing again.
    """
    planned = half_off_topic(samples, seed)
    path = cache / f"{seed}-{samples}-{encoder.weights_sha256[:12]}.npy"
    if not path.exists():
        vectors = [encoder.encode_images(batch) for batch in _batches(encoder, planned, seed, workers)]
        cache.mkdir(parents=True, exist_ok=True)
        np.save(path, np.concatenate(vectors).astype(np.float16))
    return Examples(
        np.load(path, allow_pickle=False),
        np.array([sample.fault != OFF_TOPIC for sample in planned]),
        f"pictures of the demo world of seed {seed}, half of them off-topic",
    )


def _batches(encoder: Encoder, planned: Sequence[Planned], seed: int, workers: int) -> Iterator[Pixels]:
    began, last = time.monotonic(), time.monotonic()
    batch: list[Pixels] = []
    for done, data in enumerate(draw_all(planned, seed, workers), start=1):
        batch.append(encoder.preprocess(decode(data, target=encoder.image_size).image))
        if len(batch) == _BATCH or done == len(planned):
            yield np.stack(batch)
            batch.clear()
        if time.monotonic() - last > _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            rate = done / (last - began)
            left = timedelta(seconds=round((len(planned) - done) / rate))
            print(f"drawing: {done:,} of {len(planned):,} pictures, {rate:,.0f}/s, {left} left", flush=True)


def main() -> None:
    """Draw, train, measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m indexer.detector.ship", description=__doc__)
    parser.add_argument("--out", type=Path, default=HEADS / "embedded.json", help="file to write")
    parser.add_argument("--samples", type=int, default=9_000, help="of the world that is drawn to learn from")
    parser.add_argument("--unseen-samples", type=int, default=4_000, help="of the one to measure with")
    parser.add_argument("--seed", type=int, default=TRAINING_SEED, help="of the first world")
    parser.add_argument("--unseen-seed", type=int, default=UNSEEN_SEED, help="of the second")
    parser.add_argument("--hidden", type=int, default=HIDDEN, help="width of the hidden layer, 0 for none")
    parser.add_argument("--cache", type=Path, default=Path("out/detector"), help="folder that keeps vectors")
    parser.add_argument("--workers", type=int, default=2, help="processes that draw")
    options = parser.parse_args()
    encoder = open_encoder("embedded")
    seen = draw_examples(encoder, options.samples, options.seed, options.workers, options.cache)
    unseen = draw_examples(
        encoder, options.unseen_samples, options.unseen_seed, options.workers, options.cache
    )
    head = train_head("embedded", encoder.describe(), seen, unseen, Recipe(hidden=options.hidden))
    head.save(options.out)
    print(report(head))
    print(f"{options.out} written")


if __name__ == "__main__":
    main()
