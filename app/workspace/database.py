"""The workspace file: opened when something is asked of it, made when something is first written.

A connection lives as long as one piece of work and stays in its thread. Opening takes a fraction of a
millisecond, and a file that is moved, replaced or removed while the app runs is then noticed, not written to
behind its name. SQLite's own locks let several threads and several programs write.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import UnavailableError
from app.workspace import migrations
from indexer.catalogue import Catalogue
from indexer.errors import UserError

SUFFIX = ".workspace.sqlite"
# How long a write waits for another program's.
_BUSY_S = 10.0


class WorkspaceError(UnavailableError):
    """The workspace file cannot be read or written."""


def workspace_path(catalogue: Catalogue, setting: Path | None) -> Path:
    """Where the workspace of `catalogue` is: at `setting`, or beside it under its folder's name.

    Raises:
        UserError: `setting` lies inside the catalogue, which nothing may change.
    """
    folder = catalogue.path.resolve()
    if setting is None:
        return folder.parent / f"{folder.name}{SUFFIX}"
    if setting.resolve().is_relative_to(folder):
        raise UserError(
            f"RS5M_WORKSPACE={setting} lies inside the catalogue, which is only read and may be replaced.",
            "Name a file elsewhere, or unset it to use one beside the catalogue.",
        )
    return setting


class Workspace:
    """One workspace file, which need not exist yet.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def problem(self) -> str | None:
        """Why nothing can be written, as a sentence; None where nothing speaks against it."""
        try:
            with self.reading():
                return self._not_writable()
        except WorkspaceError as error:
            return str(error)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection to read by; None where nothing was written yet.

        Raises:
            WorkspaceError: the file is damaged, of something else, or of a newer version of this program.
        """
        with self._explained():
            if not self.path.exists():
                yield None
                return
            with self._open_to_read() as connection:
                if self._version(connection) == len(migrations.MIGRATIONS):
                    yield connection
                    return
        with self.writing() as forward:
            yield forward

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction, kept if the block ends well; makes the file if need be.

        Raises:
            WorkspaceError: the file cannot be written, or cannot be read as in `reading`.
        """
        with self._explained(), self._open_to_write() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._version(connection)
                migrations.migrate(connection)
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _not_writable(self) -> str | None:
        if not self.path.parent.is_dir():
            return f"There is no folder {self.path.parent} to keep the workspace in."
        for place in (self.path.parent, self.path):
            if place.exists() and not _writable(place):
                return f"{place} is read-only, so the workspace cannot be kept there."
        return None

    def _version(self, connection: sqlite3.Connection) -> int:
        try:
            version = migrations.version_of(connection)
        except ValueError as error:
            raise WorkspaceError(
                f"{self.path} is not a workspace: {error}.", "Name another file in RS5M_WORKSPACE."
            ) from None
        known = len(migrations.MIGRATIONS)
        if version > known:
            raise WorkspaceError(
                f"{self.path} is a workspace of version {version}; this program knows version {known}.",
                "Update the program, or name another file in RS5M_WORKSPACE.",
            )
        return version

    @contextmanager
    def _open_to_read(self) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.resolve().as_uri()}?{self._access()}"
        connection = sqlite3.connect(address, uri=True, timeout=_BUSY_S, isolation_level=None)
        try:
            connection.execute("PRAGMA query_only = ON")
            yield connection
        finally:
            connection.close()

    def _access(self) -> str:
        # Who may write also tidies the log away when it is the last to close the file.
        if _writable(self.path.parent) and _writable(self.path):
            return "mode=rw"
        # Without a log nothing is left to read but the file; SQLite would want to make one beside it.
        log = self.path.with_name(f"{self.path.name}-wal")
        return "mode=ro" if log.exists() else "mode=ro&immutable=1"

    @contextmanager
    def _open_to_write(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)
        try:
            # Readers and a writer do not wait for each other. Two that make the file at once may find the
            # change refused; the file is as safe without it, and the next one that opens it tries again.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode = WAL")
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise WorkspaceError(
                f"{self.path} cannot be used: {error}.",
                "Give the app a folder it may write to (RS5M_WORKSPACE), or close what holds the file.",
            ) from None
        except OSError as error:
            raise WorkspaceError(
                f"{self.path} cannot be reached: {error.strerror}.",
                "Check its permissions, or name another file in RS5M_WORKSPACE.",
            ) from None
        except sqlite3.DatabaseError as error:
            raise WorkspaceError(
                f"{self.path} is damaged: {error}.", "Put a copy back, or move it away to begin a new one."
            ) from None


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
