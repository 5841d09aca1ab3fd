"""What is to be downloaded: the rows of a filter run's folder, or of a raw list, cut into shards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from indexer.counting import Counting
from indexer.errors import UserError
from indexer.lists import FilterOptions, Report, filter_lists, read_report
from indexer.lists.raw_list import Wanted

MOST_IN_A_SHARD = 10_000
_COLUMNS = ["url", "caption", "keyword", "source"]


@dataclass(frozen=True, slots=True)
class Row:
    """One image to download.

    Attributes:
        key: unique in the folder of shards; shard number and place in it, as img2dataset counts.
        url: its address.
        caption: its caption, if it has one.
        keyword: keyword that stands first in the caption, if it was looked for.
        source: dataset that the pair is from.
        supersedes: key of the row that it takes the place of.
    """

    key: str
    url: str
    caption: str | None
    keyword: str | None
    source: str
    supersedes: str | None = None


def key_of(shard: int, place: int) -> str:
    """The key of a row.

    >>> key_of(12, 34)
    '000120034'
    """
    return f"{shard:05d}{place:04d}"


class Plan:
    """All rows to download, in their order.

    Attributes:
        report: what the filter run said of them.
        total: number of rows.
    """

    def __init__(self, folder: Path, report: Report) -> None:
        self.report = report
        self._files = sorted(folder.glob("survivors-*.parquet"))
        self._counts = [pq.read_metadata(path).num_rows for path in self._files]
        self.total = sum(self._counts)
        if self.total != report.total.kept:
            raise UserError(
                f"{folder} holds {self.total:,} rows where {report.total.kept:,} were kept.",
                "Run `rs5m filter` again with --overwrite.",
            )

    def rows(self, shard: int, size: int) -> list[Row]:
        """The rows of one shard of `size` rows."""
        start, stop = shard * size, min((shard + 1) * size, self.total)
        found: list[Row] = []
        first = 0
        for path, count in zip(self._files, self._counts, strict=True):
            low, high = max(start - first, 0), min(stop - first, count)
            if low < high:
                for values in _read(path, low, high):
                    found.append(Row(key=key_of(shard, len(found)), **values))
            first += count
        return found


def _read(path: Path, start: int, stop: int) -> Iterator[dict[str, Any]]:
    """Rows of a Parquet file, from the row groups that hold them."""
    with pq.ParquetFile(path) as file:
        first = 0
        for group in range(file.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            low, high = max(start - first, 0), min(stop - first, count)
            if low < high:
                yield from file.read_row_group(group, columns=_COLUMNS).slice(low, high - low).to_pylist()
            first += count


def open_plan(given: Sequence[str], beside: Path, wanted: Wanted, counting: Counting) -> Plan:
    """The plan for a folder that `rs5m filter` made, or for raw lists, every row with an address of them.

    Args:
        given: the folder, or lists.
        beside: where rows of raw lists are kept.
        wanted: columns and source of raw lists.
        counting: told how far reading raw lists is.

    Raises:
        UserError: there is no such thing, or its filter run is not finished.
    """
    folder = Path(given[0]).expanduser()
    if len(given) == 1 and folder.is_dir():
        report = read_report(folder)
        if report is not None:
            return Plan(folder, report)
        if (folder / "stretches.json").exists():
            raise UserError(
                f"The filter run in {folder} is not finished.", "Run the same `rs5m filter` command again."
            )
    report = filter_lists(given, beside, FilterOptions(wanted=wanted, keywords=None), counting)
    return Plan(beside, report)
