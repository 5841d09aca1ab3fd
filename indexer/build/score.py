"""Scores s and c of every sample, from its vector alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue.blocks import read_blocks
from indexer.catalogue.half import inner_products
from indexer.detector import DetectorHead, head_for
from indexer.encoders import Encoder
from indexer.encoders.prompts import remote_sensing_vector
from indexer.stages import Pipeline

DETECTOR, VLM = "detector", "vlm"


@dataclass(frozen=True, slots=True)
class Detecting:
    """What score c is measured with.

    Attributes:
        head: None where there is none for the encoder.
        note: why there is none.
    """

    head: DetectorHead | None
    note: str | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What a report says of it, as JSON values."""
        return {"head": self.head.describe()} if self.head else {}


def open_detector(pipeline: Pipeline, encoder: Mapping[str, Any]) -> Detecting:
    """The detector's head: the one that its settings name, else the one that ships for the encoder.

    Args:
        pipeline: its stages.
        encoder: what `Encoder.describe()` gave.

    Raises:
        UserError: the settings name a file that is no head, or one of another encoder.
    """
    named = pipeline.settings.get(DETECTOR, {}).get("head")
    if named is None:
        head = head_for(encoder)
        note = f"No detector ships for encoder {encoder['name']}; train one with rs5m train-detector."
        return Detecting(head, None if head else note)
    return Detecting(DetectorHead.load(Path(named), encoder))


def measure_vlm(
    vectors: NDArray[np.float16], encoder: Encoder, reached: Callable[[int], None] = lambda done: None
) -> NDArray[np.float32]:
    """Score s of each of `vectors`, float16 (samples, d): float32 (samples,), NaN for rows of zeros."""
    mean = remote_sensing_vector(encoder)[0]
    scores = np.empty(len(vectors), np.float32)
    for start, block in read_blocks(vectors):
        scores[start : start + len(block)] = inner_products(block, mean, np.arange(len(block)))
        scores[start : start + len(block)][~block.any(axis=1)] = np.nan
        reached(start + len(block))
    return scores


def measure_detector(
    vectors: NDArray[np.float16], head: DetectorHead, reached: Callable[[int], None] = lambda done: None
) -> NDArray[np.float32]:
    """Score c of each of `vectors`, float16 (samples, d): float32 (samples,), NaN for rows of zeros."""
    scores = np.empty(len(vectors), np.float32)
    for start, block in read_blocks(vectors):
        scores[start : start + len(block)] = head.probabilities(block)
        reached(start + len(block))
    return scores
