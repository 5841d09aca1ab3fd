"""Samples as CSV, in the form that `app/query/csv_text.py` describes."""

from __future__ import annotations

from collections.abc import Iterator

from app.query.batches import ASKED, COLUMNS, Batch
from app.query.csv_text import Texts, as_text, csv_bytes
from indexer.catalogue import Catalogue

_RANKED = ("rank", "score")


def sample_csv(catalogue: Catalogue, batches: Iterator[Batch], ranked: bool) -> Iterator[bytes]:
    """The file, a piece a batch; with `rank` and `score` in front where samples are `ranked`."""
    names = [*(_RANKED if ranked else ()), *(column.name for column in COLUMNS)]
    return csv_bytes(names, (_rows(catalogue, batch) for batch in batches))


def _rows(catalogue: Catalogue, batch: Batch) -> list[Texts]:
    select = ", ".join(as_text(column, "samples") for column in COLUMNS)
    query = f"SELECT {select} FROM {ASKED}"  # noqa: S608 - the schema's own names
    rows: list[Texts] = catalogue.connect().execute(query, {"ids": batch.ids.tolist()}).fetchall()
    if batch.first is None:
        return rows
    scores = [None if score is None else str(score) for score in batch.scores]
    return [
        (str(rank), score, *row)
        for rank, score, row in zip(range(batch.first, batch.first + len(rows)), scores, rows, strict=True)
    ]
