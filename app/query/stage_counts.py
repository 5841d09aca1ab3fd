"""Samples by source, subset, stage and reason: of a whole catalogue, or of a part of the Earth."""

from __future__ import annotations

import json
from threading import Lock
from weakref import WeakKeyDictionary

import pyarrow as pa

from app.lru import LRU
from app.query.filters import Filters
from app.query.located import located
from app.query.samples import Row, rows_of
from indexer.catalogue import Catalogue

_HELD = 64
_caches: WeakKeyDictionary[Catalogue, LRU[str, list[Row]]] = WeakKeyDictionary()
_opening = Lock()


def stage_counts(catalogue: Catalogue, place: Filters | None = None) -> list[Row]:
    """Rows with `source`, `subset`, `stage`, `reason` and `count`.

    Args:
        catalogue: whose samples are counted.
        place: where they lie; all of them if it asks for no place.
    """
    if place is None or place.whereabouts == Filters():
        found = catalogue.connect().execute("SELECT source, subset, stage, reason, count FROM stage_counts")
        return rows_of(found)
    with _opening:
        if catalogue not in _caches:
            _caches[catalogue] = LRU(_HELD, lambda _: 1)
        cache = _caches[catalogue]
    key = json.dumps(place.whereabouts.to_params())
    return cache.computed(key, lambda: _counted(catalogue, place))


def _counted(catalogue: Catalogue, place: Filters) -> list[Row]:
    connection = catalogue.connect()
    connection.register("asked", pa.table({"id": located(catalogue, place)}))
    return rows_of(
        connection.execute(
            """
            SELECT source, subset, ledger.stage, reason, count(*) AS count
            FROM asked JOIN samples USING (id) JOIN ledger USING (id) GROUP BY ALL
            """
        )
    )
