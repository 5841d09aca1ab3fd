"""The entries of a cell, page by page: each with its sample and, for a duplicate, the sample it lost to."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from app.lru import LRU
from app.query.cells import REMOVED, Cell, Order, in_cluster
from app.query.filters import ANY_STAGE
from app.query.listing import blocks
from app.query.passing import Passing, passing
from app.query.samples import Row, fetch_rows, rows_of
from app.query.stage_counts import stage_counts
from indexer.catalogue import LEDGER_COLUMNS, Catalogue
from indexer.catalogue.schema import KEPT
from indexer.errors import UserError

PAGE = 40
_CARD = ("key", "source", "subset", "caption", "generated_caption", "url", "file", "stage", "has_vector")
_SCORES = ("vlm_score", "detector_score")
# Bitmaps of reasons, and orders of scores: at five million samples 0.6 MB and 20 MB each.
_CACHED_BYTES = 96_000_000
_caches: WeakKeyDictionary[Catalogue, LRU[tuple[str, ...], NDArray[np.int32]]] = WeakKeyDictionary()
_opening = Lock()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger.

    Attributes:
        row: columns of its sample.
        ledger: what became of it.
        keeper: columns of the sample it lost to; None if it is no duplicate.
    """

    row: Row
    ledger: Row
    keeper: Row | None

    @property
    def id(self) -> int:
        """The sample."""
        return int(self.ledger["id"])


