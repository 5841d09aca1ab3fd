"""What a file of samples is written from, a stretch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue import SAMPLE_COLUMNS
from indexer.catalogue.schema import Column

COLUMNS: tuple[Column, ...] = tuple(column for column in SAMPLE_COLUMNS if column.exported)

ASKED = """samples JOIN (
    SELECT unnest(CAST($ids AS BIGINT[])) AS id, unnest(range(len($ids))) AS place
) AS asked USING (id) ORDER BY place"""
"""What SQL reads the samples `$ids` from, in their order."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some samples in the order in which they are written.

    Attributes:
        ids: the samples, (n,).
        first: rank of the first one, where they are ranked.
        scores: of each, where they are ranked; None where the order is not that of scores.
    """

    ids: NDArray[np.integer[Any]]
    first: int | None = None
    scores: Sequence[float | None] = ()
