"""The samples nearest to a threshold: those that a little other threshold would have decided otherwise."""

from __future__ import annotations

from itertools import chain, zip_longest

import numpy as np
from numpy.typing import NDArray

from app.query.filters import Filters
from app.query.passing import Passing, passing
from indexer.catalogue import KEPT, Catalogue
from indexer.catalogue.scores import SCORE_COLUMNS

ALL_SUBSETS = "all"


def nearest_to_thresholds(
    catalogue: Catalogue, frame: Passing, number: int, stage: str | None, *, kept: bool
) -> NDArray[np.int64]:
    """The `number` samples of `frame` whose score lies nearest to its threshold, the nearest first.

    Scores of two stages cannot be held against each other: where several stages score, they take turns.

    Args:
        catalogue: it has the scores.
        frame: samples to draw from, all kept or all removed.
        number: how many at most.
        stage: the one stage whose threshold is meant; None for every stage that has one.
        kept: which side of the threshold `frame` is on.
    """
    lists = _kept(catalogue, frame, stage) if kept else _removed(catalogue, frame, stage)
    turns = [ids[np.lexsort((ids, distances))[:number]].tolist() for ids, distances in lists]
    found = dict.fromkeys(id_ for id_ in chain.from_iterable(zip_longest(*turns)) if id_ is not None)
    return np.array(list(found)[:number], np.int64)


_Scored = list[tuple[NDArray[np.int64], NDArray[np.float64]]]


def _removed(catalogue: Catalogue, frame: Passing, stage: str | None) -> _Scored:
    """Removed samples with their distance from the threshold, one pair of arrays a stage."""
    rows = (
        catalogue.connect()
        .execute(
            """
            SELECT id, stage, abs(score - threshold) AS distance FROM ledger
            WHERE score IS NOT NULL AND threshold IS NOT NULL AND ($stage IS NULL OR stage = $stage)
            """,
            {"stage": stage},
        )
        .fetchnumpy()
    )
    within = frame.contains(rows["id"])
    ids, stages, distances = rows["id"][within], rows["stage"][within], rows["distance"][within]
    return [(ids[stages == name], distances[stages == name]) for name in sorted(set(stages.tolist()))]


def _kept(catalogue: Catalogue, frame: Passing, stage: str | None) -> _Scored:
    """As `_removed`, of kept samples: by the scores of the stages whose threshold they passed."""
    found: _Scored = []
    for name in SCORE_COLUMNS:
        threshold, scores = threshold_of(catalogue, name), catalogue.scores(name)
        if threshold is None or scores is None or stage not in (None, name):
            continue
        ids = (frame & passing(catalogue, judged_by(catalogue, name))).ids()
        distances = np.asarray(scores[ids], np.float64) - threshold
        scored = np.isfinite(distances)
        found.append((ids[scored], np.abs(distances[scored])))
    return found


def threshold_of(catalogue: Catalogue, stage: str) -> float | None:
    """The score that `stage` kept samples from; None where it did not run or had nothing to judge."""
    threshold = catalogue.manifest.reports.get(stage, {}).get("threshold")
    return None if threshold is None else float(threshold)


def judged_by(catalogue: Catalogue, stage: str) -> Filters:
    """The kept samples that a stage with scores had to judge: those of its subsets."""
    subsets = catalogue.manifest.settings.get(stage, {}).get("subsets", [ALL_SUBSETS])
    return Filters(subset=() if ALL_SUBSETS in subsets else tuple(subsets), stage=KEPT)
