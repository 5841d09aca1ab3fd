"""How the CSV files of this project are written: columns as text by SQL, rows as bytes.

UTF-8, CRLF, quoting as RFC 4180 says, one header line. A text that a spreadsheet would run as a formula (it
begins with `=`, `+`, `-`, `@`, tab, CR or LF) gets an apostrophe in front; numbers stay numbers.
Lists are JSON.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from indexer.catalogue.schema import Column

Texts = tuple[str | None, ...]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_text(column: Column, table: str) -> str:
    """SQL that writes a column of `table` as text; floats get the fewest digits that read back the same."""
    name = f'{table}."{column.name}"'
    if pa.types.is_string(column.type):
        marks = ", ".join(f"chr({ord(mark)})" for mark in _FORMULA)
        return f"CASE WHEN left({name}, 1) IN ({marks}) THEN '''' || {name} ELSE {name} END"
    if pa.types.is_list(column.type):
        return f"CAST(to_json({name}) AS VARCHAR)"
    if pa.types.is_timestamp(column.type):
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S')"
    return f"CAST({name} AS VARCHAR)"


def guarded(text: str | None) -> str | None:
    """`text`, with an apostrophe in front where a spreadsheet would run it as a formula."""
    return f"'{text}" if text is not None and text.startswith(_FORMULA) else text


def csv_bytes(names: Sequence[str], batches: Iterable[Sequence[Texts]]) -> Iterator[bytes]:
    """The file, a piece a batch."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(names)
    for batch in batches:
        writer.writerows(batch)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()
