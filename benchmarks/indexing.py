"""How close a whole `index` run comes to its bare encoder: `python -m benchmarks.indexing`.

The same images are encoded in turns, so that whatever else the machine does hits both alike:

- bare: `encode_images` alone, fed from memory with batches that are decoded and resized already;
- run: `index` from shards on disk to the finished catalogue: reading, decoding, hashing, stages, parts,
  tables and search indexes included. Only the loading of the encoder is left out of both.

The ratio is run over bare, from the medians of the rounds. Then each step is timed by itself.

`--encoder ViT-B-32` (any open_clip architecture) takes random weights: they are as fast as trained ones.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.table import Table

from indexer.build import BuildOptions, Progress, build, default_workers
from indexer.build.prepare import Preparer
from indexer.encoders import DEFAULT_ENCODER, Encoder, open_encoder
from indexer.images import ImageLimits
from indexer.records import Shard
from indexer.sources import SourceOptions, find_shards

GOAL = 0.85


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as `rs5m` does
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--encoder", default=DEFAULT_ENCODER)
    parser.add_argument("--shards", nargs="*", help="index these instead of drawn images")
    parser.add_argument("--samples", type=int, default=2000, help="number of drawn images")
    parser.add_argument("--side", type=int, default=256, help="their width and height in pixels")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=default_workers())
    parser.add_argument("--batch-size", type=int, default=64)
    arguments = parser.parse_args()
    options = BuildOptions(workers=arguments.workers, batch_size=arguments.batch_size)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        paths = arguments.shards or [str(draw_shards(folder / "shards", arguments.samples, arguments.side))]
        shards = find_shards(paths, SourceOptions())
        measure(shards, random_encoder(arguments.encoder, folder), options, arguments.rounds, folder)


def draw_shards(folder: Path, samples: int, side: int) -> Path:
    """Write `samples` photograph-like JPEGs into two shards of RS5M's layout."""
    folder.mkdir()
    random = np.random.default_rng(0)
    for number, count in enumerate((samples - samples // 2, samples // 2)):
        with tarfile.open(folder / f"pub11-train-{number:04d}.tar", "w") as archive:
            for row in range(count):
                key = f"{number:04d}{row:06d}"
                _add(archive, f"{key}.img_name", f"laion2b_{number}_{row}.jpg".encode())
                _add(archive, f"{key}.img_content", _jpeg(random, side))
                _add(archive, f"{key}.caption", f"aerial view number {row} of a harbour".encode())
    return folder


def _jpeg(random: np.random.Generator, side: int) -> bytes:
    """Noise at several scales, which compresses about as well as an aerial photograph."""
    picture = np.zeros((side, side, 3))
    for cells in (4, 16, 64):
        coarse = random.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
        picture += np.asarray(Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC)) / 3
    stream = io.BytesIO()
    Image.fromarray(picture.astype(np.uint8)).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def random_encoder(name: str, folder: Path) -> Encoder:
    """The encoder `name`; a bare open_clip architecture gets random weights."""
    if name == DEFAULT_ENCODER or "/" in name or ":" in name:
        return open_encoder(name)
    import open_clip
    from safetensors.torch import save_file

    weights = folder / "random.safetensors"
    state = open_clip.create_model(name).state_dict()
    save_file({key: value.contiguous() for key, value in state.items()}, weights)
    return open_encoder(name, weights)


@dataclass
class Clock(Progress):
    """Notes when each phase of a run begins."""

    marks: list[tuple[str, float]] = field(default_factory=list)

    def started(
        self, shards: int, shards_done: int, samples: int | None, samples_done: int, removed: int
    ) -> None:
        """The first phase."""
        self.marks.append(("shards into parts", perf_counter()))

    def phase(self, what: str, total: int | None = None, unit: str = "samples") -> None:
        """A further phase."""
        self.marks.append((what, perf_counter()))

    def seconds(self, end: float) -> dict[str, float]:
        """Duration of each phase; the last one lasts until `end`."""
        ends = [start for _, start in self.marks[1:]] + [end]
        return {what: until - start for (what, start), until in zip(self.marks, ends, strict=True)}


def measure(
    shards: Sequence[Shard], encoder: Encoder, options: BuildOptions, rounds: int, folder: Path
) -> None:
    """Print rates of encoder and run, and the time of each step."""
    prepare = Preparer(encoder, ImageLimits())
    start = perf_counter()
    raw = [sample for shard in shards for sample in shard.read()]
    read = perf_counter()
    pixels = [ready.pixels for sample in raw if (ready := prepare(sample)).pixels is not None]
    prepared = perf_counter()
    batches = [
        np.stack(pixels[first : first + options.batch_size])
        for first in range(0, len(pixels), options.batch_size)
    ]
    encoder.encode_images(batches[0])

    bare, run, phases = [], [], {}
    for number in range(rounds):
        bare.append(_encode(encoder, batches))
        clock, began = Clock(), perf_counter()
        build(shards, encoder, folder / f"catalogue-{number}", options, clock).close()
        run.append(perf_counter() - began)
        phases = clock.seconds(perf_counter())

    samples = len(raw)
    table = Table(title=f"{encoder.name}: {samples:,} samples, {options.workers} workers, {rounds} rounds")
    for column in ("", "samples/s", "ms per sample"):
        table.add_column(column, justify="left" if not column else "right")
    steps = {"read (one thread)": read - start, "prepare (one thread)": prepared - read, **phases}
    for name, seconds in {
        "bare encoder": statistics.median(bare),
        "whole run": statistics.median(run),
        **steps,
    }.items():
        table.add_row(name, f"{samples / seconds:,.0f}", f"{1000 * seconds / samples:.3f}")
    console = Console(highlight=False)
    console.print(table)
    ratio = statistics.median(bare) / statistics.median(run)
    console.print(f"run / bare encoder: {ratio:.0%} (goal: {GOAL:.0%} or more)")


def _encode(encoder: Encoder, batches: Sequence[NDArray[np.uint8]]) -> float:
    start = perf_counter()
    for batch in batches:
        encoder.encode_images(batch)
    return perf_counter() - start


if __name__ == "__main__":
    main()
