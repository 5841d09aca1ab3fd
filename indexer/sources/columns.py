"""Which columns of a table mean what: image name, caption, and the catalogue's columns by other names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from indexer.catalogue.schema import SAMPLE_COLUMNS
from indexer.errors import UserError
from indexer.sources.options import SourceOptions
from indexer.values import coordinates, is_empty, typed

# In the order in which they are tried.
NAME_COLUMNS = (
    "file_name",
    "filename",
    "filepath",
    "file_path",
    "image_path",
    "img_path",
    "img_name",
    "image_name",
    "name",
    "image",
    "path",
)
CAPTION_COLUMNS = ("caption", "text", "captions", "sentences", "description")
_ALIASES = {
    "lat": "latitude",
    "lon": "longitude",
    "lng": "longitude",
    "long": "longitude",
    "label": "class",
    "class_label": "class",
    "class_name": "class",
    "category": "class",
    "image_url": "url",
    "gsd": "gsd_m",
    "timestamp": "taken_at",
    "relevance_detail": "relevance",
}
_SCHEMA = frozenset(column.name for column in SAMPLE_COLUMNS)
# What the index run finds out by itself; a table's word on it would be a second truth.
_RUN = frozenset(
    {
        "id",
        "key",
        "name",
        "caption",
        "caption_chars",
        "bytes",
        "sha256",
        "phash",
        "geo_tier",
        "geo_origin",
        "mgrs",
        "country_code",
        "extra",
        "stage",
    }
    | {"has_vector", "shard", "file", "offset", "length"}
)
_MEASURED = frozenset({"width", "height"})


def name_column(columns: Iterable[str], options: SourceOptions) -> str | None:
    """The column that names the image, or None."""
    return _find(columns, NAME_COLUMNS, options.name_column)


def caption_column(columns: Iterable[str], options: SourceOptions) -> str | None:
    """The column that holds the caption, or None."""
    return _find(columns, CAPTION_COLUMNS, options.caption_column)


def require(columns: Iterable[str], wanted: str | None, table: str) -> None:
    """Raise a UserError if the column that a person asked for is not in `table`."""
    present = list(columns)
    if wanted is not None and wanted not in present:
        raise UserError(f"{table} has no column '{wanted}'.", f"Its columns are {', '.join(present)}.")


def caption_of(row: Mapping[str, object], options: SourceOptions) -> str | None:
    """The row's caption: an empty one stays an empty one; of several, the first that says something."""
    column = caption_column(row, options)
    value = row[column] if column is not None else None
    if isinstance(value, list | tuple):
        texts = [str(text) for text in value]
        return next((text for text in texts if text.strip()), texts[0] if texts else None)
    if isinstance(value, float) and math.isnan(value):  # what pandas writes for nothing
        return None
    return None if value is None else str(value)


def columns_of(
    row: Mapping[str, object], options: SourceOptions, notes: list[str], *, has_image: bool = True
) -> dict[str, object]:
    """The row's further columns by catalogue column; other columns keep their own names.

    Args:
        row: a table's row, or a JSON object.
        options: names the columns that are image name and caption, which are left out.
        notes: gets a sentence for every value that cannot be what its column holds.
        has_image: leave out width and height, which will be measured.
    """
    skipped = {name_column(row, options), caption_column(row, options)}
    found: dict[str, object] = {}
    for original, value in row.items():
        label = original.strip().lower()
        column = _ALIASES.get(label, label)
        if original in skipped or not label or column in _RUN or is_empty(value):
            continue
        if column in _MEASURED and has_image:
            continue
        if column not in _SCHEMA:
            storable = isinstance(value, str | int | float | list | dict)
            found[original.strip()] = value if storable else str(value)
            continue
        try:
            found.setdefault(column, typed(column, value))
        except ValueError as error:
            notes.append(f"{original}: {error}; left out")
    check_coordinates(found, notes)
    return found


def check_coordinates(columns: dict[str, object], notes: list[str]) -> None:
    """Take latitude and longitude out of `columns`, with a note, unless they are a place on Earth."""
    if "latitude" not in columns and "longitude" not in columns:
        return
    latitude, longitude = columns.pop("latitude", None), columns.pop("longitude", None)
    if latitude is None or longitude is None:
        notes.append("only one of latitude and longitude is given; left out")
        return
    try:
        columns["latitude"], columns["longitude"] = coordinates(latitude, longitude)
    except ValueError as error:
        notes.append(f"{error}; left out")


def _find(columns: Iterable[str], names: tuple[str, ...], wanted: str | None) -> str | None:
    present = {column.strip().lower(): column for column in columns}
    if wanted is not None:
        return wanted if wanted in present.values() else None
    return next((present[name] for name in names if name in present), None)
