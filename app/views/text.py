"""Numbers, dates and names in the one form that every page uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from app.query.geo import BBox

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ORIGINS = {"web": "the web", "model": "a model", "human": "a person", "unknown": "unknown"}
WRITTEN = {"web": "from the web", "model": "by a model", "human": "by a person"}
MISSING_LABELS = {"class": "no class", "country": "no country", "month": "no month", "source": "no source"}

# What XML 1.0 (section 2.2) has no character for.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 sample`, `1,204 samples`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def sentence(parts: Iterable[str | None]) -> str:
    """The parts that there are, with a dash between."""
    return " - ".join(part for part in parts if part)


def milliseconds(value: float) -> str:
    """`0.4 ms`, `12 ms`, `1.3 s`."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return f"{value:.1f} ms" if value < 1 else f"{value:.0f} ms"


def degrees(latitude: float, longitude: float) -> str:
    """`29.7630° N, 95.3630° W`."""
    north, east = ("N" if latitude >= 0 else "S"), ("E" if longitude >= 0 else "W")
    return f"{abs(latitude):.4f}° {north}, {abs(longitude):.4f}° {east}"


def area(box: BBox) -> str:
    """A bounding box in few words: `29.5 to 30.1° N, 96.0 to 95.0° W`."""
    return f"{_span(box.south, box.north, 'N', 'S')}, {_span(box.west, box.east, 'E', 'W')}"


def _span(start: float, end: float, positive: str, negative: str) -> str:
    def one(value: float) -> str:
        return f"{abs(value):.2f}° {positive if value >= 0 else negative}"

    if (start < 0) == (end < 0):
        return f"{abs(start):.2f} to {one(end)}"
    return f"{one(start)} to {one(end)}"


def moment(value: datetime) -> str:
    """`2016-07-04 10:00`."""
    return value.strftime("%Y-%m-%d %H:%M")


def size(number: int) -> str:
    """Bytes for a person: `312 bytes`, `14.2 kB`, `3.1 MB`."""
    if number < 1000:
        return counted(number, "byte")
    value, unit = (number / 1e3, "kB") if number < 1e6 else (number / 1e6, "MB")
    return f"{value:.1f} {unit}"


def words(name: str) -> str:
    """A class name as words: `SparseResidential`, `sparse_residential` -> `sparse residential`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-]+", " ", name)
    return " ".join(spaced.split()).lower()


def facet_label(facet: str, value: str) -> str:
    """How a facet's value is written for a person."""
    if value == "(none)":
        return MISSING_LABELS.get(facet, "none")
    if facet == "month" and value.isdigit():
        return MONTHS[int(value) - 1]
    if facet == "coordinates":
        return "with a point" if value == "yes" else "without"
    if facet == "origin":
        return ORIGINS.get(value, value)
    return value


def printable(text: str) -> str:
    """`text` without characters that XML cannot hold, so that a drawing may have it."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
