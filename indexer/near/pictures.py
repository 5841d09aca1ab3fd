"""Reading the pictures of candidates again: few of all, and only small ones are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexer.errors import UserError
from indexer.images import BadImage, decode
from indexer.near.agreement import SIDE, agreement
from indexer.near.pairs import NearPairs

FAR = 26
"""Pairs whose difference hashes, of 64 bits, differ in more are other pictures: copies cut by a tenth differ
in 22 at most, strangers in 32 on average."""

_PAIRS_AT_ONCE = 1 << 14
_AHEAD = 256

Phase = Callable[[str, int], None]
Reached = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a run's samples.

    Attributes:
        connection: has the view `facts` with `id`, `phash`, and where the picture lies: `image_path`,
            `offset` and `length`, null where there is none.
        workers: threads that decode.
    """

    connection: duckdb.DuckDBPyConnection
    workers: int = 2

    def agreements(
        self,
        pairs: NearPairs,
        aside: Path,
        phase: Phase = lambda what, total: None,
        reached: Reached = lambda done: None,
    ) -> NDArray[np.float32]:
        """How well the pictures of each pair agree.

        Args:
            pairs: candidates.
            aside: folder for the small pictures, as long as they are needed.
            phase: told what is being done, and of how many samples.
            reached: told how many are done.

        Returns:
            float32 (pairs,); 0 where the hashes say that the pictures are others, NaN where a sample has no
            picture.

        Raises:
            UserError: a file that held pictures when they were encoded is gone or cannot be read.
        """
        found = np.zeros(len(pairs), np.float32)
        close = np.flatnonzero(self._hash_distances(pairs) <= FAR)
        ids = np.unique(np.concatenate([pairs.first[close], pairs.second[close]]))
        if not len(ids):
            return found
        phase("comparing pictures", len(ids))
        small, present = self._read(ids, aside / "pictures.npy", reached)
        for start in range(0, len(close), _PAIRS_AT_ONCE):
            some = close[start : start + _PAIRS_AT_ONCE]
            one, other = (np.searchsorted(ids, side[some]) for side in (pairs.first, pairs.second))
            seen = present[one] & present[other]
            found[some] = np.nan
            found[some[seen]] = agreement(small[one[seen]], small[other[seen]])
        return found

    def _hash_distances(self, pairs: NearPairs) -> NDArray[np.int64]:
        """Bits in which the hashes of each pair differ, int64 (pairs,); 0 where one has none."""
        ids = np.unique(np.concatenate([pairs.first, pairs.second]))
        hashes = np.zeros(len(ids), np.uint64)
        known = np.zeros(len(ids), np.bool_)
        rows = self._asked(ids, "phash", "phash IS NOT NULL").fetchnumpy()
        places = np.searchsorted(ids, np.asarray(rows["id"], np.int64))
        hashes[places], known[places] = np.asarray(rows["phash"], np.uint64), True
        one, other = np.searchsorted(ids, pairs.first), np.searchsorted(ids, pairs.second)
        bits = np.bitwise_count(hashes[one] ^ hashes[other]).astype(np.int64)
        return np.where(known[one] & known[other], bits, 0)

    def _asked(self, ids: NDArray[np.int64], columns: str, condition: str) -> duckdb.DuckDBPyRelation:
        self.connection.register("asked", {"id": ids})
        self.connection.execute("CREATE OR REPLACE TEMP TABLE asked_ids AS FROM asked")
        self.connection.unregister("asked")
        return self.connection.sql(
            f"SELECT id, {columns} FROM facts SEMI JOIN asked_ids USING (id) WHERE {condition}"  # noqa: S608
        )

    def _read(
        self, ids: NDArray[np.int64], path: Path, reached: Reached
    ) -> tuple[np.memmap, NDArray[np.bool_]]:
        """Small RGB pictures of `ids`, uint8 (n, SIDE, SIDE, 3), mapped; and which of them there are."""
        path.parent.mkdir(parents=True, exist_ok=True)
        small = np.lib.format.open_memmap(path, "w+", np.uint8, (len(ids), SIDE, SIDE, 3))
        present = np.zeros(len(ids), np.bool_)
        located = self._asked(ids, 'image_path, "offset", length', "image_path IS NOT NULL")
        rows = located.order('image_path, "offset"').fetchall()
        with ThreadPoolExecutor(self.workers, "decode") as pool:
            done = 0
            for start in range(0, len(rows), _AHEAD):
                some = rows[start : start + _AHEAD]
                data = _bytes_of([row[1:] for row in some])
                for (id_, *_), picture in zip(some, pool.map(small_picture, data), strict=True):
                    if picture is not None:
                        place = int(np.searchsorted(ids, id_))
                        small[place], present[place] = picture, True
                reached(done := done + len(some))
        return small, present


def _bytes_of(places: list[tuple[str, int, int]]) -> Iterator[bytes]:
    """The bytes at each place, (path, offset, length), those of one file one after the other."""
    for path, inside in groupby(places, key=itemgetter(0)):
        try:
            with Path(path).open("rb") as file:
                for _, offset, length in inside:
                    file.seek(offset)
                    yield file.read(length)
        except OSError as error:
            raise UserError(
                f"{path} cannot be read: {error.strerror}. It holds pictures to be compared.",
                "Bring it back, or compare no pictures: --set duplicate.agreement=0.",
            ) from None


def small_picture(data: bytes) -> NDArray[np.uint8] | None:
    """What is compared of an image file: RGB, uint8 (SIDE, SIDE, 3); None if it cannot be decoded."""
    try:
        image = decode(data, target=2 * SIDE).image
    except BadImage:  # it changed since it was encoded
        return None
    # Pillow's box gives each pixel whole to one cell, so that sizes that do not divide alter a fine pattern.
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR), np.uint8)
