"""Filters turned into ids, counts and the bitmap that FAISS searches inside."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.query.filters import ANY_STAGE, Filters, Where
from indexer.catalogue import KEPT, Catalogue


def passing_ids(catalogue: Catalogue, where: Where) -> NDArray[np.int64]:
    """Ids of the samples that satisfy `where`, ascending."""
    cursor = catalogue.connect().execute(f"SELECT id FROM samples WHERE {where.sql}", where.params)  # noqa: S608
    return np.sort(cursor.fetchnumpy()["id"]).astype(np.int64, copy=False)


def passing_vectors(catalogue: Catalogue, filters: Filters) -> tuple[NDArray[np.int64], int]:
    """Ids, ascending, of the samples that pass and have a vector; and how many pass, with or without."""
    where = filters.where()
    cursor = catalogue.connect().execute(
        f"SELECT id, has_vector FROM samples WHERE {where.sql}",  # noqa: S608
        where.params,
    )
    columns = cursor.fetchnumpy()
    ids = np.sort(columns["id"][columns["has_vector"]]).astype(np.int64, copy=False)
    return ids, len(columns["id"])


def count(catalogue: Catalogue, filters: Filters) -> int:
    """Number of samples that pass `filters`."""
    where = filters.where()
    row = (
        catalogue.connect()
        .execute(f"SELECT count(*) FROM samples WHERE {where.sql}", where.params)  # noqa: S608
        .fetchone()
    )
    return int(row[0]) if row else 0


def total(catalogue: Catalogue, filters: Filters) -> int:
    """Number of samples in the stage that `filters` asks for, its other conditions aside."""
    if filters.stage == ANY_STAGE:
        return catalogue.manifest.samples
    if filters.stage == KEPT:
        return catalogue.manifest.kept
    return count(catalogue, Filters(stage=filters.stage))


def selector(ids: NDArray[np.int64], samples: int) -> Any:
    """FAISS selector of `ids` among `samples` rows: one bit a row."""
    import faiss

    mask = np.zeros(samples, dtype=np.bool_)
    mask[ids] = True
    return faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # type: ignore[call-arg, arg-type]
