"""`filter.json`: what a filter run read, kept and removed, list by list."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.catalogue.finish import WRITTEN_BY, replace_file
from indexer.errors import UserError

REPORT = "filter.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a list, a source or all of them; `rows` is what is kept and all that is removed.

    Attributes:
        rows: rows read.
        kept: rows with an address, a caption and a keyword.
        removed: rows by reason: `no_url`, `no_caption`, `no_keyword`, `malformed`, `unreadable`.
    """

    rows: int = 0
    kept: int = 0
    removed: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Counts) -> Counts:
        removed = Counter(self.removed) + Counter(other.removed)
        return Counts(self.rows + other.rows, self.kept + other.kept, dict(sorted(removed.items())))


@dataclass(frozen=True, slots=True)
class ListReport:
    """What came of one list.

    Attributes:
        file: absolute path of the list.
        source: dataset that its rows were taken to be from.
        url_column: column that held the address.
        caption_column: column that held the caption.
        counts: its rows.
        first: kept rows by the keyword that stands first in the caption; together they are the kept rows.
        found: kept rows by every keyword in the caption: what grep counts among rows with an address.
        malformed: the first rows that could not be read, with what is wrong with them.
    """

    file: str
    source: str
    url_column: str
    caption_column: str
    counts: Counts
    first: Mapping[str, int]
    found: Mapping[str, int]
    malformed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What came of all lists.

    Attributes:
        job: hash of the lists, the keywords and all else that decides the result.
        keywords: label to pattern.
        lists: one report a list, in the order they were read.
        written_by: this package and its version.
    """

    job: str
    keywords: Mapping[str, str]
    lists: tuple[ListReport, ...]
    written_by: str = WRITTEN_BY

    @property
    def total(self) -> Counts:
        """Of all lists."""
        return sum((one.counts for one in self.lists), Counts())

    @property
    def sources(self) -> dict[str, Counts]:
        """By source, in alphabetical order."""
        found: dict[str, Counts] = {}
        for one in self.lists:
            found[one.source] = found.get(one.source, Counts()) + one.counts
        return dict(sorted(found.items()))

    @property
    def first(self) -> dict[str, int]:
        """Kept rows by the keyword that stands first in the caption, in the order of the keywords."""
        return self._keywords("first")

    @property
    def found(self) -> dict[str, int]:
        """Kept rows by every keyword in the caption, in the order of the keywords."""
        return self._keywords("found")

    def _keywords(self, which: str) -> dict[str, int]:
        return {
            label: count
            for label in self.keywords
            if (count := sum(getattr(one, which).get(label, 0) for one in self.lists))
        }

    def to_json(self) -> dict[str, Any]:
        """As values of JSON, with sums that a script would want."""
        return {
            "format": FORMAT,
            "written_by": self.written_by,
            "job": self.job,
            "total": asdict(self.total),
            "sources": {name: asdict(counts) for name, counts in self.sources.items()},
            "first": self.first,
            "found": self.found,
            "lists": [asdict(one) for one in self.lists],
            "keywords": dict(self.keywords),
        }

    def save(self, folder: Path) -> None:
        """Write `filter.json` into `folder`."""
        text = json.dumps(self.to_json(), indent=1, ensure_ascii=False)
        replace_file(folder / REPORT, text.encode())


def read_report(folder: Path) -> Report | None:
    """The report in `folder`, or None if there is none.

    Raises:
        UserError: the file is damaged or of another version.
    """
    path = folder / REPORT
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}.", "Run `rs5m filter` again.") from None
    try:
        if content["format"] != FORMAT:
            raise UserError(f"{path} has format {content['format']}.", f"This version reads {FORMAT}.")
        lists = tuple(ListReport(**one | {"counts": Counts(**one["counts"])}) for one in content["lists"])
        return Report(content["job"], content["keywords"], lists, content["written_by"])
    except (TypeError, KeyError, AttributeError) as error:
        raise UserError(
            f"{path} is no report of a filter run: {error!r}.", "Run `rs5m filter` again."
        ) from None
