"""A condition in SQL with its parameters."""

from __future__ import annotations

from typing import NamedTuple


class Where(NamedTuple):
    """A condition for a `WHERE` clause, with its positional parameters."""

    sql: str
    params: tuple[object, ...]

    def both(self, other: Where) -> Where:
        """The condition that this and `other` hold."""
        return Where(f"({self.sql}) AND ({other.sql})", self.params + other.params)
