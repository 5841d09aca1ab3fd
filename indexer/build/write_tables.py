"""The first step of putting a catalogue together: its database, written a stretch of samples at a time."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from indexer.build.decision import Decision
from indexer.build.part import Parts
from indexer.build.placed import placed
from indexer.build.progress import Progress
from indexer.build.table import Assembly
from indexer.catalogue.cube import write_facet_counts
from indexer.catalogue.database import TABLES, create_tables, fill_stage_counts, index_ids
from indexer.catalogue.hashes import hash_tables
from indexer.catalogue.schema import KEPT
from indexer.catalogue.scores import SCORE_COLUMNS, score_table
from indexer.joins import Join
from indexer.records import Shard

# Whole row groups of DuckDB, which it would merge and write again if they were not; sorting and joining all
# columns takes about 2 kB of memory a sample.
_STRETCH = 2 * 122_880
# DuckDB's own default is 80 % of the machine's memory. With less than this it spills more and is slower;
# what it takes beside its buffers comes on top.
_MEMORY = "2GB"
_MOST_THREADS = 4

_GEO_TIER = """
    CASE
        WHEN latitude IS NOT NULL AND longitude IS NOT NULL THEN 'point'
        WHEN utm_zone IS NOT NULL THEN 'zone'
        WHEN country IS NOT NULL OR city IS NOT NULL OR len(entities) > 0 THEN 'place'
        ELSE 'none'
    END
"""

# FMoW's point is a corner of the first box that was drawn, wherever it was published.
_POINT_KIND = """
    CASE
        WHEN latitude IS NULL OR longitude IS NULL THEN NULL
        WHEN lower(point_kind) IN ('centre', 'center') THEN 'centre'
        WHEN lower(point_kind) = 'corner' THEN 'corner'
        WHEN source = 'FMoW' AND geo_origin IN ('table', 'join') THEN 'corner'
    END
"""


def _of_point(column: str) -> str:
    """SQL: what follows from the point, which may be nothing; what is given only where there is no point."""
    found = column.replace("utm_", "placed.point_")
    return f"CASE WHEN placed.point_mgrs IS NULL THEN {column} ELSE {found} END"


_FOLLOWING = {
    **{column: _of_point(column) for column in ("utm_zone", "utm_band", "utm_hemisphere")},
    "mgrs": "placed.point_mgrs",
    "country": "coalesce(placed.standard_country, country)",
    "country_code": "placed.standard_country_code",
    "point_kind": _POINT_KIND,
    "geo_tier": _GEO_TIER,
    "geo_origin": f"CASE WHEN {_GEO_TIER} = 'none' THEN NULL ELSE geo_origin END",
    "notes": "CASE WHEN placed.point_note IS NULL THEN notes ELSE list_append(coalesce(notes, []), "
    "placed.point_note) END",
}
"""Columns that follow from the place of a sample, in SQL."""

_JUDGED = ("reason", "detail", "score", "threshold", "keeper", "cluster")


def connect(database: Path, spill: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open `database` with bounded memory; what does not fit goes into the folder `spill`."""
    return duckdb.connect(
        database,
        read_only=read_only,
        config={
            "memory_limit": _MEMORY,
            "temp_directory": str(spill),
            "threads": min(_MOST_THREADS, os.cpu_count() or 1),
        },
    )


