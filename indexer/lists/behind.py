"""Raw lists behind fetched shards: rows that the keyword filter removed before anything was downloaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.errors import UserError
from indexer.lists.report import read_report


def lists_behind(inputs: Iterable[str]) -> dict[str, dict[str, int]]:
    """What the reports of filter runs beside `inputs` tell.

    `rs5m fetch` lays the report of the lists that it fetched from beside its shards. A file of that name
    which is no such report is somebody else's, and says nothing.

    Args:
        inputs: paths as given to `rs5m index`: folders, files, or patterns of files of one folder.

    Returns:
        By source, rows of its lists `read`, and of them `kept` for fetching.
    """
    found: dict[str, dict[str, int]] = {}
    for folder in dict.fromkeys(map(_folder, inputs)):
        try:
            report = read_report(folder)
        except UserError:
            continue
        for source, counts in report.sources.items() if report else ():
            rows = found.setdefault(source, {"read": 0, "kept": 0})
            rows["read"] += counts.rows
            rows["kept"] += counts.kept
    return dict(sorted(found.items()))


def _folder(given: str) -> Path:
    path = Path(given).expanduser().absolute()
    return path if path.is_dir() else path.parent
