"""The folder a run writes into: what may be there already, one run at a time, and the swap of --overwrite."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer.catalogue.layout import (
    BUILD,
    CAPTIONS,
    DATABASE,
    DERIVED,
    FACET_CELLS,
    INDEX,
    JOB,
    LOCK,
    MANIFEST,
    NEAR_PAIRS,
    ORDERS,
    PARTS,
    SCORES,
    STEPS,
    VECTORS,
)
from indexer.errors import UserError

_RESULTS = (
    MANIFEST,
    DATABASE,
    VECTORS,
    INDEX,
    CAPTIONS,
    ORDERS,
    FACET_CELLS,
    SCORES,
    NEAR_PAIRS,
    DERIVED,
    BUILD,
)
_OWN = {*_RESULTS, JOB, STEPS, PARTS, LOCK}


def check_output(out: Path) -> None:
    """Check that a catalogue may be made at `out`: nothing is there, or what an earlier run left.

    Raises:
        UserError: it is a file, or a folder that holds something else.
    """
    if out.is_symlink() and not out.exists():
        raise UserError(f"{out} is a link that leads nowhere.", "Give another --out.")
    if out.exists() and not out.is_dir():
        raise UserError(f"{out} is a file.", "Give a folder with --out.")
    if not out.exists():
        _check_writable(next(parent for parent in out.parents if parent.exists()), out)
        return
    _check_writable(out, out)
    try:
        names = {entry.name for entry in out.iterdir()}
    except OSError as error:
        raise UserError(f"{out} cannot be read: {error.strerror}.", "Give another --out.") from None
    foreign = sorted(
        name
        for name in names
        if name.removesuffix(".tmp") not in _OWN and not name.startswith(f"{DATABASE}.")
    )
    if foreign:
        raise UserError(
            f"{out} holds other things, such as {foreign[0]}.", "Give a new or empty folder with --out."
        )


def _check_writable(folder: Path, out: Path) -> None:
    if not folder.is_dir():
        raise UserError(f"{out} cannot be made: {folder} is a file.", "Give another --out.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(f"{folder} cannot be written.", "Check its permissions, or give another --out.")


def building_folder(out: Path) -> Path:
    """Where `--overwrite` builds before the result takes the place of `out`."""
    return out.with_name(f".{out.name}.building")


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Make `folder` and hold its lock; errors of a full or unwritable disk become `UserError`.

    Ctrl-C is a `KeyboardInterrupt` also where it reaches a query.

    Raises:
        UserError: it cannot be made or written, another run holds it, or the disk is full.
    """
    with disk_errors(folder), interruptions():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if _is_full(error):
                raise
            raise UserError(f"{folder} cannot be made: {error.strerror}.", "Give another --out.") from None
        with (folder / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(
                    f"Another run is writing to {folder}.", "Wait for it, or give another --out."
                ) from None
            try:
                yield
            finally:
                (folder / LOCK).unlink(missing_ok=True)
                with suppress(OSError):  # it holds something, as it should
                    folder.rmdir()


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what a full or unwritable disk makes libraries raise into a `UserError`."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        if _is_full(error):
            raise UserError(
                f"No space is left on the disk of {folder}.",
                "Free some and run the same command again: what is finished is kept.",
            ) from error
        if isinstance(error, PermissionError) or getattr(error, "errno", None) == errno.EROFS:
            raise UserError(
                f"{folder} cannot be written: {error}.", "Check its permissions, or give another --out."
            ) from error
        raise


@contextmanager
def interruptions() -> Iterator[None]:
    """Make an interrupted query of DuckDB what it was: a `KeyboardInterrupt`."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


def _is_full(error: Exception) -> bool:
    # DuckDB, FAISS and tantivy pass the system's message on, but not its number.
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return getattr(error, "errno", None) in full or any(os.strerror(code) in str(error) for code in full)


def swap(built: Path, out: Path) -> None:
    """Put the finished catalogue `built` in place of `out`, then delete what was there."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    built.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def clear_results(folder: Path) -> None:
    """Delete what another run put together, or began to, the manifest first."""
    for name in (*_RESULTS, STEPS):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
