"""Every row of a raw list judged by DuckDB, in the list's order and with bounded memory."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from indexer.errors import UserError
from indexer.keywords import Keywords
from indexer.lists.raw_list import RawList

KEPT = "kept"
MALFORMED = "malformed"
UNREADABLE = "unreadable"
# Verdicts by number, in the order in which they are tried.
VERDICTS = (KEPT, "no_url", "no_caption", "no_keyword", MALFORMED)
REMOVED = (*VERDICTS[1:], UNREADABLE)
_BATCH = 122_880
_SPACES = r"e' \t\r\n'"


class CannotReadOnError(Exception):
    """A list cannot be read on; the message says why, in one line."""


def connect(memory: str, threads: int | None, temporary: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that filters lists.

    Args:
        memory: limit as DuckDB takes it, `1GB`.
        threads: number of threads; all cores if None.
        temporary: folder for what does not fit.
    """
    config: dict[str, str | int] = {"memory_limit": memory, "temp_directory": str(temporary)}
    if threads is not None:
        config["threads"] = threads
    return duckdb.connect(config=config)  # type: ignore[arg-type]


def scan(
    connection: duckdb.DuckDBPyConnection,
    raw: RawList,
    keywords: Keywords | None,
    first: int,
    *,
    everything: bool,
    lenient: bool = False,
) -> Iterator[pa.RecordBatch]:
    """Yield batches of all rows from row number `first` (from 0) on.

    Without keywords every row with an address is kept. Columns: `verdict` uint8, an index into `VERDICTS`;
    `url` and `caption`, of kept rows only unless `everything` is asked for.

    Raises:
        CannotReadOnError: the list cannot be read on.
        UserError: DuckDB has not enough memory.
    """
    shown = "true" if everything else "verdict = 0"
    malformed = "malformed" if raw.kind == "jsonl" else "false"
    relation = connection.sql(
        f"""
        SELECT verdict, CASE WHEN {shown} THEN url END AS url, CASE WHEN {shown} THEN caption END AS caption
        FROM (
            SELECT url, caption, CASE
                WHEN {malformed} THEN 4
                WHEN {_is_blank("url")} THEN 1
                {_by_caption(keywords)}
            END::UTINYINT AS verdict
            FROM ({raw.lenient_sql if lenient else raw.sql})
        )
        """,  # noqa: S608
        params={
            **({"pattern": keywords.pattern} if keywords else {}),
            **({"first": first} if raw.kind == "parquet" else {}),
        },
    )
    passed = first if raw.kind != "parquet" else 0
    for batch in _batches(relation):
        # What is no Parquet can only be read from its beginning.
        skipped = min(passed, len(batch))
        passed -= skipped
        if skipped < len(batch):
            yield batch.slice(skipped)


def _batches(relation: duckdb.DuckDBPyRelation) -> Iterator[pa.RecordBatch]:
    try:
        yield from relation.to_arrow_reader(_BATCH)
    except (duckdb.Error, pa.ArrowException, OSError, RuntimeError) as error:
        text = str(error)
        if "interrupt" in text.lower():
            raise KeyboardInterrupt from None
        if "Out of Memory" in text:
            raise UserError("DuckDB needs more memory.", "Give it more with --memory.") from None
        if os.strerror(errno.ENOSPC) in text:
            raise
        raise CannotReadOnError(next(iter(text.splitlines()), "unknown reason")) from None


def rejected(connection: duckdb.DuckDBPyConnection, shown: int) -> tuple[int, list[str]]:
    """Number of rows that the last scan could not read, and what is wrong with the first of them."""
    lines = (
        "FROM (SELECT line, arg_min(error_message, byte_position) AS why FROM reject_errors GROUP BY line)"
    )
    [(count,)] = connection.execute(f"SELECT count(*) {lines}").fetchall()
    first = connection.execute(f"SELECT line, why {lines} ORDER BY line LIMIT {shown}").fetchall()
    return count, [f"line {line:,}: {str(why).splitlines()[0]}" for line, why in first]


def forget_rejected(connection: duckdb.DuckDBPyConnection) -> None:
    """Begin the notes of unreadable rows anew."""
    connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")


def _by_caption(keywords: Keywords | None) -> str:
    if keywords is None:
        return "ELSE 0"
    return f"WHEN {_is_blank('caption')} THEN 2 WHEN regexp_matches(caption, $pattern) THEN 0 ELSE 3"


def _is_blank(column: str) -> str:
    # Only what sorts before '!' can be blank: the common case is one comparison.
    return f"({column} IS NULL OR ({column} < '!' AND trim({column}, {_SPACES}) = ''))"
