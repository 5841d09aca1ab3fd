"""Near-duplicates in a ranking, gathered behind the best of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEAR_DUPLICATE = 0.96
"""Cosine from which two pictures are shown as one; two that only show one kind of scene stay below."""


def gather(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Gather each row behind the first row before it that is alike and leads a group, else let it lead one.

    Args:
        vectors: float32 (n, d), unit rows, best first; the cosines of all pairs are held.

    Returns:
        Positions of the leaders, int64 (g,), ascending; and for each the positions of what it leads, without
        itself.
    """
    alike = vectors @ vectors.T >= NEAR_DUPLICATE
    leader_of = np.arange(len(vectors))
    leads = np.zeros(len(vectors), np.bool_)
    for place in range(len(vectors)):
        earlier = np.flatnonzero(alike[place, :place] & leads[:place])
        if len(earlier):
            leader_of[place] = earlier[0]
        else:
            leads[place] = True
    leaders = np.flatnonzero(leads)
    followers = np.flatnonzero(~leads)
    return leaders, [followers[leader_of[followers] == leader] for leader in leaders]
