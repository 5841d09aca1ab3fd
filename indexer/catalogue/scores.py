"""The scores of a catalogue: one file each, a number a sample, added without touching the rest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from indexer.catalogue.layout import SCORES

SCORE_COLUMNS = {"vlm": "vlm_score", "detector": "detector_score"}
"""Name of a score, and of its stage -> column of `samples`."""


def write_scores(folder: Path, scores: Mapping[str, np.ndarray]) -> None:
    """Write `scores`, by name, into `folder`/scores, float32 (samples,) each; NaN where a sample has none."""
    (folder / SCORES).mkdir(exist_ok=True)
    for name, values in scores.items():
        np.save(folder / SCORES / f"{name}.npy", np.asarray(values, np.float32), allow_pickle=False)
