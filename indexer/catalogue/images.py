"""Encoded images, read from where they lie: a byte range of a file or of a tar."""

from __future__ import annotations

from pathlib import Path

import duckdb

from indexer.errors import UserError


class ImageUnavailableError(UserError):
    """The image cannot be read: its file is gone, or is not the one that was indexed."""


class ImageFiles:
    """Reads images by the numbers a sample stores.

    Args:
        folder: the catalogue folder; relative paths start there.
        connection: an open catalogue database.
    """

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self._folder = folder
        self._connection = connection

    def read(self, file: int, offset: int, length: int) -> bytes:
        """The `length` bytes at `offset` of file number `file`.

        Raises:
            ImageUnavailableError: there is no such file or range, or the file changed size since.
        """
        path, size = self.resolve(file)
        if offset < 0 or length < 1 or offset + length > size:
            raise ImageUnavailableError(f"{path} has no bytes {offset} to {offset + length}.")
        with path.open("rb") as stream:
            stream.seek(offset)
            return stream.read(length)

    def resolve(self, file: int) -> tuple[Path, int]:
        """Path and size of file `file`: beside the catalogue if it is there, else where it was indexed.

        Raises:
            ImageUnavailableError: it is at neither place, or changed size since it was indexed.
        """
        row = (
            self._connection.cursor()
            .execute("SELECT relative_path, path, bytes FROM files WHERE file = ?", [file])
            .fetchone()
        )
        if row is None:
            raise ImageUnavailableError(f"This catalogue has no file number {file}.")
        relative, absolute, size = row
        for candidate in (self._folder / relative, Path(absolute)):
            if candidate.is_file():
                if candidate.stat().st_size != size:
                    raise ImageUnavailableError(
                        f"{candidate} has changed since it was indexed.",
                        "Put the original back, or index again with --overwrite.",
                    )
                return candidate, size
        raise ImageUnavailableError(
            f"{absolute} is gone, and so are the images in it.",
            "Put it back there, or at the same place relative to the catalogue.",
        )
