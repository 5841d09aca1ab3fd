"""Removes what cannot be used: unreadable images, missing images, repeated keys."""

from __future__ import annotations

from typing import ClassVar

from indexer.stages.base import Facts, Judgement, StageSettings


class Invalid:
    """Turns a fault that reading or decoding found into the sample's removal; it always runs.

    A failed download that no earlier stage took is a fault like any other: there is nothing to show.
    """

    name: ClassVar[str] = "invalid"
    Settings: ClassVar[type[StageSettings]] = StageSettings
    by_score: ClassVar[bool] = False

    def __init__(self, settings: StageSettings) -> None:
        self.settings = settings

    def judge(self, facts: Facts) -> Judgement:
        """Every sample with a fault, for the fault's reason."""
        return Judgement(
            facts.connection.sql(
                """
                SELECT id, true AS removed, fault AS reason, fault_detail AS detail
                FROM remaining WHERE fault IS NOT NULL
                """
            )
        )
