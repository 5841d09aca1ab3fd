"""What a person decides about a run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from indexer.encoders import DEFAULT_ENCODER
from indexer.errors import UserError
from indexer.images import ImageLimits
from indexer.sources.options import SourceOptions
from indexer.stages import Pipeline


def default_workers() -> int:
    """As many decoding threads as the machine has cores, at most 4."""
    return min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of a run. The first group decides the result, the second only how it is reached.

    Attributes:
        encoder: as `--encoder` names it.
        checkpoint: weights for a bare open_clip architecture.
        stages: the filter stages and their settings; RS5M's by default.
        joins: metadata files to add columns from, a later one over an earlier one.
        sources: how sources are read.
        limits: what an image may cost.

        workers: threads that decode and preprocess.
        batch_size: images the encoder gets at a time; another one may change a vector's last bit.
        overwrite: build anew and put the result in place of what `out` holds.
        keep_parts: leave the parts of the run in the finished catalogue.

    Raises:
        UserError: `workers` or `batch_size` is below 1.
    """

    encoder: str = DEFAULT_ENCODER
    checkpoint: Path | None = None
    stages: Pipeline = field(default_factory=Pipeline.default)
    joins: tuple[Path, ...] = ()
    sources: SourceOptions = field(default_factory=SourceOptions)
    limits: ImageLimits = field(default_factory=ImageLimits)

    workers: int = field(default_factory=default_workers)
    batch_size: int = 64
    overwrite: bool = False
    keep_parts: bool = False

    def __post_init__(self) -> None:
        for name in ("workers", "batch_size"):
            if getattr(self, name) < 1:
                raise UserError(f"{name} is {getattr(self, name)}.", "Give 1 or more.")
