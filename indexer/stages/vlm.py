"""Removes pictures that are no remote-sensing images in the eyes of the encoder: RS5M's score s."""

from __future__ import annotations

from typing import ClassVar

from indexer.stages.base import StageSettings
from indexer.stages.scored import ScoreStage, ThresholdSettings


class VlmSettings(ThresholdSettings):
    """RS5M kept the 90 % with the highest score."""

    usual_keep: ClassVar[float] = 0.9


class Vlm(ScoreStage):
    """Judges by the cosine between an image and the mean of 33 texts (`indexer/encoders/prompts.py`).

    Source: RS5M (Zhang et al., arXiv 2306.11300), its VLM-based filter.
    """

    name: ClassVar[str] = "vlm"
    Settings: ClassVar[type[StageSettings]] = VlmSettings
    reason: ClassVar[str] = "low_vlm_score"
    measured: ClassVar[str] = "The cosine with the mean of the remote-sensing texts"
