"""Values from outside sorted into catalogue columns; nothing that a store cannot take gets through."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from indexer.catalogue.schema import SAMPLE_COLUMNS
from indexer.catalogue.scores import SCORE_COLUMNS
from indexer.values import is_empty, typed

# What a source or a metadata file may say about a sample; everything else a run finds out by itself.
_COMPUTED = {"id", "key", "name", "caption", "caption_chars", "bytes", "sha256", "phash", "extra"}
_COMPUTED |= {"geo_tier", "mgrs", "country_code"}
_INTERNAL = {"stage", "has_vector", "shard", "file", "offset", "length", *SCORE_COLUMNS.values()}
_FLOAT32 = struct.Struct("<f")
SUPPLIED = {column.name: column.type for column in SAMPLE_COLUMNS if column.name not in _COMPUTED | _INTERNAL}


def clean_text(value: object) -> str:
    """`value` as text that every store takes: no lone surrogates, no NUL."""
    return str(value).encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def sort_columns(given: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, object], list[str]]:
    """Sort given values into catalogue columns and the rest.

    Returns:
        Values by catalogue column, of its type; values that belong to no column or do not fit theirs; and a
        remark for each that does not fit. Empty values are left out.
    """
    fitting: dict[str, Any] = {}
    rest: dict[str, object] = {}
    remarks: list[str] = []
    for name, value in given.items():
        if is_empty(value):
            continue
        if name not in SUPPLIED:
            rest[name] = value
            continue
        try:
            fitting[name] = _HOLD[name](typed(name, value))
        except (ValueError, TypeError, OverflowError):
            rest[name] = value
            remarks.append(f"{name} {clean_text(value)!r} does not fit its column; kept in extra")
    return fitting, rest, remarks


def to_json(extra: Mapping[str, object]) -> str | None:
    """`extra` as a JSON object with sorted keys, or None if it is empty."""
    if not extra:
        return None
    return clean_text(json.dumps(extra, ensure_ascii=False, sort_keys=True, default=str))


def _holder(kind: pa.DataType) -> Callable[[Any], Any]:
    """What makes a value that of a column of `kind`; it raises ValueError or OverflowError if it cannot.

    A run does this a dozen times a sample, and an Arrow scalar takes a microsecond: only rare kinds get one.
    """
    if pa.types.is_string(kind):
        return _text
    if pa.types.is_float64(kind):
        return float
    if pa.types.is_float32(kind):
        return lambda value: _FLOAT32.unpack(_FLOAT32.pack(value))[0]
    if pa.types.is_list(kind):
        return lambda values: [_text(value) for value in values]
    return lambda value: pa.scalar(value, kind).as_py()


def _text(value: str) -> str:
    value.encode()  # raises ValueError for a lone surrogate
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}")


_HOLD = {name: _holder(kind) for name, kind in SUPPLIED.items()}
