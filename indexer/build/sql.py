"""What the SQL of a run is put together from."""

from __future__ import annotations


def quoted(text: str) -> str:
    """`text` as a literal, for where SQL takes no parameter."""
    return "'" + text.replace("'", "''") + "'"
