"""Rows of the catalogue as the app shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from app.errors import NotFoundError
from indexer.catalogue import SAMPLE_COLUMNS, Catalogue

Row = dict[str, Any]

# Up to this many the index is used (DuckDB's `index_scan_max_count`, 2,048 by default).
_AT_ONCE = 1_000

COLUMNS = tuple(column.name for column in SAMPLE_COLUMNS)


@dataclass(frozen=True, slots=True)
class Sample:
    """All a catalogue knows about one sample.

    Attributes:
        row: value by column name of `samples`.
        ledger: value by column name of `ledger`.
        shard: name of the shard it was read from.
        file: path of the file its image lies in; None for a caption-only sample.
    """

    row: Row
    ledger: Row
    shard: str | None
    file: str | None

    @property
    def id(self) -> int:
        """Row number in the catalogue."""
        return int(self.row["id"])


def rows_of(cursor: duckdb.DuckDBPyConnection) -> list[Row]:
    """The rows `cursor` holds, by column name."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def fetch_rows(catalogue: Catalogue, ids: Sequence[int], columns: Sequence[str] = COLUMNS) -> list[Row]:
    """The samples of `ids`, in that order, with `columns`; an id the catalogue lacks is left out."""
    select = ", ".join(f'"{name}"' for name in dict.fromkeys(("id", *columns)))
    cursor = catalogue.connect()
    found: dict[int, Row] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        # DuckDB looks constants up in the index on `id`; a join with a list it does by reading the table.
        query = f"SELECT {select} FROM samples WHERE id IN ({', '.join('?' * len(some))})"  # noqa: S608
        found |= {row["id"]: row for row in rows_of(cursor.execute(query, some))}
    return [found[id_] for id_ in ids if id_ in found]


def fetch_sample(catalogue: Catalogue, id_: int) -> Sample:
    """One sample with its ledger entry and where it lies.

    Raises:
        NotFoundError: the catalogue has no such id.
    """
    rows = fetch_rows(catalogue, [id_])
    if not rows:
        raise no_sample(catalogue, id_)
    row = rows[0]
    cursor = catalogue.connect()
    ledger = rows_of(cursor.execute("SELECT * FROM ledger WHERE id = ?", [id_]))
    shard = cursor.execute("SELECT name FROM shards WHERE shard = ?", [row["shard"]]).fetchone()
    file = cursor.execute("SELECT path FROM files WHERE file = ?", [row["file"]]).fetchone()
    return Sample(
        row=row,
        ledger=ledger[0] if ledger else {},
        shard=shard[0] if shard else None,
        file=file[0] if file else None,
    )


def no_sample(catalogue: Catalogue, id_: int) -> NotFoundError:
    """The error for an id outside the catalogue."""
    return NotFoundError(
        f"there is no sample {id_}.", f"This catalogue has the ids 0 to {catalogue.manifest.samples - 1:,}."
    )
