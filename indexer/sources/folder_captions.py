"""Which row of which table describes which image of a folder."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from indexer.errors import UserError
from indexer.records import Fault
from indexer.sources.columns import name_column
from indexer.sources.options import SourceOptions
from indexer.sources.table import open_table
from indexer.sources.table_file import Row, TableFile


@dataclass(slots=True)
class Described:
    """An image of a folder and what the tables say of it, or a row that has no image.

    Attributes:
        path: relative to the folder, with `/`; what the row says where there is no image.
        values: cells by column name, of all tables together.
        notes: remarks for the ledger.
        fault: `missing_image`, `ambiguous_image`, `duplicate_key` or `malformed_row`.
    """

    path: str
    values: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    fault: Fault | None = None


def describe(
    root: Path, images: Sequence[str], tables: Iterable[Path], options: SourceOptions
) -> tuple[list[Described], list[Path]]:
    """Match every row of every table with an image.

    Args:
        root: the folder.
        images: relative paths of its images.
        tables: tables below it; a row names its image relative to the table's folder, relative to the root,
            or by a base name that only one image below the table's folder has.
        options: names of columns.

    Returns:
        Images and rows without an image, sorted by path; and the tables that name no images.
    """
    items = {path: Described(path) for path in images}
    finder = _Finder(images)
    others: list[Described] = []
    unused: list[Path] = []
    for path in tables:
        table = _caption_table(path, options)
        if table is None:
            unused.append(path)
            continue
        folder = path.parent.relative_to(root).as_posix()
        rows_of: dict[str, int] = {}
        for row in _rows(table, options):
            found = _match(row, path, folder, finder, options)
            first = rows_of.setdefault(found.path, row.number) if found.fault is None else row.number
            if found.fault is None and first != row.number:
                found.fault = Fault(
                    "duplicate_key",
                    f"Row {row.number:,} of {path.name} describes {found.path}, as row {first:,} does.",
                )
            if found.fault is None:
                _merge(items[found.path], found, path)
            else:
                others.append(found)
    return sorted([*items.values(), *others], key=lambda item: item.path), unused


class _Finder:
    """Finds an image by what a row says."""

    def __init__(self, images: Sequence[str]) -> None:
        self._paths = frozenset(images)
        self._by_base: dict[str, list[str]] = defaultdict(list)
        for path in images:
            base = PurePosixPath(path)
            for name in {base.name, base.stem}:
                self._by_base[name].append(path)

    def find(self, name: str, folder: str) -> list[str]:
        """Images that `name`, written in a table in `folder`, may mean: none, one, or several."""
        written = name.strip().replace("\\", "/")
        for start in (folder, "."):
            path = posixpath.normpath(posixpath.join(start, written.lstrip("/")))
            if path in self._paths:
                return [path]
        below = "" if folder == "." else f"{folder}/"
        same_base = self._by_base.get(posixpath.basename(written), [])
        return [path for path in same_base if path.startswith(below)]


def _match(row: Row, table: Path, folder: str, finder: _Finder, options: SourceOptions) -> Described:
    where = f"Row {row.number:,} of {table.name}"
    column = name_column(row.values, options)
    name = str(row.values[column]) if column is not None and row.values[column] is not None else ""
    found = Described(name or f"{table.name}#{row.number}", row.values, row.notes, row.fault)
    if found.fault:
        return found
    paths = finder.find(name, folder) if name.strip() else []
    if len(paths) == 1:
        found.path = paths[0]
    elif paths:
        found.fault = Fault("ambiguous_image", f"{where} names {name}, which stands in {len(paths)} folders.")
    else:
        named = name or "no image"
        found.fault = Fault("missing_image", f"{where} names {named}, which is not in the folder.")
    return found


def _merge(item: Described, row: Described, table: Path) -> None:
    """Add a table's row to an image; what an earlier table said stays."""
    for column, value in row.values.items():
        if column in item.values and item.values[column] != value:
            item.notes.append(f"{table.name} says otherwise of {column}; the first table's word is kept")
        item.values.setdefault(column, value)
    item.notes += row.notes


def _caption_table(path: Path, options: SourceOptions) -> TableFile | None:
    try:
        table = open_table(path, options)
    except UserError:
        return None
    return table if name_column(table.columns, options) else None


def _rows(table: TableFile, options: SourceOptions) -> Iterable[Row]:
    for part in table.slices(max(options.rows_per_shard, 2000)):
        yield from table.read(part)
