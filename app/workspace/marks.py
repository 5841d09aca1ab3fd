"""Marks: what a person said of a sample that an audit drew."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass, fields
from typing import Literal

from app.workspace.database import Workspace

Verdict = Literal["keep", "remove", "skip"]
DrawKind = Literal["random", "boundary"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One judgement.

    Attributes:
        catalogue: `catalogue_id` of the catalogue it was made in.
        id: the sample there.
        key, source, sha256, name: what the sample is known by in another catalogue, as in `samples`.
        stage, reason: what the pipeline had decided about it then, as in `ledger`.
        verdict: `keep`: it belongs in the set; `remove`: it does not; `skip`: not judged.
        draw: `random` or `boundary`.
        seed: of the draw; 0 for one that needs none.
        of_source, of_stage: what the draw was restricted to; empty for everything.
        marked_at: UTC, ISO 8601 to the second.
    """

    catalogue: str
    id: int
    key: str
    source: str | None
    sha256: str | None
    name: str | None
    stage: str
    reason: str | None
    verdict: Verdict
    draw: DrawKind
    seed: int
    of_source: str
    of_stage: str
    marked_at: str

    @property
    def drawn_by(self) -> tuple[DrawKind, int, str, str]:
        """The draw it belongs to: kind, seed and what it was restricted to."""
        return self.draw, self.seed, self.of_source, self.of_stage


_COLUMNS = ", ".join(field.name for field in fields(Mark))
_PLACES = ", ".join("?" * len(fields(Mark)))
_ONCE = "catalogue = ? AND id = ? AND draw = ? AND seed = ? AND of_source = ? AND of_stage = ?"


class Marks:
    """The marks of a workspace.

    Args:
        workspace: the file they are kept in.

    Every method raises `WorkspaceError` where the file cannot be read or written.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def put(self, mark: Mark) -> None:
        """Keep `mark`, in place of an earlier one of the same sample in the same draw."""
        with self._workspace.writing() as connection:
            self._delete(connection, mark)
            # Its number is new too: what was marked last is what is undone first.
            connection.execute(f"INSERT INTO marks ({_COLUMNS}) VALUES ({_PLACES})", astuple(mark))  # noqa: S608

    def remove(self, mark: Mark) -> None:
        """Forget `mark`, if it is there."""
        with self._workspace.writing() as connection:
            self._delete(connection, mark)

    def all(self) -> list[Mark]:
        """Every mark, the first made first."""
        with self._workspace.reading() as connection:
            if connection is None:
                return []
            rows = connection.execute(f"SELECT {_COLUMNS} FROM marks ORDER BY number").fetchall()  # noqa: S608
        return [Mark(*row) for row in rows]

    def _delete(self, connection: sqlite3.Connection, mark: Mark) -> None:
        connection.execute(
            f"DELETE FROM marks WHERE {_ONCE}",  # noqa: S608 - the columns are this module's own
            (mark.catalogue, mark.id, *mark.drawn_by),
        )
