"""The heads that are part of the package, found by the weights of the encoder they were trained on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexer.detector.head import DetectorHead

HEADS = Path(__file__).parent / "heads"


def head_for(encoder: Mapping[str, Any]) -> DetectorHead | None:
    """The shipped head for an encoder, or None where there is none.

    Args:
        encoder: what `Encoder.describe()` gave, as a manifest keeps it.
    """
    heads = (DetectorHead.load(path) for path in sorted(HEADS.glob("*.json")))
    return next((head for head in heads if head.fits(encoder)), None)
