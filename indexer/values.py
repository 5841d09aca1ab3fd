"""Values from other people's tables made into what a catalogue column holds, or refused with a reason."""

from __future__ import annotations

import math
from datetime import date, datetime

import pyarrow as pa

from indexer.captions import MONTHS
from indexer.catalogue.schema import SAMPLE_COLUMNS

_TYPES = {column.name: column.type for column in SAMPLE_COLUMNS}
_MONTH_NAMES = {name.lower(): number for name, number in MONTHS.items()}
_EMPTY = frozenset({"", "nan", "none", "null", "na", "n/a", "<na>"})


def is_empty(value: object) -> bool:
    """Whether a cell says nothing: None, NaN, blank, or a word that stands for it."""
    if isinstance(value, str):
        return value.strip().lower() in _EMPTY
    return value is None or (isinstance(value, float) and math.isnan(value))


def typed(column: str, value: object) -> object:
    """`value` as catalogue column `column` holds it.

    Raises:
        ValueError: with a reason that names the value.
    """
    if column == "month":
        return month(value)
    kind = _TYPES[column]
    if pa.types.is_timestamp(kind):
        return _time(value)
    if pa.types.is_floating(kind):
        return number(value)
    if pa.types.is_integer(kind):
        return _whole(value)
    if pa.types.is_list(kind):
        return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
    return str(value).strip()


def number(value: object) -> float:
    """A finite number. Raises ValueError for anything else."""
    try:
        found = float(value) if isinstance(value, int | float) else float(str(value).strip())
    except (ValueError, OverflowError):
        raise ValueError(f"{_shown(value)} is no number") from None
    if not math.isfinite(found):
        raise ValueError(f"{_shown(value)} is no number")
    return found


def month(value: object) -> int:
    """Month 1 to 12, from a number, an English name or its first three letters, or a date `2016-06-09`.

    Raises:
        ValueError: it is none of these.
    """
    if isinstance(value, date):
        return value.month
    text = str(value).strip().lower()
    for name, position in _MONTH_NAMES.items():
        if text in (name, name[:3], f"{name[:3]}."):
            return position
    try:
        if "-" in text:
            return date.fromisoformat(text[:10]).month
        found = float(text)
    except ValueError:
        raise ValueError(f"{_shown(value)} is no month") from None
    if found not in range(1, 13):
        raise ValueError(f"{_shown(value)} is no month")
    return int(found)


def coordinates(latitude: object, longitude: object) -> tuple[float, float]:
    """Latitude and longitude in degrees, if they are a place on Earth.

    Raises:
        ValueError: they are no numbers, out of range, or 0, 0, which stands for an unknown
            place.
    """
    north, east = number(latitude), number(longitude)
    if abs(north) > 90:
        swapped = (
            f", perhaps swapped with longitude {east:g}" if abs(north) <= 180 and abs(east) <= 90 else ""
        )
        raise ValueError(f"latitude {north:g} is beyond the pole{swapped}")
    if abs(east) > 180:
        raise ValueError(f"longitude {east:g} is beyond 180 degrees")
    if north == 0 and east == 0:
        raise ValueError("latitude 0, longitude 0 stands for an unknown place")
    return north, east


def _whole(value: object) -> int:
    found = number(value)
    if found != int(found):
        raise ValueError(f"{_shown(value)} is no whole number")
    return int(found)


def _time(value: object) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    try:
        return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
    except ValueError:
        raise ValueError(f"{_shown(value)} is no time") from None


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else text[:40] + "...")
