"""The pipeline at work: stage after stage decides upon what those before it left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from indexer.stages.base import JUDGED, Facts, Stage


def decide(
    stages: Sequence[Stage], facts: Facts, began: Callable[[str], None] = lambda stage: None
) -> dict[str, dict[str, Any]]:
    """Run `stages` over the view `facts` of the connection.

    Makes the temporary tables `removed` (`id`, `stage` and the ledger's columns; one row a removed sample)
    and `matched` (`id`, `keyword`; one row a sample with a keyword). Each sample is removed by at most one
    stage, as a later one does not see it.

    Args:
        stages: in order.
        facts: of a connection that has the view `facts`, with the columns of `Facts.connection`.
        began: told the name of each stage as it begins.

    Returns:
        What each stage reported, with the number `removed`, by stage.
    """
    run = facts.connection
    run.execute(
        """
        CREATE OR REPLACE TEMP TABLE removed (
            id BIGINT, stage VARCHAR, reason VARCHAR, detail VARCHAR, score DOUBLE, threshold DOUBLE,
            keeper BIGINT, cluster BIGINT
        );
        CREATE OR REPLACE TEMP TABLE matched (id BIGINT, keyword VARCHAR);
        CREATE OR REPLACE TEMP VIEW remaining AS FROM facts ANTI JOIN removed USING (id)
        """
    )
    reports: dict[str, dict[str, Any]] = {}
    population = False
    for stage in stages:
        began(stage.name)
        if stage.by_score and not population:
            run.execute(
                "CREATE OR REPLACE TEMP TABLE population AS SELECT id, subset FROM remaining WHERE has_vector"
            )
            population = True
        judgement = stage.judge(facts)
        number = _note(run, stage.name, judgement.judged)
        reports[stage.name] = {**judgement.report, "removed": number}
    return reports


def _note(run: duckdb.DuckDBPyConnection, stage: str, judged: duckdb.DuckDBPyRelation | pa.Table) -> int:
    """Write down what a stage said; returns how many samples it removed."""
    relation = judged if isinstance(judged, duckdb.DuckDBPyRelation) else run.from_arrow(judged)
    columns = [name if name in relation.columns else f"NULL AS {name}" for name in JUDGED.names]
    # Into a table of its own, as what is still to be read may depend on `removed`.
    run.execute(
        """
        CREATE OR REPLACE TEMP TABLE judged (
            id BIGINT, removed BOOLEAN, reason VARCHAR, detail VARCHAR, score DOUBLE, threshold DOUBLE,
            keyword VARCHAR, keeper BIGINT, cluster BIGINT
        )
        """
    )
    relation.project(", ".join(columns)).insert_into("judged")
    run.execute("INSERT INTO matched SELECT id, keyword FROM judged WHERE keyword IS NOT NULL ORDER BY id")
    run.execute(
        """
        INSERT INTO removed
        SELECT id, $stage, reason, detail, score, threshold, keeper, cluster
        FROM judged WHERE removed ORDER BY id
        """,
        {"stage": stage},
    )
    return int(run.execute("SELECT count(*) FROM judged WHERE removed").fetchall()[0][0])
