"""Shards and an encoder small enough to know every answer by heart."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexer.records import ByteRange, RawSample


def picture(colour: tuple[int, int, int], side: int = 12) -> bytes:
    """A PNG of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(stream, "PNG")
    return stream.getvalue()


def colours(count: int, seed: int = 0) -> list[tuple[int, int, int]]:
    """`count` different colours."""
    numbers = np.random.default_rng(seed).choice(1 << 24, count, replace=False)
    return [(int(n) >> 16, int(n) >> 8 & 255, int(n) & 255) for n in numbers]


def sample(key: str, image: bytes | None = None, folder: Path | None = None, **given: Any) -> RawSample:
    """A raw sample; its image is written into `folder`, where a reader will find it."""
    location = None
    if image is not None and folder is not None:
        path = folder / f"{key}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image)
        location = ByteRange(path, 0, len(image))
    return RawSample(**({"key": key, "name": f"{key}.png", "image": image, "location": location} | given))


@dataclass
class RowsShard:
    """A shard of samples that are already there."""

    name: str
    rows: list[RawSample]
    kind: str = "rows"
    times_read: int = field(default=0, compare=False)

    @property
    def fingerprint(self) -> str:
        content = repr([(row.key, row.image, row.caption, row.columns) for row in self.rows])
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def samples(self) -> int | None:
        return len(self.rows)

    def read(self) -> Iterator[RawSample]:
        self.times_read += 1
        for row in self.rows:
            yield RawSample(
                row.key,
                row.name,
                row.caption,
                row.image,
                row.location,
                dict(row.columns),
                list(row.notes),
                row.fault,
                row.vector,
            )


class ColourEncoder:
    """Encodes a picture as its mean colour."""

    name = "colour"
    dimension = 4
    image_size = 8
    weights_sha256 = "c0" * 32

    def __init__(self, before_batch: Callable[[int], None] = lambda count: None) -> None:
        self._before_batch = before_batch
        self.batch_sizes: list[int] = []

    def preprocess(self, image: Image.Image) -> NDArray[np.uint8]:
        return np.asarray(image.resize((8, 8)), np.uint8)

    def encode_images(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        self._before_batch(len(self.batch_sizes))
        self.batch_sizes.append(len(batch))
        vectors = np.ones((len(batch), 4), np.float32)
        vectors[:, :3] += batch.mean(axis=(1, 2), dtype=np.float32)
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 4), 0.5, np.float32)

    def describe(self) -> dict[str, Any]:
        return {"name": self.name, "weights_sha256": self.weights_sha256, "dimension": self.dimension}
