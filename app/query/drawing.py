"""The samples that an audit draws: at random, or nearest to a threshold."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, zip_longest
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from app.lru import LRU
from app.query.audit import Draw
from app.query.boundary import nearest_to_thresholds
from app.query.filters import ANY_STAGE, Filters
from app.query.passing import Passing, passing
from app.query.random_order import first_at_random
from indexer.catalogue import KEPT, Catalogue

# A draw of five million takes a quarter of a second, and each of its pages asks for it again.
_CACHED = 64
_opening = Lock()
_caches: WeakKeyDictionary[Catalogue, LRU[Draw, NDArray[np.int64]]] = WeakKeyDictionary()


def drawn(catalogue: Catalogue, draw: Draw) -> NDArray[np.int64]:
    """The samples of `draw` in the order they are looked at: int64, `draw.n` of them where there are as many.

    Of both sides the same number is drawn, so that neither of two estimates waits for the other; where one
    side has too few, the other gives more.
    """
    with _opening:
        cache = _caches.setdefault(catalogue, LRU(_CACHED))
    return cache.computed(replace(draw, at=None), lambda: _worked_out(catalogue, draw))


def kept_frame(catalogue: Catalogue, source: str) -> Passing:
    """The kept samples that a draw restricted to `source` draws from; all with an empty one."""
    return passing(catalogue, Filters(source=_values(source), stage=KEPT))


def removed_frame(catalogue: Catalogue, source: str, stage: str) -> Passing:
    """The removed samples that a draw restricted to `source` and `stage` draws from."""
    within = passing(catalogue, Filters(source=_values(source), stage=stage or ANY_STAGE))
    kept = passing(catalogue, Filters(stage=KEPT))
    return Passing.of_bits(within.samples, within.bitmap & ~kept.bitmap)


def _values(source: str) -> tuple[str, ...]:
    return (source,) if source else ()


def _worked_out(catalogue: Catalogue, draw: Draw) -> NDArray[np.int64]:
    nothing = np.empty(0, np.int64)
    kept = removed = nothing
    if draw.of in ("kept", "both"):
        frame = kept_frame(catalogue, draw.source)
        kept = _of_frame(catalogue, draw, frame, kept=True)
    if draw.of in ("removed", "both"):
        frame = removed_frame(catalogue, draw.source, draw.stage)
        removed = _of_frame(catalogue, draw, frame, kept=False)
    turns = chain.from_iterable(zip_longest(kept.tolist(), removed.tolist()))
    found = np.array([id_ for id_ in turns if id_ is not None][: draw.n], np.int64)
    found.setflags(write=False)
    return found


def _of_frame(catalogue: Catalogue, draw: Draw, frame: Passing, *, kept: bool) -> NDArray[np.int64]:
    if draw.kind == "random":
        return first_at_random(frame.ids(), draw.n, draw.seed)
    return nearest_to_thresholds(catalogue, frame, draw.n, draw.stage or None, kept=kept)
