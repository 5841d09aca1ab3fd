"""Searching the vector index of a catalogue: the steps that a planner, and tuning, put together."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue.half import inner_products

Ids = NDArray[np.int64]
Scores = NDArray[np.float64]
Vector = NDArray[np.float32]
Bitmap = NDArray[np.uint8]

# Cosines are rounded before ranking: FAISS adds up in another order for a lone row than for a batch, and
# exact duplicates must rank by id on every page.
_DECIMALS = 6


class ImageIndex:
    """The FAISS index of a catalogue beside the vectors it was made of.

    Args:
        index: as `open_index` gives it; flat, or of inverted lists.
        vectors: float16 (samples, d).
    """

    def __init__(self, index: Any, vectors: np.memmap) -> None:
        self._index = index
        self._vectors = vectors
        self.lists: int = getattr(index, "nlist", 0)

    @property
    def is_flat(self) -> bool:
        """Whether the index itself compares a query with every vector."""
        return self.lists == 0

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Number of vectors in each list, int64 (lists,)."""
        return np.bincount(self._list_of[self._list_of >= 0], minlength=self.lists)

    @cached_property
    def _centroids(self) -> NDArray[np.float32]:
        return np.asarray(self._index.quantizer.reconstruct_n(0, self.lists), np.float32)

    @cached_property
    def _list_of(self) -> NDArray[np.int32]:
        """The list of each sample, int32 (samples,); -1 where it has no vector."""
        import faiss

        lists = np.full(len(self._vectors), -1, np.int32)
        stored = self._index.invlists
        for number in range(self.lists):
            if size := stored.list_size(number):
                ids = faiss.rev_swig_ptr(stored.get_ids(number), size)
                lists[np.asarray(ids, np.int64)] = number
        return lists

    def holding(self, passing: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which lists hold a sample that is marked in `passing`, bool (samples,); bool (lists,)."""
        found = np.zeros(self.lists + 1, np.bool_)
        # A sample without a vector is in list -1: the last place, which is cut off.
        found[self._list_of[passing]] = True
        return found[:-1]

    def list_scores(self, query: Vector) -> NDArray[np.float32]:
        """Inner product of `query` with the centroid of each list, float32 (lists,)."""
        return np.asarray(np.einsum("ij,j->i", self._centroids, query), np.float32)

    def exact(self, query: Vector, ids: Ids) -> Scores:
        """Cosine of `query` with each of `ids`, float64 (m,), rounded to the sixth decimal."""
        products = inner_products(self._vectors, query, ids)
        return np.asarray(np.round(products.astype(np.float64), _DECIMALS), np.float64)

    def flat(self, query: Vector, places: int, bitmap: Bitmap | None) -> tuple[Ids, Scores]:
        """The best `places` of a flat index: ids int64 (n,) and cosines float64 (n,), best first.

        Args:
            query: float32 (d,).
            places: at most as many as pass.
            bitmap: which samples pass, one bit each as FAISS reads them; None for all.
        """
        import faiss

        within = None
        if bitmap is not None:
            within = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bitmap))  # type: ignore[call-arg, arg-type]
        # OpenMP keeps this setting per thread; many people search at once, and one query gains little.
        faiss.omp_set_num_threads(1)
        scores, ids = self._index.search(_row(query), places, params=within)
        return ids[0], np.round(scores[0].astype(np.float64), _DECIMALS)

    def candidates(
        self,
        query: Vector,
        lists: NDArray[np.int64],
        list_scores: NDArray[np.float32],
        number: int,
        bitmap: Bitmap | None,
    ) -> Ids:
        """The samples of `lists` whose codes are most like `query`, in ascending order.

        Args:
            query: float32 (d,).
            lists: numbers of the lists to scan, int64 (p,).
            list_scores: their entries of `list_scores`, float32 (p,).
            number: how many to find.
            bitmap: as in `flat`.

        Returns:
            int64 (m,); fewer than `number` only if no more pass in these lists.
        """
        import faiss

        parameters = faiss.IVFSearchParameters(nprobe=len(lists))  # type: ignore[call-arg]
        if bitmap is not None:
            selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
            parameters.sel = selector
        scores = np.empty((1, number), np.float32)
        ids = np.empty((1, number), np.int64)
        asked = _row(query)
        numbers = np.ascontiguousarray(lists, np.int64)
        coarse = np.ascontiguousarray(list_scores, np.float32)
        faiss.omp_set_num_threads(1)
        pointer = faiss.swig_ptr
        # The Python wrapper of this method takes no parameters, so no selector: its C++ twin is called.
        self._index.search_preassigned_c(
            1, pointer(asked), number, pointer(numbers), pointer(coarse), pointer(scores), pointer(ids),
            False, parameters,
        )  # fmt: skip
        found: Ids = np.sort(ids[0][ids[0] >= 0])
        return found


def _row(query: Vector) -> NDArray[np.float32]:
    return np.ascontiguousarray(query, np.float32).reshape(1, -1)