def write_tables(
    database: Path,
    out: Path,
    parts: Parts,
    shards: Sequence[Shard],
    joins: Sequence[Join],
    decision: Decision,
    progress: Progress,
) -> dict[str, Any]:
    """Write all tables into the new file `database`.

    Args:
        database: where.
        out: the catalogue's final folder, from which relative paths start.
        parts: one of each shard.
        shards: in the order of their parts.
        joins: metadata files to add columns from.
        decision: the stages, and what they decide from beside the tables.
        progress: listens.

    Returns:
        `hashes` by table, `joins`: a report of each metadata file, and `reports` of the stages.
    """
    with connect(database, database.with_name("spill")) as connection:
        create_tables(connection)
        assembly = Assembly(connection, parts, shards)
        progress.phase("numbering samples")
        assembly.make_keys_unique()
        if joins:
            progress.phase("joining metadata", assembly.samples)
            assembly.join(joins, database.with_name("joined.parquet"), progress.reached)
        assembly.describe()
        reports = decision.take(connection, assembly.samples, progress)
        progress.phase("writing tables", assembly.samples)
        _number_files(connection, out)
        connection.execute("BEGIN")
        for first in range(0, assembly.samples, _STRETCH):
            last = min(first + _STRETCH, assembly.samples) - 1
            _write(assembly, first, last, decision.scores)
            progress.reached(last + 1)
        connection.execute(
            """
            INSERT INTO files SELECT file, path, relative_path, bytes FROM named ORDER BY file;
            INSERT INTO faults SELECT id, fault_stage, fault, fault_detail
            FROM read WHERE fault IS NOT NULL ORDER BY id;
            INSERT INTO shards
            SELECT shard, numbered.name, kind, count(samples.id), count(samples.id) FILTER (stage = 'kept')
            FROM numbered LEFT JOIN samples USING (shard)
            GROUP BY ALL ORDER BY shard
            """
        )
        connection.execute("COMMIT")
        progress.phase("counting")
        fill_stage_counts(connection)
        write_facet_counts(connection)
        index_ids(connection)
        connection.execute("CHECKPOINT")
        progress.phase("hashing tables")
        return {
            "hashes": hash_tables(connection),
            "joins": [asdict(join.report()) for join in joins],
            "reports": reports,
        }


def _write(assembly: Assembly, first: int, last: int, scores: Mapping[str, NDArray[np.float32]]) -> None:
    """Add the samples with the ids `first` to `last` to `samples` and `ledger`."""
    among = f"id BETWEEN {first} AND {last}"
    run = assembly.connection
    described = assembly.described(assembly.read(first, last), among)
    given = f"""
        ({described}) AS described
        LEFT JOIN placed USING (id)
        LEFT JOIN (FROM removed WHERE {among}) AS removed USING (id)
        LEFT JOIN (FROM matched WHERE {among}) AS matched USING (id)
        LEFT JOIN scored USING (id)
    """
    own = {
        "stage": f"coalesce(removed.stage, '{KEPT}')",
        "file": "named.file",
        **_FOLLOWING,
        "keyword": "matched.keyword",
        **{column: f"scored.{column}" for column in SCORE_COLUMNS.values()},
        **{name: f"removed.{name}" for name in _JUDGED},
    }

    def columns(table: str) -> str:
        return ", ".join(own.get(column.name, f'described."{column.name}"') for column in TABLES[table])

    run.register("scored", score_table(scores, first, last + 1))
    run.register("placed", placed(run, described))
    run.execute(f"INSERT INTO ledger SELECT {columns('ledger')} FROM {given} ORDER BY described.id")  # noqa: S608
    run.execute(
        f"""
        INSERT INTO samples SELECT {columns("samples")} FROM {given}
        LEFT JOIN (FROM named WHERE first <= {last} AND last >= {first}) AS named
            ON named.path = described.image_path
        ORDER BY described.id
        """  # noqa: S608 - column names are the schema's
    )
    run.unregister("scored")
    run.unregister("placed")


def _number_files(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Table `named`: image files in the order in which samples name them, and the first and last that do."""
    connection.create_function("relative", lambda path: os.path.relpath(path, out), [str], str)
    connection.execute(
        """
        CREATE TEMP TABLE named AS
        SELECT (row_number() OVER (ORDER BY first) - 1)::INTEGER AS file,
            path, relative(path) AS relative_path, bytes, first, last
        FROM (
            SELECT image_path AS path, min(id) AS first, max(id) AS last, max(image_path_bytes) AS bytes
            FROM read WHERE image_path IS NOT NULL GROUP BY image_path
        )
        ORDER BY file
        """
    )
