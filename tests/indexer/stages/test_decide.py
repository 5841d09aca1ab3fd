"""The pipeline as a whole: what must hold of every decision, whatever the facts and the settings."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.stages import Pipeline, decide
from tests.facts import make_facts

STAGES = ("keyword", "download", "invalid", "duplicate", "vlm", "detector")

samples = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["LAION2B", "LAIONCOCO", "SBU", "FMoW"]),
        "subset": st.sampled_from(["PUB11", "RS3"]),
        "caption": st.sampled_from([None, "a dog", "aerial view", "Landsat scene"]),
        "url": st.sampled_from([None, "", "u1", "u2", "u3"]),
        "sha256": st.sampled_from([None, "a", "b", "c", "d", "e"]),
        "fault": st.sampled_from([None, None, None, "download http_404", "invalid zero_bytes"]),
        "vector": st.integers(0, 4),
        "s": st.floats(-1, 1, width=32),
        "c": st.floats(0, 1, width=32),
    }
)
pipelines = st.fixed_dictionaries(
    {},
    optional={
        "keyword": st.sampled_from([{}, {"subsets": "all"}]),
        "download": st.just({}),
        "duplicate": st.sampled_from([{}, {"near": "all", "cosine": 0.8}, {"url": False}]),
        "vlm": st.sampled_from([{}, {"keep": 0.5, "subsets": "all"}, {"least": 0.1}]),
        "detector": st.sampled_from([{}, {"keep": 0.3}, {"least": 0.5, "subsets": "all"}]),
    },
)
_DIRECTIONS = np.array([[1, 0, 0], [1, 0.1, 0], [1, 0.2, 0], [0, 1, 0], [0, 0, 1]], float)


def decided(
    rows: list[dict[str, Any]], tables: dict[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Ledger rows of the removed samples, and the reports."""
    given_rows = []
    for row in rows:
        stage, _, fault = (row["fault"] or "").partition(" ")
        told = {name: row[name] for name in ("source", "subset", "caption", "url", "sha256")}
        given_rows.append(
            told | {"fault_stage": stage or None, "fault": fault or None, "has_vector": row["fault"] is None}
        )
    facts = make_facts(
        given_rows,
        _DIRECTIONS[[row["vector"] for row in rows]] if rows else np.zeros((0, 3)),
        {
            "vlm": [row["s"] if row["fault"] is None else np.nan for row in rows],
            "detector": [row["c"] if row["fault"] is None else np.nan for row in rows],
        },
    )
    reports = decide(Pipeline.of(tables).stages, facts)
    return facts.connection.sql("FROM removed ORDER BY id").to_arrow_table().to_pylist(), reports


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(samples, max_size=25), pipelines)
def test_what_holds_of_every_decision(rows: list[dict[str, Any]], tables: dict[str, Any]) -> None:
    removed, reports = decided(rows, tables)
    by_id = {row["id"]: row for row in removed}

    # Every removed sample has exactly one removing stage, with a reason.
    assert len(by_id) == len(removed)
    assert all(row["reason"] and row["stage"] in STAGES for row in removed)

    # Each row and the total balance: read = removed by each stage + remain.
    for source in {row["source"] for row in rows}:
        of_source = [number for number, row in enumerate(rows) if row["source"] == source]
        gone = Counter(by_id[number]["stage"] for number in of_source if number in by_id)
        remain = sum(number not in by_id for number in of_source)
        assert len(of_source) == gone.total() + remain
    assert Counter(row["stage"] for row in removed) == Counter(
        {stage: report["removed"] for stage, report in reports.items() if report["removed"]}
    )

    # A duplicate's keeper remains, or a later stage removed it; and it is of the same cluster.
    for row in removed:
        if row["stage"] == "duplicate":
            keeper = by_id.get(row["keeper"])
            assert keeper is None or STAGES.index(keeper["stage"]) > STAGES.index("duplicate")
            assert row["keeper"] != row["id"]
            assert row["cluster"] <= min(row["id"], row["keeper"])
        else:
            assert row["keeper"] is None

    # What cannot be read never stays.
    assert all(number in by_id for number, row in enumerate(rows) if row["fault"])

    # Deciding again changes nothing.
    assert decided(rows, tables) == (removed, reports)
