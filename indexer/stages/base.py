"""What a stage is. Two kinds: one judges a sample by itself, the other needs the whole table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import duckdb

from indexer.records import Fault


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a stage found out about one sample; all of it goes into the ledger.

    Attributes:
        removed: whether the sample goes.
        reason: short code, the same for every sample removed for this reason; None for one that stays.
        detail: a sentence that names file, row or field.
        score: what was measured.
        threshold: what the score was held against.
        keyword: keyword that matched.
    """

    removed: bool
    reason: str | None = None
    detail: str | None = None
    score: float | None = None
    threshold: float | None = None
    keyword: str | None = None


class SampleStage(Protocol):
    """Judges each sample by itself, while its shard is read."""

    @property
    def name(self) -> str:
        """What `--stages` and the ledger call it."""
        ...

    def judge(self, row: Mapping[str, Any], fault: Fault | None) -> Verdict | None:
        """Judge one sample.

        Args:
            row: sample columns known so far.
            fault: why its image or caption could not be read, if so.

        Returns:
            What was found out, or None where there is nothing to say.
        """
        ...


class CatalogueStage(Protocol):
    """Judges samples against each other, once every shard is read."""

    @property
    def name(self) -> str:
        """What `--stages` and the ledger call it."""
        ...

    def judge(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Find the samples to remove.

        Args:
            connection: has a view `remaining`: the sample columns of every sample no earlier stage removed.
                Temporary tables may be made.

        Returns:
            A relation with the columns `REMOVAL_COLUMNS`, one row a sample to remove.
        """
        ...


REMOVAL_COLUMNS = ("id", "reason", "detail", "score", "threshold", "keeper", "cluster")
