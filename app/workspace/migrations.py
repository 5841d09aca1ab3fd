"""The tables of a workspace file, version by version; what was released is never edited, only added to.

A file is brought forward when it is written to, each version in one transaction: it is of the old version or
of the new one, never between.
"""

from __future__ import annotations

import sqlite3

Migration = tuple[str, ...]

MIGRATIONS: tuple[Migration, ...] = (
    (
        # A sample is known by its place in one catalogue, and by what a rebuilt one still has of it.
        # Empty texts instead of NULL where a column is part of what must be unique.
        """
        CREATE TABLE marks (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            catalogue TEXT NOT NULL,
            id INTEGER NOT NULL,
            key TEXT NOT NULL,
            source TEXT,
            sha256 TEXT,
            name TEXT,
            stage TEXT NOT NULL,
            reason TEXT,
            verdict TEXT NOT NULL CHECK (verdict IN ('keep', 'remove', 'skip')),
            draw TEXT NOT NULL CHECK (draw IN ('random', 'boundary')),
            seed INTEGER NOT NULL,
            of_source TEXT NOT NULL,
            of_stage TEXT NOT NULL,
            marked_at TEXT NOT NULL
        )
        """,
        "CREATE UNIQUE INDEX marks_once ON marks (catalogue, id, draw, seed, of_source, of_stage)",
    ),
)


def version_of(connection: sqlite3.Connection) -> int:
    """Version of the file that `connection` is open on; 0 for one without any table.

    Raises:
        ValueError: it has tables, and they are not a workspace's.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return 0
    if "schema_version" not in tables:
        raise ValueError("it is a database of something else")
    return int(connection.execute("SELECT max(version) FROM schema_version").fetchone()[0] or 0)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file forward to the newest version; `connection` is in a transaction of its own making."""
    version = version_of(connection)
    if version == 0:
        connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)")
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in statements:
            connection.execute(statement)
        connection.execute("INSERT INTO schema_version VALUES (?)", (number,))
