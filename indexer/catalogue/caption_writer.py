"""Writing the caption index: one tantivy segment whose documents are in the order of their ids.

One segment makes ties fall to the smaller id, and that the same whichever run wrote the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import tantivy
from numpy.typing import NDArray

from indexer.catalogue.facets import FACETS, MISSING
from indexer.catalogue.orders import DEFAULT_SORT, SORTS

# English stemming: "airports" finds "airport". Phrases need the positions that this field keeps by default.
CAPTION_TOKENIZER = "en_stem"
# Fast fields that say where a sample comes in a sort; `id` is its own place, and the default is relevance.
PLACES = tuple(name for name in SORTS if name not in (DEFAULT_SORT, "id"))

# Points are also indexed by the square of this side that they lie in, so that a box is soon found.
CELL_DEGREES = 5
# tantivy drops tokens of more than 65,530 bytes; nobody asks for a value of this length.
_VALUE_CHARS = 10_000

# tantivy's default policy (LogMergePolicy) merges segments of like size as soon as there are this many.
_MERGED_AT_ONCE = 8
# Caption characters that one thread inverts before it writes a segment: about 200 MB of memory.
_SEGMENT_CHARS = 80_000_000
# A segment ends where this says so or at a commit; the commits come long before.
_HEAP_BYTES = 2_000_000_000
_BATCH = 10_000


def write_captions(
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    orders: Mapping[str, NDArray[np.int32]],
    reached: Callable[[int], None] = lambda done: None,
) -> None:
    """Index the captions of `samples` that are not empty, into the new folder `folder`.

    Args:
        folder: made here; a complete index when this returns, of no use before.
        connection: the database with the filled table `samples`.
        orders: ids by name of sort, each int32 (samples,); of `PLACES` at least.
        reached: told now and then how many samples have been looked at.
    """
    captions, chars = connection.execute(
        "SELECT count(*), coalesce(sum(length(caption)), 0) FROM samples WHERE caption <> ''"
    ).fetchall()[0]
    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder), sort_by_field="id")
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    segments = _segments(captions, chars)
    ends = {captions * segment // segments for segment in range(1, segments)}
    for number, document in enumerate(_documents(connection, orders, reached), start=1):
        writer.add_document(document)
        if number in ends:
            writer.commit()
    writer.commit()
    writer.wait_merging_threads()


def facet_token(name: str, value: str) -> str:
    """How the facet `name` with the value `value` is written in the field `facet`."""
    return f"{name}={value}"


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", fast=True)
    builder.add_text_field("caption", tokenizer_name=CAPTION_TOKENIZER)
    builder.add_text_field("facet", tokenizer_name="raw", index_option="basic")
    for name in PLACES:
        builder.add_integer_field(name, fast=True)
    builder.add_text_field("cell", tokenizer_name="raw", index_option="basic")
    builder.add_float_field("latitude", fast=True)
    builder.add_float_field("longitude", fast=True)
    return builder.build()


def _segments(captions: int, chars: int) -> int:
    """How many equal segments to write: a power of what is merged at once, so that all become one."""
    segments = 1
    while chars > segments * _SEGMENT_CHARS and captions >= segments * _MERGED_AT_ONCE:
        segments *= _MERGED_AT_ONCE
    return segments


def _documents(
    connection: duckdb.DuckDBPyConnection,
    orders: Mapping[str, NDArray[np.int32]],
    reached: Callable[[int], None],
) -> Iterator[Any]:
    places = {name: _places(orders[name]) for name in PLACES}
    facets = ", ".join(
        f"'{facet_token(facet.name, '')}' || left(coalesce({facet.sql}, '{MISSING}'), {_VALUE_CHARS})"
        for facet in FACETS
    )
    # Adding 0 makes -0.0 the 0.0 that SQL takes it for; tantivy tells the two apart.
    rows = (
        connection.cursor()
        .sql(
            f"""
            SELECT id, caption, [{facets}] AS facet, latitude + 0 AS latitude, longitude + 0 AS longitude,
                   CAST(floor(latitude / {CELL_DEGREES}) AS INTEGER) || ' '
                   || CAST(floor(longitude / {CELL_DEGREES}) AS INTEGER) AS cell
            FROM samples WHERE caption <> ''
            """  # noqa: S608 - this package's own expressions
        )
        .to_arrow_reader(_BATCH)
    )
    for batch in rows:
        ids = batch.column("id").to_numpy()
        columns = [batch.column(name).to_pylist() for name in batch.schema.names]
        columns += [place[ids].tolist() for place in places.values()]
        names = (*batch.schema.names, *places)
        for values in zip(*columns, strict=True):
            fields = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            yield tantivy.Document(**fields)
        reached(int(ids[-1]) + 1)


def _places(order: NDArray[np.int32]) -> NDArray[np.int32]:
    """Place of each id in `order`."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order), dtype=order.dtype)
    return places
