"""The scores of a catalogue: one file each, a number a sample, added without touching the rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from indexer.catalogue.arrays import open_scores
from indexer.catalogue.layout import SCORES

SCORE_COLUMNS = {"vlm": "vlm_score", "detector": "detector_score"}
"""Name of a score, and of its stage -> column of `samples`."""


def staying(share: float, samples: int) -> int:
    """How many of `samples` stay when the best `share` of them, above 0 and up to 1, do: at least one."""
    # A hair less, so that 0.9 of 10, which is 9.000000000000002 in binary, is 9.
    return max(1, math.ceil(share * samples * (1 - 1e-12)))


def score_path(name: str) -> str:
    """File of the scores `name`, inside the catalogue's folder."""
    return f"{SCORES}/{name}.npy"


def read_scores(folder: Path, samples: int) -> dict[str, np.ndarray]:
    """Map all scores of the catalogue in `folder`, float32 (samples,) each, by name.

    Raises:
        UserError: a file is damaged.
    """
    found = {name: open_scores(folder / score_path(name), samples) for name in SCORE_COLUMNS}
    return {name: values for name, values in found.items() if values is not None}


def write_scores(folder: Path, scores: Mapping[str, np.ndarray]) -> None:
    """Write `scores`, by name, into `folder`/scores, float32 (samples,) each; NaN where a sample has none."""
    (folder / SCORES).mkdir(exist_ok=True)
    for name, values in scores.items():
        np.save(folder / score_path(name), np.asarray(values, np.float32), allow_pickle=False)


def score_table(scores: Mapping[str, np.ndarray], first: int, end: int) -> pa.Table:
    """`id` and scores, by their columns, of the samples `first` to `end - 1`; null where there is none."""
    columns = {"id": pa.array(np.arange(first, end))}
    for name, column in SCORE_COLUMNS.items():
        values = scores.get(name)
        columns[column] = (
            pa.nulls(end - first, pa.float32())
            if values is None
            else pa.array(np.asarray(values[first:end]), pa.float32(), from_pandas=True)
        )
    return pa.table(columns)
