"""What every kind of shard shares: a fingerprint of its input, and text that may be anything."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from indexer.sources.options import SourceOptions


def fingerprint(kind: str, options: SourceOptions, parts: Iterable[object]) -> str:
    """Hash of a shard's input: its kind, the options, and whatever else tells one input from another."""
    digest = hashlib.sha256(repr((kind, options)).encode())
    for part in parts:
        digest.update(json.dumps(part, ensure_ascii=True).encode() + b"\n")
    return digest.hexdigest()[:32]


def file_state(path: Path) -> tuple[int, int]:
    """Size in bytes and time of change in nanoseconds; both stay the same while nobody writes the file."""
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def decode_text(raw: bytes, what: str, notes: list[str]) -> str:
    """Text of `what`; bytes that are not UTF-8 become U+FFFD, with a note that says so."""
    try:
        return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        notes.append(not_utf8(what, error))
        return raw.decode("utf-8", "replace")


def not_utf8(what: str, error: UnicodeDecodeError) -> str:
    """The note that goes with text whose bytes are not UTF-8."""
    return f"{what} is not UTF-8 (at byte {error.start:,}); what cannot be read is shown as \ufffd"


def walk(root: Path) -> Iterator[Path]:
    """Every file below `root` by name, without hidden ones and without following links to folders."""
    with os.scandir(root) as entries:
        ordered = sorted(
            (entry for entry in entries if not _is_hidden(entry.name)), key=lambda entry: entry.name
        )
    for entry in ordered:
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"
