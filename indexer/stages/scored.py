"""What the stages that judge by a score share: a threshold, given as such or as the share to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field, model_validator

from indexer.catalogue.scores import staying
from indexer.stages.base import WEB, Facts, Judgement, StageSettings, Subsets, among


class ThresholdSettings(StageSettings):
    """Where a score is cut.

    Attributes:
        subsets: samples of these are judged; `all` for every one.
        keep: share of the judged samples with the highest scores that stay.
        least: lowest score that stays; given instead of `keep`.
    """

    usual_keep: ClassVar[float]

    subsets: Subsets = WEB
    keep: Annotated[float, Field(gt=0, le=1)] | None = None
    least: Annotated[float, Field(allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.keep is not None and self.least is not None:
            raise ValueError("keep and least are two ways to say the same; give one of them")
        return self

    def changed(self, changes: Mapping[str, object]) -> dict[str, object]:
        """As for any stage; a new `keep` takes the place of a `least`, and the other way round."""
        before = self.model_dump(exclude_unset=True)
        if {"keep", "least"} & changes.keys():
            before = {name: value for name, value in before.items() if name not in ("keep", "least")}
        return before | dict(changes)

    @property
    def share(self) -> float | None:
        """Share to keep; None where the threshold itself is given."""
        if self.least is not None:
            return None
        return self.usual_keep if self.keep is None else self.keep


def threshold_of(scores: NDArray[np.float32], share: float) -> float:
    """The highest threshold at which at least `share` of `scores`, (n,) with n > 0, are not below it."""
    stay = staying(share, len(scores))
    return float(np.partition(scores, len(scores) - stay)[len(scores) - stay])


class ScoreStage:
    """Removes the samples whose score is below a threshold.

    The threshold is taken over all samples that were there when the first stage of this kind ran, so that two
    such stages cut the same set, as RS5M's do: "the top 90 % by s that are also in the top 80 % by c".
    """

    name: ClassVar[str]
    reason: ClassVar[str]
    measured: ClassVar[str]
    by_score: ClassVar[bool] = True

    def __init__(self, settings: ThresholdSettings) -> None:
        self.settings = settings

    def judge(self, facts: Facts) -> Judgement:
        """The remaining samples below the threshold."""
        scores = facts.scores.get(self.name)
        if scores is None:
            return Judgement(JUDGED_NOTHING, {"skipped": facts.notes.get(self.name, "There are no scores.")})
        population, remains = _population(facts, self.settings.subsets)
        scored = ~np.isnan(scores[population])
        population, remains = population[scored], remains[scored]
        if not len(population):
            return Judgement(JUDGED_NOTHING, {"population": 0, "threshold": None, "removed": 0})
        share = self.settings.share
        least = self.settings.least
        threshold = threshold_of(scores[population], share) if share is not None else float(least or 0.0)
        removed = population[remains & (scores[population] < threshold)]
        return Judgement(
            self._removals(removed, scores[removed].astype(np.float64), threshold),
            {"population": len(population), "threshold": threshold, "removed": len(removed)},
        )

    def _removals(self, ids: NDArray[np.int64], scores: NDArray[np.float64], threshold: float) -> pa.Table:
        details = [
            f"{self.measured} is {score:.4f}; the least that stays is {threshold:.4f}." for score in scores
        ]
        number = len(ids)
        return pa.table(
            {
                "id": pa.array(ids),
                "removed": pa.array(np.ones(number, np.bool_)),
                "reason": pa.array([self.reason] * number, pa.string()),
                "detail": pa.array(details, pa.string()),
                "score": pa.array(scores),
                "threshold": pa.array(np.full(number, threshold)),
            }
        )


JUDGED_NOTHING = pa.table({"id": pa.array([], pa.int64()), "removed": pa.array([], pa.bool_())})


def _population(facts: Facts, subsets: Subsets) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Samples of `subsets` that are judged: ids, ascending, and whether each is still there."""
    found = facts.connection.sql(
        f"""
        SELECT population.id, removed.id IS NULL AS remains
        FROM population LEFT JOIN removed USING (id) WHERE {among(subsets)} ORDER BY population.id
        """  # noqa: S608 - quoted
    ).fetchnumpy()
    return np.asarray(found["id"], np.int64), np.asarray(found["remains"], np.bool_)
