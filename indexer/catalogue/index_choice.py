"""Which vector index a catalogue gets: decided here, by the number of vectors, and nowhere else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["flat", "lists"]

FLAT_ROWS = 1 << 16
"""Up to this many vectors each query is held against all of them: 65,536 of 512 numbers take about 10 ms."""

# FAISS's guidelines (https://github.com/facebookresearch/faiss/wiki/Guidelines-to-choose-an-index) begin at
# 4 sqrt(n) lists; codes that are scanned 30 at a time make more lists cost more than they save.
_LISTS_PER_ROOT = 4
_CODE_BITS = 4


@dataclass(frozen=True, slots=True)
class IndexChoice:
    """A vector index.

    Attributes:
        kind: `flat`, every vector at half precision and every answer exact; or `lists`, vectors sorted
            into inverted lists as short codes, the best of which are scored again by the vectors themselves.
        lists: number of inverted lists; 0 of a flat index.
        subquantizers: parts a vector is cut into, each coded in 4 bits; 0 of a flat index.
    """

    kind: Kind
    lists: int = 0
    subquantizers: int = 0

    @property
    def code_bytes(self) -> int:
        """Bytes of one vector's code in a list."""
        return math.ceil(self.subquantizers * _CODE_BITS / 8)


def choose_index(vectors: int, dimension: int) -> IndexChoice:
    """The index for that many vectors of length `dimension`."""
    if vectors <= FLAT_ROWS:
        return IndexChoice("flat")
    lists = 2 ** round(math.log2(_LISTS_PER_ROOT * math.sqrt(vectors)))
    # Two numbers to a code of 16 values: measured, it finds with 1,000 rescored what exact codes find.
    subquantizers = dimension // 2 if dimension % 2 == 0 else dimension
    return IndexChoice("lists", lists, subquantizers)


def explain(vectors: int, dimension: int) -> str:
    """Why a catalogue of that many vectors has the index it has, in a sentence."""
    choice = choose_index(vectors, dimension)
    if choice.kind == "flat":
        return f"flat and exact: {vectors:,} vectors are few enough ({FLAT_ROWS:,}) to compare with each"
    return (
        f"{choice.lists:,} inverted lists of {choice.code_bytes}-byte codes, the best scored again exactly: "
        f"more than {FLAT_ROWS:,} vectors are too many to compare with each"
    )
