"""The stages that decide by what reading and downloading found: `download` and `invalid`."""

from __future__ import annotations

from indexer.stages import Pipeline, decide
from indexer.stages.base import StageSettings
from indexer.stages.download import Download
from indexer.stages.invalid import Invalid
from tests.facts import judged, make_facts

ROWS = [
    {"fault_stage": "download", "fault": "http_404", "fault_detail": "u answered 404."},
    {"fault_stage": "invalid", "fault": "zero_bytes", "fault_detail": "a.jpg is empty."},
    {},
]


def test_each_takes_its_own_faults_with_their_reasons() -> None:
    [missing] = judged(Download(StageSettings()), make_facts(ROWS)).values()
    assert (missing["id"], missing["reason"], missing["detail"]) == (0, "http_404", "u answered 404.")
    assert judged(Invalid(StageSettings()), make_facts(ROWS))[1]["reason"] == "zero_bytes"


def test_without_a_download_stage_what_was_not_downloaded_is_invalid() -> None:
    facts = make_facts(ROWS)

    reports = decide(Pipeline.named().stages, facts)

    assert reports == {"invalid": {"removed": 2}}
    assert facts.connection.sql("SELECT id, stage, reason FROM removed ORDER BY id").fetchall() == [
        (0, "invalid", "http_404"),
        (1, "invalid", "zero_bytes"),
    ]
