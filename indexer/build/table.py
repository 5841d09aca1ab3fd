"""Parts into one table: ids, unique keys, joined columns.

Everything here is SQL over the Parquet parts. Only what differs from them is written down, by id and in the
order of the ids, so that a stretch of the table can be put together by itself (`write_tables.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

import duckdb
import pyarrow as pa

from indexer.build.join import write_joined
from indexer.build.part import Parts
from indexer.build.sql import quoted
from indexer.joins import Join
from indexer.records import Shard


def _tier(table: str) -> str:
    """SQL: how much `table` knows of a place; 3 a point, 2 a UTM zone, 1 a name, 0 nothing."""
    return f"""CASE
        WHEN {table}.latitude IS NOT NULL AND {table}.longitude IS NOT NULL THEN 3
        WHEN {table}.utm_zone IS NOT NULL THEN 2
        WHEN {table}.country IS NOT NULL OR {table}.city IS NOT NULL OR len({table}.entities) > 0 THEN 1
        ELSE 0 END"""


# What tells of the place tells it as a whole.
_PLACED = ('AS "geo_origin"', 'AS "point_kind"')
_JOINED_PLACE = [
    f"""CASE WHEN {_tier("joined")} > 0 AND {_tier("joined")} >= {_tier("read")} THEN 'join'
        ELSE read.geo_origin END AS "geo_origin\"""",
    'CASE WHEN joined.latitude IS NOT NULL THEN joined.point_kind ELSE read.point_kind END AS "point_kind"',
]


class Assembly:
    """The catalogue's table as it comes about, in temporary tables of a connection.

    Args:
        connection: what is made there is temporary.
        parts: finished parts, one a shard.
        shards: in the order of their parts.

    Attributes:
        samples: number of samples read.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, parts: Parts, shards: Sequence[Shard]) -> None:
        self.connection = connection
        self._parts = parts
        self._joined: list[str] = []
        self._counts = parts.samples_of(len(shards))
        self._firsts = [0, *accumulate(self._counts)][:-1]
        self.samples = sum(self._counts)
        self._number(shards)
        connection.execute("CREATE TEMP TABLE renamed (id BIGINT, key VARCHAR, note VARCHAR)")

    def _number(self, shards: Sequence[Shard]) -> None:
        """Give every sample its id: shards in order, rows in order."""
        numbering = pa.table(
            {
                "shard": pa.array(range(len(shards)), pa.int32()),
                "name": [shard.name for shard in shards],
                "kind": [shard.kind for shard in shards],
                "first": pa.array(self._firsts, pa.int64()),
            }
        )
        self.connection.register("numbering", numbering)
        self.connection.execute("CREATE TEMP TABLE numbered AS FROM numbering")
        self.connection.unregister("numbering")
        self.connection.execute(f"CREATE TEMP VIEW read AS {self.read(0, self.samples)}")

    def read(self, first: int, last: int) -> str:
        """SQL: what the parts say of the samples with the ids `first` to `last`, with their `id`."""
        shards = zip(self._firsts, self._counts, strict=True)
        # A view takes no prepared parameters; the list of files is a table function's literal.
        files = ", ".join(
            quoted(str(self._parts.samples(number)))
            for number, (begin, count) in enumerate(shards)
            if begin <= last and begin + count > first
        )
        return f"""
            SELECT numbered.first + part."row" AS id, part.*
            FROM read_parquet([{files}]) AS part JOIN numbered USING (shard)
            WHERE numbered.first + part."row" BETWEEN {first} AND {last}
        """  # noqa: S608 - quoted above

    def described(self, read: str, among: str = "true") -> str:
        """SQL: `read` with its final keys and what metadata files add; `among` limits the ids looked up."""
        replaced = [f'coalesce(joined."{name}", read."{name}") AS "{name}"' for name in self._joined]
        if "extra" in self._joined:
            replaced[self._joined.index("extra")] = (
                "CASE WHEN joined.extra IS NULL THEN read.extra"
                " ELSE json_merge_patch(coalesce(read.extra, '{}'), joined.extra)::VARCHAR END AS extra"
            )
        if self._joined:
            replaced = [column for column in replaced if not column.endswith(_PLACED)]
            replaced += _JOINED_PLACE
        replaced += ["coalesce(renamed.key, read.key) AS key"]
        notes = ["read.notes", "CASE WHEN renamed.note IS NOT NULL THEN [renamed.note] END"]
        joined = ""
        if self._joined:
            notes += ["joined.notes"]
            joined = f"LEFT JOIN (FROM joined WHERE {among}) AS joined USING (id)"
        return f"""
            SELECT read.* REPLACE ({", ".join(replaced)}, list_concat({", ".join(notes)}) AS notes)
            FROM ({read}) AS read
            LEFT JOIN (FROM renamed WHERE {among}) AS renamed USING (id)
            {joined}
        """  # noqa: S608 - column names are the schema's

    def make_keys_unique(self) -> None:
        """Rename every key that came before: shards may number their samples alike.

        `0001` of a second shard `b.tar` becomes `b.tar/0001`, a second one of the same shard `0001#2`; the
        ledger says so.
        """
        # Keys themselves would take ten times the memory of their hashes; two that only hash alike fall out.
        self.connection.execute(
            """
            INSERT INTO renamed
            WITH again AS (
                SELECT id, key, shard, min(shard) OVER (PARTITION BY key) AS first_shard,
                    row_number() OVER (PARTITION BY key ORDER BY id) AS nth,
                    row_number() OVER (PARTITION BY key, shard ORDER BY id) AS nth_in_shard
                FROM read WHERE hash(key) IN (SELECT hash(key) FROM read GROUP BY ALL HAVING count(*) > 1)
            )
            SELECT again.id,
                CASE WHEN shard = first_shard THEN '' ELSE numbered.name || '/' END || key
                    || CASE WHEN nth_in_shard > 1 THEN '#' || nth_in_shard ELSE '' END AS key,
                'key ' || key || ' was taken by another sample' AS note
            FROM again JOIN numbered USING (shard) WHERE nth > 1
            ORDER BY again.id
            """
        )

    def join(self, joins: Sequence[Join], path: Path, reached: Callable[[int], None]) -> None:
        """Add the columns of metadata files; what they say goes over what the source says.

        Args:
            joins: the files.
            path: file for what they say; needed as long as the connection.
            reached: told how many samples are looked up.
        """
        self._joined = write_joined(self.connection, joins, path, reached)

    def describe(self) -> None:
        """Make the view `facts`, which stages decide over."""
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW facts AS {self.described('FROM read')}")
