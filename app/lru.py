"""A bounded cache, safe to share between request threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LRU(Generic[K, V]):
    """Keeps the most recently used values within a budget.

    Args:
        budget: sum of the sizes it may hold.
        size: size of a value; by default each counts 1.
    """

    def __init__(self, budget: int, size: Callable[[V], int] = lambda _: 1) -> None:
        self._budget = budget
        self._size = size
        self._held = 0
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()
        self._computing: dict[K, Lock] = {}

    def get(self, key: K) -> V | None:
        """The value of `key`, now the most recently used one; None if it is not held."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: K, value: V) -> None:
        """Hold `value`, dropping the longest unused ones; one larger than the whole budget is not held."""
        with self._lock:
            if key in self._values:
                self._held -= self._size(self._values.pop(key))
            if self._size(value) > self._budget:
                return
            self._values[key] = value
            self._held += self._size(value)
            while self._held > self._budget:
                _, dropped = self._values.popitem(last=False)
                self._held -= self._size(dropped)

    def computed(self, key: K, compute: Callable[[], V]) -> V:
        """The value of `key`; one thread computes it while the others that ask for it wait."""
        value = self.get(key)
        if value is not None:
            return value
        with self._lock:
            turn = self._computing.setdefault(key, Lock())
        try:
            with turn:
                value = self.get(key)
                if value is None:
                    value = compute()
                    self.put(key, value)
                return value
        finally:
            with self._lock:
                self._computing.pop(key, None)

    def __len__(self) -> int:
        return len(self._values)
