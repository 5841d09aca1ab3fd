"""The marks of a workspace as CSV, written as every other export is (`app/query/export.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from app.query.csv_text import Texts, csv_bytes, guarded
from app.query.export import Export
from app.query.marked import Marked
from indexer.catalogue import Catalogue

COLUMNS = (
    "id", "key", "source", "name", "stage", "reason", "mark", "draw", "seed", "of_source", "of_stage", "when",
    "catalogue_id", "id_now", "stage_now", "error",
)  # fmt: skip
_ROWS_AT_ONCE = 1_000


def marks_csv(catalogue: Catalogue, marks: Sequence[Marked]) -> Export:
    """Every one of `marks`, the first made first.

    `id`, `stage` and `reason` are as they were where the mark was made; `id_now`, `stage_now` and `error` as
    they are here: empty where this catalogue has no such sample or it has another picture now, and `error`
    also where the sample was skipped.
    """
    filename = f"rs5m-marks-{catalogue.manifest.catalogue_id}.csv"
    return Export(len(marks), filename, csv_bytes(COLUMNS, _batches(marks)))


def _batches(marks: Sequence[Marked]) -> Iterator[list[Texts]]:
    rows = map(_row, marks)
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        yield batch


def _row(one: Marked) -> Texts:
    mark = one.mark
    known = one.id is not None and not one.changed
    return (
        str(mark.id),
        guarded(mark.key),
        guarded(mark.source),
        guarded(mark.name),
        guarded(mark.stage),
        guarded(mark.reason),
        mark.verdict,
        mark.draw,
        str(mark.seed) if mark.draw == "random" else None,
        guarded(mark.of_source),
        guarded(mark.of_stage),
        mark.marked_at,
        mark.catalogue,
        str(one.id) if known else None,
        guarded(one.stage) if known else None,
        {None: None, True: "yes", False: "no"}[one.error],
    )
