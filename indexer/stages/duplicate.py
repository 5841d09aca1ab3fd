"""Keeps one of several copies: the same URL, the same image bytes, or nearly the same picture."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import duckdb
import numpy as np
import pyarrow as pa
from pydantic import Field

from indexer.near import NearQuery, components
from indexer.stages.base import WEB, Facts, Judgement, StageSettings, Subsets, among

# Pairs are looked for down to this cosine whatever the threshold, so that another one needs no new search.
_FLOOR = 0.85


class DuplicateSettings(StageSettings):
    """What counts as a copy, and which copy stays.

    Attributes:
        url: whether samples of the same URL are copies.
        bytes: whether samples of the same image bytes are copies.
        near: samples of these subsets are copies if their pictures are nearly the same; `all` for every one,
            an empty list for none.
        cosine: least cosine of the image vectors of two near-duplicates.
        agreement: least correlation of their pictures, laid over each other (`indexer/near/agreement.py`):
            vectors of two scenes of one kind can be close, their pictures do not agree. 0 compares no
            pictures; samples without one are told by the cosine alone.
        neighbours: of each sample as many of its nearest are looked at; RS5M's k.
        preferred: a copy of these sources is kept first.
        last: a copy of these is kept only if nothing else is there.
    """

    url: bool = True
    bytes: bool = True
    near: Subsets = WEB
    cosine: Annotated[float, Field(ge=0, le=1)] = 0.9
    agreement: Annotated[float, Field(ge=0, le=1)] = 0.975
    neighbours: Annotated[int, Field(ge=1, le=100)] = 5
    preferred: tuple[str, ...] = ("LAION2B", "LAION400M", "COYO700M")
    last: tuple[str, ...] = ("LAIONCOCO",)


class Duplicate:
    """Removes all but one of each cluster of copies; copies of copies are one cluster.

    The keeper is from a preferred source if the cluster has one, from a last one only if nothing else is
    there, and has the lowest id among equals. Source of the rules: RS5M (Zhang et al., arXiv 2306.11300).
    """

    name: ClassVar[str] = "duplicate"
    Settings: ClassVar[type[StageSettings]] = DuplicateSettings
    by_score: ClassVar[bool] = False

    def __init__(self, settings: DuplicateSettings) -> None:
        self.settings = settings

    def judge(self, facts: Facts) -> Judgement:
        """Every copy that is not its cluster's keeper."""
        run = facts.connection
        found, report = self._near(facts)
        run.register("near_found", found)
        run.execute("CREATE OR REPLACE TEMP TABLE near_pairs AS FROM near_found")
        run.unregister("near_found")
        _find_copies(run, self.settings)
        _find_keepers(run, self.settings)
        judged = run.sql(_judged(self.settings.cosine))
        return Judgement(judged, report)

    def _near(self, facts: Facts) -> tuple[pa.Table, dict[str, Any]]:
        """Near-duplicates, as `first`, `second` and `cosine`, and what the search was."""
        settings, run = self.settings, facts.connection
        nothing: dict[str, Any] = {}
        if not settings.near:
            return _table(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)), nothing
        ids = run.sql(
            f"SELECT id FROM remaining WHERE has_vector AND {among(settings.near)} ORDER BY id"  # noqa: S608
        ).fetchnumpy()["id"]
        query = NearQuery(np.asarray(ids, np.int64), settings.neighbours, min(settings.cosine, _FLOOR))
        pairs = facts.near(query)
        near = pairs.where(pairs.cosine >= np.float32(settings.cosine))
        if settings.agreement:
            near = near.where(~(near.agreement < np.float32(settings.agreement)))
        report = {"compared": len(query.ids), "pairs": len(near), "search": query.key, "floor": query.floor}
        return _table(near.first, near.second, near.cosine), report


def _table(first: Any, second: Any, cosine: Any) -> pa.Table:
    return pa.table({"first": pa.array(first), "second": pa.array(second), "cosine": pa.array(cosine)})


