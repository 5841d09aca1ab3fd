"""Removes what could not be downloaded; every sample says why."""

from __future__ import annotations

from typing import ClassVar

from indexer.stages.base import Facts, Judgement, StageSettings


class Download:
    """Turns a failed download into the sample's removal; its reason is the fetcher's (`http_404`, ...)."""

    name: ClassVar[str] = "download"
    Settings: ClassVar[type[StageSettings]] = StageSettings
    by_score: ClassVar[bool] = False

    def __init__(self, settings: StageSettings) -> None:
        self.settings = settings

    def judge(self, facts: Facts) -> Judgement:
        """Every sample whose fault is a failed download."""
        return Judgement(
            facts.connection.sql(
                """
                SELECT id, true AS removed, fault AS reason, fault_detail AS detail
                FROM remaining WHERE fault_stage = 'download'
                """
            )
        )
