"""Removes pictures that a trained detector takes for something else than remote sensing: RS5M's score c."""

from __future__ import annotations

from typing import ClassVar

from indexer.stages.base import StageSettings
from indexer.stages.scored import ScoreStage, ThresholdSettings


class DetectorSettings(ThresholdSettings):
    """RS5M kept the 80 % with the highest probability.

    Attributes:
        head: file that `rs5m train-detector` wrote; without it the one that ships for the encoder, if any.
    """

    usual_keep: ClassVar[float] = 0.8

    head: str | None = None


class Detector(ScoreStage):
    """Judges by the probability of being a remote-sensing image, which a head on the image vector gives.

    Source: RS5M (Zhang et al., arXiv 2306.11300), its RS image detector.
    """

    name: ClassVar[str] = "detector"
    Settings: ClassVar[type[StageSettings]] = DetectorSettings
    reason: ClassVar[str] = "low_detector_score"
    measured: ClassVar[str] = "The probability of being a remote-sensing image"
