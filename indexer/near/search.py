"""The search itself: equal vectors first, then the nearest neighbours of every sample within its cells."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.near.cells import CELLS_OF_A_SAMPLE, Cells, make_cells
from indexer.near.pairs import NearPairs, NearQuery

_BLOCK = 1 << 16
# A stretch of cells with about so many members is compared, then written down.
_STRETCH = 1 << 17

Phase = Callable[[str, int], None]
Reached = Callable[[int], None]


class _Found(NamedTuple):
    """Neighbours, one a place: of sample `first[i]` the sample `second[i]`, with their cosine."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    cosine: NDArray[np.float32]


def find_near_pairs(
    vectors: NDArray[np.float16],
    query: NearQuery,
    folder: Path,
    phase: Phase = lambda what, total: None,
    reached: Reached = lambda done: None,
) -> NearPairs:
    """Find pairs of samples of which one is among the nearest neighbours of the other.

    Vectors that are equal to the last bit are a pair of cosine 1 and stand in the search as one, so that many
    copies of one picture do not crowd all others out of a short list of neighbours.

    Args:
        vectors: float16 (samples, d), rows of length 1 or all zeros; those of the query have length 1.
        query: what is looked for.
        folder: keeps what is found on the way; a search that was stopped goes on there, with the same result.
        phase: told what is being done, and of how many samples.
        reached: told how many of them are done.

    Raises:
        OSError: `folder` cannot be written.
    """
    work = folder / query.key
    work.mkdir(parents=True, exist_ok=True)
    phase("looking for equal vectors", len(query.ids))
    distinct, originals, copies = _equal(vectors, query.ids, reached)
    phase("sorting vectors into cells", len(distinct))
    cells = Cells(*_kept(work / "cells.npz", lambda: make_cells(vectors, distinct, reached)))
    phase("looking for near-duplicates", CELLS_OF_A_SAMPLE * len(distinct))
    found: list[_Found] = []
    for number, (start, end) in enumerate(_stretches(cells)):
        compared = partial(_compared, vectors, distinct, cells, range(start, end), query)
        found.append(_Found(*_kept(work / f"{number:05d}.npz", compared)))
        reached(int(cells.starts[end]))
    nearest = _nearest_only(found, query.neighbours)
    return NearPairs.of(
        np.concatenate([nearest.first, originals]),
        np.concatenate([nearest.second, copies]),
        np.concatenate([nearest.cosine, np.ones(len(copies), np.float32)]),
    )


def _equal(
    vectors: NDArray[np.float16], ids: NDArray[np.int64], reached: Reached
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Ids without those that repeat an earlier vector; and each repetition's original beside itself.

    Rows are told apart by a hash of 64 bits (multiply and add, modulo 2^64), then held against each other.
    """
    factors = np.random.default_rng(0).integers(0, 1 << 63, vectors.shape[1], np.uint64) * 2 + 1
    hashes = np.empty(len(ids), np.uint64)
    for start in range(0, len(ids), _BLOCK):
        block = np.ascontiguousarray(vectors[ids[start : start + _BLOCK]]).view(np.uint16)
        hashes[start : start + len(block)] = block.astype(np.uint64) @ factors
        reached(start + len(block))
    _, firsts, places = np.unique(hashes, return_index=True, return_inverse=True)
    originals = ids[firsts[places]]
    repeated = np.flatnonzero(originals != ids)
    same = np.array(
        [np.array_equal(vectors[ids[place]], vectors[originals[place]]) for place in repeated], np.bool_
    )
    copies = repeated[same]
    return np.delete(ids, copies), originals[copies], ids[copies]


def _stretches(cells: Cells) -> Iterator[tuple[int, int]]:
    """First cell and the one behind the last of stretches of about `_STRETCH` members."""
    start = 0
    while start < cells.number:
        wanted = cells.starts[start] + _STRETCH
        end = max(start + 1, int(np.searchsorted(cells.starts, wanted, side="right")) - 1)
        yield start, end
        start = end


def _compared(
    vectors: NDArray[np.float16], ids: NDArray[np.int64], cells: Cells, which: range, query: NearQuery
) -> _Found:
    """The nearest neighbours of each sample within each of the cells `which`, down to the query's floor."""
    import faiss

    parts = [_Found(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))]
    for cell in which:
        members = ids[cells.of(cell)]
        rows = vectors[members].astype(np.float32)
        places = min(query.neighbours + 1, len(rows))  # a sample is its own nearest
        if places < 2:
            continue
        cosines, nearest = faiss.knn(rows, rows, places, metric=faiss.METRIC_INNER_PRODUCT)
        row, column = np.nonzero((cosines >= query.floor) & (nearest != np.arange(len(rows))[:, np.newaxis]))
        parts.append(_Found(members[row], members[nearest[row, column]], cosines[row, column]))
    return _joined(parts)


def _nearest_only(found: list[_Found], neighbours: int) -> _Found:
    """Of the neighbours that its cells brought together, the nearest of each sample."""
    first, second, cosine = _joined(found)
    order = np.lexsort((second, -cosine, first))
    first, second, cosine = first[order], second[order], cosine[order]
    once = np.ones(len(first), np.bool_)
    once[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    first, second, cosine = first[once], second[once], cosine[once]
    rank = np.arange(len(first)) - np.searchsorted(first, first)
    near = rank < neighbours
    return _Found(first[near], second[near], cosine[near])


def _joined(parts: list[_Found]) -> _Found:
    return _Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _kept(path: Path, work: Callable[[], Sequence[NDArray[Any]]]) -> list[NDArray[Any]]:
    """The arrays that `work` gives, read from `path` if an earlier run wrote them there."""
    if path.exists():
        with np.load(path, allow_pickle=False) as kept:
            return [kept[name] for name in kept.files]
    arrays = list(work())
    aside = path.with_suffix(".tmp")
    with aside.open("wb") as stream:
        np.savez(stream, *arrays)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
    return arrays
