"""The file of a head: JSON that a person can read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexer.errors import UserError

_FORMAT = "rs5m-detector-head"
_VERSION = 1
# A thousand hidden units on vectors of 1,024 numbers take less than this; a larger file is no head.
_MAX_BYTES = 32 << 20
# A list of numbers over several lines; a string of JSON never holds a line break.
_NUMBERS = re.compile(r"\[\n[-+.\deE,\s]+\]")
_TRAIN_AGAIN = "Train the head again with `rs5m train-detector`."


def to_json(content: Mapping[str, Any]) -> str:
    """Canonical JSON of a head's fields, a row of weights a line: the same fields give the same bytes."""
    text = json.dumps({"format": _FORMAT, "version": _VERSION, **content}, indent=1, ensure_ascii=False)
    return _NUMBERS.sub(lambda row: " ".join(row[0].split()), text) + "\n"


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        UserError: it cannot be written.
    """
    aside = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        raise UserError(
            f"The head cannot be written to {path}: {error.strerror}.", "Choose another file with --out."
        ) from None


def read(path: Path) -> dict[str, Any]:
    """The fields of a head.

    Raises:
        UserError: the file is missing, too large, no JSON, no head, or of another version.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= _MAX_BYTES else None
    except OSError as error:
        raise UserError(f"The head {path} cannot be read: {error.strerror}.", "Check the path.") from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise UserError(f"{path} is no detector head.", "Give a file that `rs5m train-detector` wrote.")
    if content.get("version") != _VERSION:
        raise UserError(
            f"The head {path} is of version {content.get('version')}; this program reads version {_VERSION}.",
            _TRAIN_AGAIN,
        )
    return content


def damaged(path: Path, detail: str) -> UserError:
    """The error for a head whose fields do not fit together."""
    return UserError(f"The head {path} is damaged: {detail}.", _TRAIN_AGAIN)
