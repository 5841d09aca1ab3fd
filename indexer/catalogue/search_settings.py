"""How hard an index of inverted lists is searched, and what was measured when that was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

TARGET_10, TARGET_100 = 0.99, 0.965
"""Recall that tuning aims at: a little more than is promised (0.98, 0.95), for queries not yet asked."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One setting, measured.

    Attributes:
        probes: lists of the first round.
        candidates: codes of each round that are scored again exactly.
        scanned: share of all vectors whose code was compared, on average.
        rescored: vectors compared exactly, on average.
        recall_10: share of the true first ten that were found, for the harder kind of query.
        recall_100: the same of the true first hundred.
    """

    probes: int
    candidates: int
    scanned: float
    rescored: float
    recall_10: float
    recall_100: float

    def cost(self, vectors: int) -> float:
        """Work of one query, in codes compared; to score a vector again takes as long as 20 (measured)."""
        return self.scanned * vectors + 20 * self.rescored

    def reaches(self, target_10: float, target_100: float) -> bool:
        """Whether both recalls do."""
        return self.recall_10 >= target_10 and self.recall_100 >= target_100


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """What the planner does; all zeros for a flat index, which is exact.

    Attributes:
        probes: lists of the first round.
        candidates: codes of each round that are scored again exactly.
        target_10: recall at ten that was aimed at.
        target_100: recall at a hundred that was aimed at.
        queries: queries measured with: texts and vectors of samples.
        curve: every setting tried, fewest lists first.
    """

    probes: int = 0
    candidates: int = 0
    target_10: float = 0.0
    target_100: float = 0.0
    queries: int = 0
    curve: tuple[CurvePoint, ...] = ()

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Self:
        """Read what `dataclasses.asdict` gave.

        Raises:
            TypeError: it is something else.
        """
        curve = tuple(CurvePoint(**point) for point in content["curve"])
        return cls(**(content | {"curve": curve}))

    @property
    def chosen(self) -> CurvePoint | None:
        """The point of the curve that is used; None for a flat index."""
        used = (self.probes, self.candidates)
        return next((point for point in self.curve if (point.probes, point.candidates) == used), None)
