"""The orders of a catalogue: every sort worked out once, as a permutation of the ids.

A page of a sorted list is then a look at a few places of a mapped file, wherever in the list it lies.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from indexer.catalogue.arrays import open_integers
from indexer.catalogue.layout import ORDERS

# Sort name -> what `samples` is ordered by; ties fall to the smaller id.
# `spread`: classes and sources take turns; within one, a multiplicative hash of the id (Knuth, TAOCP vol. 3,
# 6.4) avoids neighbours, which are often of one scene. What a stage removed comes last.
_SHUFFLED = "(id * 2654435761) % 4294967296"
SORTS: dict[str, str] = {
    "spread": f"""
        stage <> 'kept',
        row_number() OVER (PARTITION BY source, "class", stage ORDER BY {_SHUFFLED}, id),
        {_SHUFFLED}
    """,
    "id": "id",
    "longest": "caption_chars DESC NULLS LAST",
    "shortest": "caption_chars ASC NULLS LAST",
    "newest": "taken_at DESC NULLS LAST",
    "oldest": "taken_at ASC NULLS LAST",
}
DEFAULT_SORT = "spread"


def write_orders(folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the ids of `samples` in each of `SORTS` into the new folder `folder`/orders, int32 (samples,)."""
    (folder / ORDERS).mkdir()
    for name in SORTS:
        write_order(folder, name, connection)


def write_order(folder: Path, name: str, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the ids of `samples` in the order `name` into `folder`/orders, int32 (samples,)."""
    ids = connection.execute(f"SELECT id::INTEGER AS id FROM samples ORDER BY {SORTS[name]}, id").fetchnumpy()  # noqa: S608
    np.save(folder / order_path(name), np.asarray(ids["id"], dtype=np.int32), allow_pickle=False)


def open_order(folder: Path, name: str, samples: int) -> np.ndarray:
    """Map the order `name` of the catalogue in `folder`: ids, int32 (samples,), the first one first.

    Raises:
        UserError: the file is missing or damaged.
    """
    return open_integers(folder / order_path(name), samples)


def order_path(name: str) -> Path:
    """File of the order `name`, inside the catalogue's folder."""
    return Path(ORDERS) / f"{name}.npy"