class Total(NamedTuple):
    """Values of some columns, empty where there is none, and the number of entries with them."""

    values: tuple[str, ...]
    entries: int


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of entries.

    Attributes:
        entries: in the order asked for.
        found: entries in all.
        next_cursor: where the next page begins; None on the last.
    """

    entries: list[Entry]
    found: int
    next_cursor: str | None


def orders_of(catalogue: Catalogue) -> tuple[Order, ...]:
    """The orders this catalogue has: by score s or c only where it has such scores."""
    scored: tuple[Order, ...] = ("vlm", "detector")
    return ("id", "score", *(name for name in scored if catalogue.scores(name) is not None))


def entry_page(
    catalogue: Catalogue, cell: Cell, order: Order = "id", cursor: str | None = None, size: int = PAGE
) -> EntryPage:
    """A page of the entries in `cell`.

    Args:
        catalogue: whose ledger it is.
        cell: which entries.
        order: `id`; `score`, what the stage measured, closest to its threshold first; `vlm` or `detector`,
            the lowest score s or c first. Entries without that score come last, ties by id.
        cursor: `next_cursor` of the page before.
        size: entries on a page.

    Raises:
        UserError: the cursor is none, or the catalogue lacks such scores.
    """
    if order not in orders_of(catalogue):
        raise UserError(f"this catalogue has no {order} scores.", "Order by id or score.")
    offset = _offset(cursor)
    within = samples_of(catalogue, cell)
    ids = _stretch(_ordered(catalogue, order), within, offset, size)
    end = offset + len(ids)
    return EntryPage(_entries(catalogue, ids), within.count, str(end) if ids and end < within.count else None)


def samples_of(catalogue: Catalogue, cell: Cell) -> Passing:
    """The samples of a cell."""
    found = _of_stages(catalogue, cell)
    if cell.reason is not None:
        found = found & _of_reason(catalogue, cell.reason)
    if cell.cluster is not None:
        where = in_cluster(cell.cluster)
        rows = catalogue.connect().execute(f"SELECT id FROM ledger WHERE {where.sql}", where.params)  # noqa: S608
        found = found & Passing.of_ids(catalogue.manifest.samples, rows.fetchnumpy()["id"])
    return found


def reasons_of(catalogue: Catalogue, cell: Cell) -> list[Total]:
    """Entries by stage and reason, under the other conditions of `cell`, most first."""
    return _totals(catalogue, cell.with_(reason=None, cluster=None), ("stage", "reason"))


def stages_of(catalogue: Catalogue, cell: Cell) -> list[Total]:
    """Entries by stage, under the source and subset of `cell`, most first."""
    return _totals(catalogue, cell.with_(stage=ANY_STAGE, reason=None, cluster=None), ("stage",))


def sources_of(catalogue: Catalogue, cell: Cell) -> list[Total]:
    """Entries by source and subset, under the stage of `cell`, most first."""
    anywhere = cell.with_(source=None, subset=None, reason=None, cluster=None)
    return _totals(catalogue, anywhere, ("source", "subset"))


def number_of(catalogue: Catalogue, cell: Cell) -> int:
    """How many entries `cell` has."""
    if cell.cluster is not None:
        return samples_of(catalogue, cell).count
    return sum(total.entries for total in _totals(catalogue, cell, ("stage",)))


def _totals(catalogue: Catalogue, cell: Cell, columns: tuple[str, ...]) -> list[Total]:
    totals: Counter[tuple[str, ...]] = Counter()
    for row in stage_counts(catalogue, cell.place):
        if cell.holds(row):
            totals[tuple(row[column] or "" for column in columns)] += int(row["count"])
    return [
        Total(values, number)
        for values, number in sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    ]


def _of_stages(catalogue: Catalogue, cell: Cell) -> Passing:
    if cell.stage == REMOVED:
        kept, every = (passing(catalogue, cell.filters(stage)) for stage in (KEPT, ANY_STAGE))
        return Passing.of_bits(every.samples, every.bitmap & ~kept.bitmap)
    found, *others = (passing(catalogue, cell.filters(stage)) for stage in cell.stages or (ANY_STAGE,))
    for other in others:
        found = Passing.of_bits(found.samples, found.bitmap | other.bitmap)
    return found


def _of_reason(catalogue: Catalogue, reason: str) -> Passing:
    def compute() -> NDArray[np.int32]:
        rows = catalogue.connect().execute("SELECT id FROM ledger WHERE reason = ? ORDER BY id", [reason])
        return np.asarray(rows.fetchnumpy()["id"], np.int32)

    return Passing.of_ids(catalogue.manifest.samples, _cache(catalogue).computed(("reason", reason), compute))


def _ordered(catalogue: Catalogue, order: Order) -> NDArray[np.int32]:
    if order == "id":
        return catalogue.order("id")
    return _cache(catalogue).computed(("order", order), lambda: _by_score(catalogue, order))


def _by_score(catalogue: Catalogue, order: Order) -> NDArray[np.int32]:
    scores = catalogue.scores(order) if order != "score" else _distances(catalogue)
    assert scores is not None  # noqa: S101 - the order was checked
    return np.argsort(scores, kind="stable").astype(np.int32)


def _distances(catalogue: Catalogue) -> NDArray[np.float64]:
    """How far what the stage measured lies from its threshold, float64 (samples,); NaN where it did not."""
    found = catalogue.connect().execute(
        "SELECT id, abs(score - coalesce(threshold, 0)) AS distance FROM ledger WHERE score IS NOT NULL"
    )
    columns = found.fetchnumpy()
    distances = np.full(catalogue.manifest.samples, np.nan)
    distances[columns["id"]] = columns["distance"]
    return distances


def _cache(catalogue: Catalogue) -> LRU[tuple[str, ...], NDArray[np.int32]]:
    with _opening:
        if catalogue not in _caches:
            _caches[catalogue] = LRU(_CACHED_BYTES, lambda value: value.nbytes)
        return _caches[catalogue]


def _stretch(order: NDArray[np.int32], within: Passing, offset: int, size: int) -> list[int]:
    taken: list[int] = []
    for block in blocks(order, within):
        taken += block[offset : offset + size - len(taken)].tolist()
        offset = max(0, offset - len(block))
        if len(taken) == size:
            break
    return taken


def _entries(catalogue: Catalogue, ids: list[int]) -> list[Entry]:
    ledger = _ledger_rows(catalogue, ids)
    keepers = [int(entry["keeper"]) for entry in ledger.values() if entry["keeper"] is not None]
    rows = {
        row["id"]: row
        for row in fetch_rows(catalogue, [*dict.fromkeys([*ids, *keepers])], (*_CARD, *_SCORES))
    }
    return [
        Entry(rows[id_], ledger[id_], rows.get(ledger[id_]["keeper"]))
        for id_ in ids
        if id_ in rows and id_ in ledger
    ]


def _ledger_rows(catalogue: Catalogue, ids: list[int]) -> dict[int, Row]:
    select = ", ".join(f'"{column.name}"' for column in LEDGER_COLUMNS)
    # 40 rows of a million in 8 ms; by constants, without an index, they take 150.
    wanted = "SELECT unnest(CAST(? AS BIGINT[])) AS id"
    found = catalogue.connect().execute(f"SELECT {select} FROM ledger SEMI JOIN ({wanted}) USING (id)", [ids])  # noqa: S608
    return {int(row["id"]): row for row in rows_of(found)}


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,12}", cursor):
        raise UserError(f"cursor={cursor[:40]!r} does not belong to this list.", "Start at the first page.")
    return int(cursor)