def _find_copies(run: duckdb.DuckDBPyConnection, settings: DuplicateSettings) -> None:
    """Table `copies`: every sample that is linked to another, with its cluster.

    URLs and bytes are told by hashes of 64 bits, which take a tenth of the memory, then compared themselves.
    """
    url = "nullif(trim(url), '')" if settings.url else "NULL::VARCHAR"
    sha256 = "sha256" if settings.bytes else "NULL::VARCHAR"
    run.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE hashed AS
        SELECT id, CASE WHEN {url} IS NOT NULL THEN hash({url}) END AS url,
            CASE WHEN {sha256} IS NOT NULL THEN hash({sha256}) END AS sha256
        FROM remaining;

        CREATE OR REPLACE TEMP TABLE candidates AS
        SELECT id, key, source, {url} AS url, {sha256} AS sha256
        FROM remaining SEMI JOIN (
            SELECT id FROM hashed
            WHERE url IN (SELECT url FROM hashed GROUP BY url HAVING count(*) > 1)
                OR sha256 IN (SELECT sha256 FROM hashed GROUP BY sha256 HAVING count(*) > 1)
            UNION SELECT first FROM near_pairs UNION SELECT second FROM near_pairs
        ) USING (id);

        DROP TABLE hashed
        """  # noqa: S608 - own expressions
    )
    links = run.sql(
        """
        SELECT first, second FROM near_pairs
        UNION ALL SELECT min(id) OVER (PARTITION BY url) AS first, id FROM candidates
        WHERE url IS NOT NULL QUALIFY first <> id
        UNION ALL SELECT min(id) OVER (PARTITION BY sha256) AS first, id FROM candidates
        WHERE sha256 IS NOT NULL QUALIFY first <> id
        """
    ).fetchnumpy()
    clusters = components(links["first"], links["second"])
    run.register("clustered", pa.table({"id": clusters[:, 0], "cluster": clusters[:, 1]}))
    run.execute("CREATE OR REPLACE TEMP TABLE copies AS FROM candidates JOIN clustered USING (id)")
    run.unregister("clustered")


def _find_keepers(run: duckdb.DuckDBPyConnection, settings: DuplicateSettings) -> None:
    """Table `keepers`: which sample of each cluster stays."""
    run.execute(
        """
        CREATE OR REPLACE TEMP TABLE keepers AS
        SELECT cluster, arg_min(id, (rank, id)) AS keeper
        FROM (
            SELECT cluster, id, CASE
                WHEN list_contains($preferred, source) THEN 0 WHEN list_contains($last, source) THEN 2 ELSE 1
            END AS rank
            FROM copies
        )
        GROUP BY cluster
        """,
        {"preferred": list(settings.preferred), "last": list(settings.last)},
    )


def _judged(threshold: float) -> str:
    return f"""
        WITH said AS (
            SELECT copy.id, keeper, cluster, kept.key, near.cosine, CASE
                WHEN copy.sha256 = kept.sha256 THEN 'same_bytes'
                WHEN copy.url = kept.url THEN 'same_url'
                WHEN near.cosine IS NOT NULL THEN 'near_duplicate'
                ELSE 'copy_of_copy'
            END AS reason
            FROM copies AS copy JOIN keepers USING (cluster) JOIN copies AS kept ON kept.id = keeper
            LEFT JOIN near_pairs AS near
                ON near.first = least(copy.id, keeper) AND near.second = greatest(copy.id, keeper)
            WHERE copy.id <> keeper
        )
        SELECT id, true AS removed, reason,
            CASE reason
                WHEN 'same_bytes' THEN 'The image has the same bytes as sample '
                WHEN 'same_url' THEN 'The image was published at the same URL as sample '
                WHEN 'near_duplicate' THEN 'The picture is nearly the same as that of sample '
                ELSE 'The image is a copy of a copy of sample '
            END || keeper || ' (' || key || ').' AS detail,
            CASE WHEN reason = 'near_duplicate' THEN cosine END AS score,
            CASE WHEN reason = 'near_duplicate' THEN {threshold!r}::DOUBLE END AS threshold,
            keeper, cluster
        FROM said
    """  # noqa: S608 - a number
