"""What stages decide from beside the tables, and the decision itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from indexer.build.progress import Progress
from indexer.build.score import DETECTOR, Detecting
from indexer.near import NearPairs, NearQuery, Pictures, find_near_pairs
from indexer.stages import Facts, Pipeline, decide

LISTS = "lists"


@dataclass(frozen=True, slots=True)
class Known:
    """Near-duplicates that were found before.

    Attributes:
        path: file of the pairs.
        search: key of the query that found them.
    """

    path: Path
    search: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One run of the stages.

    Attributes:
        pipeline: the stages.
        scores: by name, float32 (samples,), NaN where a sample has none.
        vectors: float16 (samples, d).
        detecting: what score c was measured with.
        aside: folder for what a search for near-duplicates finds on the way.
        pairs: file to be written, with the near-duplicates found.
        known: those of an earlier decision over the same samples; None if there was none.
    """

    pipeline: Pipeline
    scores: Mapping[str, NDArray[np.float32]]
    vectors: NDArray[np.float16]
    detecting: Detecting
    aside: Path
    pairs: Path
    known: Known | None = field(default=None)

    def take(
        self, connection: duckdb.DuckDBPyConnection, samples: int, progress: Progress
    ) -> dict[str, dict[str, Any]]:
        """Decide upon the view `facts` of `connection`, as `indexer.stages.decide` says.

        Returns:
            What each stage reported, by stage.
        """
        NearPairs.of(*_NONE).save(self.pairs)
        notes = {DETECTOR: self.detecting.note} if self.detecting.note else {}
        facts = Facts(
            connection,
            samples,
            self.scores,
            self.vectors,
            partial(self._near, Pictures(connection), progress),
            notes,
        )
        reports = decide(self.pipeline.stages, facts, lambda stage: progress.phase(f"stage {stage}"))
        if DETECTOR in reports:
            reports[DETECTOR] |= self.detecting.facts
        return reports

    def _near(self, pictures: Pictures, progress: Progress, query: NearQuery) -> NearPairs:
        if self.known is not None and self.known.search == query.key:
            found = NearPairs.load(self.known.path)
        else:
            found = find_near_pairs(self.vectors, query, self.aside, progress.phase, progress.reached)
            found = found.agreeing(pictures.agreements(found, self.aside, progress.phase, progress.reached))
        found.save(self.pairs)
        return found


def with_lists(
    reports: dict[str, dict[str, Any]], lists: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, Any]]:
    """Reports of the stages, with rows of raw lists that had no keyword and so were never downloaded.

    Args:
        reports: by stage.
        lists: as `indexer.lists.lists_behind` gives them; they are the keyword stage's, whenever it ran.
    """
    keyword = reports.get("keyword", {}) | ({LISTS: lists} if lists else {})
    return reports | ({"keyword": keyword} if keyword else {})


_NONE = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
