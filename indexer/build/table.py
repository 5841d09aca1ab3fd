"""Parts into one table: ids, unique keys, joined columns, catalogue stages, the finished database.

Everything here is SQL over the Parquet parts, so that memory does not grow with the catalogue.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from indexer.build.join import write_joined
from indexer.build.part import Parts
from indexer.catalogue.cube import write_facet_counts
from indexer.catalogue.database import TABLES, create_tables, fill_stage_counts
from indexer.catalogue.schema import KEPT, LEDGER_COLUMNS
from indexer.joins import Join
from indexer.records import Shard
from indexer.stages import CatalogueStage

_MEMORY = "4GB"

_GEO_TIER = """
    CASE
        WHEN latitude IS NOT NULL AND longitude IS NOT NULL THEN 'point'
        WHEN utm_zone IS NOT NULL THEN 'zone'
        WHEN country IS NOT NULL OR city IS NOT NULL OR len(entities) > 0 THEN 'place'
        ELSE 'none'
    END
"""


class Assembly:
    """A database beside the parts in which the catalogue's table is worked out.

    Args:
        parts: finished parts, one a shard.
        shards: in the order of their parts.
    """

    def __init__(self, parts: Parts, shards: Sequence[Shard]) -> None:
        self._parts = parts
        self._work = parts.folder / "work.duckdb"
        for left in parts.folder.glob("work.duckdb*"):
            left.unlink()
        self.connection = duckdb.connect(
            self._work, config={"memory_limit": _MEMORY, "temp_directory": str(parts.folder / "spill")}
        )
        self._number(shards)

    def close(self) -> None:
        """Close and delete the working database."""
        self.connection.close()
        self._work.unlink(missing_ok=True)

    @property
    def samples(self) -> int:
        """Number of samples read."""
        return int(self.connection.execute("SELECT count(*) FROM verdicts").fetchall()[0][0])

    def _number(self, shards: Sequence[Shard]) -> None:
        """Give every sample its id: shards in order, rows in order."""
        counts = [self._parts.finished(number) for number in range(len(shards))]
        firsts, first = [], 0
        for summary in counts:
            firsts.append(first)
            first += summary.samples if summary else 0
        numbering = pa.table(
            {
                "shard": pa.array(range(len(shards)), pa.int32()),
                "name": [shard.name for shard in shards],
                "kind": [shard.kind for shard in shards],
                "first": pa.array(firsts, pa.int64()),
            }
        )
        files = [str(self._parts.samples(number)) for number in range(len(shards))]
        run = self.connection
        run.register("numbering", numbering)
        run.execute("CREATE TABLE numbered AS FROM numbering")
        # A view takes no prepared parameters; the list of files is a table function's literal.
        literal = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
        run.execute(
            f"""
            CREATE VIEW read AS
            SELECT numbered.first + part."row" AS id, part.*
            FROM read_parquet([{literal}]) AS part JOIN numbered USING (shard)
            """  # noqa: S608 - quoted above
        )
        run.execute(
            """
            CREATE TABLE verdicts AS
            SELECT id, stage, reason, detail, score, threshold, keyword,
                NULL::BIGINT AS keeper, NULL::BIGINT AS cluster, notes
            FROM read ORDER BY id
            """
        )
        run.execute("CREATE VIEW described AS SELECT * FROM read")

    def make_keys_unique(self) -> None:
        """Rename every key that came before: shards may number their samples alike.

        `0001` of a second shard `b.tar` becomes `b.tar/0001`, a second one of the same shard `0001#2`; the
        ledger says so.
        """
        self.connection.execute(
            """
            CREATE TABLE renamed AS
            WITH again AS (
                SELECT id, key, shard, min(shard) OVER (PARTITION BY key) AS first_shard,
                    row_number() OVER (PARTITION BY key ORDER BY id) AS nth,
                    row_number() OVER (PARTITION BY key, shard ORDER BY id) AS nth_in_shard
                FROM read WHERE key IN (SELECT key FROM read GROUP BY key HAVING count(*) > 1)
            )
            SELECT again.id,
                CASE WHEN shard = first_shard THEN '' ELSE numbered.name || '/' END || key
                    || CASE WHEN nth_in_shard > 1 THEN '#' || nth_in_shard ELSE '' END AS key,
                'key ' || key || ' was taken by another sample' AS note
            FROM again JOIN numbered USING (shard) WHERE nth > 1
            """
        )
        self.connection.execute(
            """
            UPDATE verdicts SET notes = list_append(notes, note) FROM renamed WHERE renamed.id = verdicts.id
            """
        )

    def join(self, joins: Sequence[Join]) -> None:
        """Add the columns of metadata files; what they say goes over what the source says."""
        columns = write_joined(self.connection, joins, self._parts.folder / "joined.parquet")
        replaced = [f'coalesce(joined."{name}", read."{name}") AS "{name}"' for name in columns]
        if "extra" in columns:
            replaced[columns.index("extra")] = (
                "CASE WHEN joined.extra IS NULL THEN read.extra"
                " ELSE json_merge_patch(coalesce(read.extra, '{}'), joined.extra)::VARCHAR END AS extra"
            )
        self.connection.execute(
            f"""
            CREATE OR REPLACE VIEW described AS
            SELECT read.* REPLACE (
                coalesce(renamed.key, read.key) AS key
                {"".join(", " + column for column in replaced)}
            )
            FROM read LEFT JOIN renamed USING (id)
            {"LEFT JOIN joined USING (id)" if columns else ""}
            """  # noqa: S608 - column names are the schema's
        )

    def judge(self, stage: CatalogueStage) -> None:
        """Run a stage over what is left and write its removals down."""
        self.connection.execute(
            f"""
            CREATE OR REPLACE VIEW remaining AS
            SELECT described.* FROM described JOIN verdicts USING (id) WHERE verdicts.stage = '{KEPT}'
            """  # noqa: S608
        )
        removals = stage.judge(self.connection)
        removals.create("removals")
        self.connection.execute(
            """
            UPDATE verdicts SET stage = ?, reason = removals.reason, detail = removals.detail,
                score = removals.score, threshold = removals.threshold,
                keeper = removals.keeper, cluster = removals.cluster
            FROM removals WHERE removals.id = verdicts.id
            """,
            [stage.name],
        )
        self.connection.execute("DROP TABLE removals")

    def write(self, database: Path, out: Path) -> None:
        """Write the finished tables into the new file `database`.

        Args:
            database: where.
            out: the catalogue's final folder, from which relative paths start.
        """
        self._number_files(out)
        with duckdb.connect(database) as finished:
            create_tables(finished)
        run = self.connection
        run.execute(f"ATTACH '{str(database).replace(chr(39), chr(39) * 2)}' AS finished")
        own = {
            "stage": "verdicts.stage",
            "file": "files.file",
            "geo_tier": _GEO_TIER,
        }
        columns = ", ".join(
            f'{own.get(column.name, f"""described."{column.name}" """)} AS "{column.name}"'
            for column in TABLES["samples"]
        )
        run.execute(
            f"""
            INSERT INTO finished.samples
            SELECT {columns}
            FROM described JOIN verdicts USING (id)
            LEFT JOIN files ON files.path = described.image_path
            ORDER BY described.id
            """  # noqa: S608
        )
        ledger = ", ".join(column.name for column in LEDGER_COLUMNS)
        run.execute(f"INSERT INTO finished.ledger SELECT {ledger} FROM verdicts ORDER BY id")  # noqa: S608
        run.execute(
            """
            INSERT INTO finished.files SELECT file, path, relative_path, bytes FROM files ORDER BY file
            """
        )
        run.execute(
            """
            INSERT INTO finished.shards
            SELECT shard, numbered.name, kind, count(samples.id), count(samples.id) FILTER (stage = 'kept')
            FROM numbered LEFT JOIN finished.samples AS samples USING (shard)
            GROUP BY ALL ORDER BY shard
            """
        )
        run.execute("DETACH finished")
        with duckdb.connect(database) as finished:
            fill_stage_counts(finished)
            write_facet_counts(finished)
            finished.execute("CHECKPOINT")

    def _number_files(self, out: Path) -> None:
        """Table `files`, in the order in which samples name them."""
        self.connection.create_function(
            "relative",
            lambda path: os.path.relpath(path, out),
            [str],
            str,
        )
        self.connection.execute(
            """
            CREATE TABLE files AS
            SELECT (row_number() OVER (ORDER BY first) - 1)::INTEGER AS file,
                path, relative(path) AS relative_path, bytes
            FROM (
                SELECT image_path AS path, min(id) AS first, max(image_path_bytes) AS bytes
                FROM read WHERE image_path IS NOT NULL GROUP BY image_path
            )
            """
        )
