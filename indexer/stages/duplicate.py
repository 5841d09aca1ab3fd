"""Keeps one of several copies: samples with the same URL or the same image bytes."""

from __future__ import annotations

import duckdb

# RS5M's preference (section on duplicates): a LAIONCOCO copy goes first, these three are kept first.
_PREFERRED = ("LAION2B", "LAION400M", "COYO700M")
_LAST = "LAIONCOCO"


class Duplicate:
    """Removes all but one of each cluster of copies.

    Two samples are copies if their URL (not empty) or their image's SHA-256 is the same; copies of copies are
    one cluster. The keeper is from a preferred source if the cluster has one, from LAIONCOCO only if nothing
    else is there, and has the lowest id among equals.
    """

    name = "duplicate"

    def judge(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Every copy that is not its cluster's keeper."""
        _find_copies(connection)
        _spread_lowest_id(connection)
        connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE keepers AS
            SELECT cluster, arg_min(id, (rank, id)) AS keeper
            FROM (
                SELECT cluster, id,
                    CASE WHEN list_contains(?, source) THEN 0 WHEN source = ? THEN 2 ELSE 1 END AS rank
                FROM copies
            )
            GROUP BY cluster
            """,
            [list(_PREFERRED), _LAST],
        )
        return connection.sql(
            """
            SELECT
                copy.id,
                CASE
                    WHEN copy.sha256 = kept.sha256 THEN 'same_bytes'
                    WHEN copy.url = kept.url THEN 'same_url'
                    ELSE 'copy_of_copy'
                END AS reason,
                CASE
                    WHEN copy.sha256 = kept.sha256 THEN 'The image has the same bytes as sample '
                    WHEN copy.url = kept.url THEN 'The image was published at the same URL as sample '
                    ELSE 'The image is a copy of a copy of sample '
                END || kept.id || ' (' || kept.key || ').' AS detail,
                NULL::DOUBLE AS score,
                NULL::DOUBLE AS threshold,
                keeper,
                cluster
            FROM copies AS copy JOIN keepers USING (cluster) JOIN copies AS kept ON kept.id = keeper
            WHERE copy.id <> keeper
            ORDER BY copy.id
            """
        )


def _find_copies(connection: duckdb.DuckDBPyConnection) -> None:
    """Table `copies`: every sample that shares URL or bytes with another.

    Told by hashes of 64 bits, which take a tenth of the memory. Two that only hash alike make a sample a copy
    of itself alone, which is kept.
    """
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE hashed AS
        SELECT id, CASE WHEN trim(url) <> '' THEN hash(trim(url)) END AS url,
            CASE WHEN sha256 IS NOT NULL THEN hash(sha256) END AS sha256
        FROM remaining;

        CREATE OR REPLACE TEMP TABLE copies AS
        SELECT id, key, source, sha256, nullif(trim(url), '') AS url, id AS cluster
        FROM remaining SEMI JOIN (
            SELECT id FROM hashed
            WHERE url IN (SELECT url FROM hashed GROUP BY url HAVING count(*) > 1)
                OR sha256 IN (SELECT sha256 FROM hashed GROUP BY sha256 HAVING count(*) > 1)
        ) USING (id);

        DROP TABLE hashed
        """
    )


def _spread_lowest_id(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every copy the lowest id it is connected to; each round goes one link further."""
    while True:
        changed = connection.execute(
            """
            UPDATE copies SET cluster = lower.cluster
            FROM (
                SELECT id, least(
                    min(cluster) OVER (PARTITION BY coalesce(url, 'id ' || id)),
                    min(cluster) OVER (PARTITION BY coalesce(sha256, 'id ' || id))
                ) AS cluster
                FROM copies
            ) AS lower
            WHERE copies.id = lower.id AND copies.cluster > lower.cluster
            """
        ).fetchall()[0][0]
        if not changed:
            return
