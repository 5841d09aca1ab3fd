"""Columns added from metadata files, joined by image name.

A file is held in memory, about a kilobyte a row: a million rows fit easily, RS5M's largest file has 3
million.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import UserError
from indexer.join_kinds import KINDS, JoinKind, Said
from indexer.names import JoinName, join_name
from indexer.sources.options import SourceOptions
from indexer.sources.refused import refuse
from indexer.sources.table import SUFFIXES, open_table
from indexer.sources.table_file import TableFile
from indexer.values import is_empty

_ROWS_AT_ONCE = 50_000
_KNOWN = (
    "Known are RS5M's geometa (img_name, geometa_cap), label (img_name, url, ...), "
    "ratings (image_path, relevance_detail, ...) and place name (img_name, entity) files."
)


@dataclass(frozen=True, slots=True)
class JoinReport:
    """What became of a metadata file.

    Attributes:
        file: its path.
        kind: what it was recognised as.
        rows: rows in it.
        joined: rows whose image is in the catalogue.
        not_joined: the others.
        samples: samples that got something from it.
        notes: values and rows left out, each with how many and why.
    """

    file: str
    kind: str
    rows: int
    joined: int
    not_joined: int
    samples: int
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Entry:
    """The rows of one image, by number, and the folder they name it in."""

    folder: str
    rows: dict[int, Mapping[str, object]] = field(default_factory=dict)


class Join:
    """One metadata file, asked by image name.

    Prefixes and suffixes of names may differ between file and dataset. A row joins only images of its own
    dataset, where both say theirs; and a mere number (`258884`) only where both are known to be of the same
    one.
    """

    def __init__(self, path: Path, kind: JoinKind, table: TableFile) -> None:
        self.path = path
        self.kind = kind
        self._entries: dict[tuple[str | None, str], list[_Entry]] = defaultdict(list)
        self._sources: list[str] = []
        self._rows = 0
        self._joined: set[int] = set()
        self._samples = 0
        self._remarks: Counter[str] = Counter()
        self._judged: set[int] = set()
        self._load(table)

    def lookup(self, name: str) -> dict[str, object] | None:
        """What the file says about an image, by catalogue column; None if it does not name it."""
        said = self.said(name)
        return None if said is None else said[0]

    def said(self, name: str) -> Said | None:
        """As `lookup`, with what its rows say that was left out, and why."""
        wanted = join_name(name)
        entry = next((found for key in self._keys(wanted) if (found := self._nearest(key, wanted))), None)
        if entry is None:
            return None
        self._samples += 1
        self._joined.update(entry.rows)
        columns, problems = self.kind.columns(list(entry.rows.values()))
        if id(entry) not in self._judged:
            self._judged.add(id(entry))
            self._remarks.update(problems)
        return columns, problems

    def report(self) -> JoinReport:
        """Counts of what `lookup` has found so far."""
        notes = [
            f"{count:,} row{'s' if count > 1 else ''}: {remark}; left out"
            for remark, count in sorted(self._remarks.items())
        ]
        joined = len(self._joined)
        return JoinReport(
            str(self.path),
            self.kind.name,
            self._rows,
            joined,
            self._rows - joined,
            self._samples,
            tuple(notes),
        )

    def _load(self, table: TableFile) -> None:
        used = [column for column in table.columns if column not in (self.kind.key, "text", "description")]
        for part in table.slices(_ROWS_AT_ONCE):
            for row in table.read(part):
                self._rows += 1
                name = row.values.get(self.kind.key)
                if row.fault or is_empty(name):
                    self._remarks["the row cannot be read" if row.fault else "the row names no image"] += 1
                    continue
                self._add(
                    join_name(str(name)), row.number, {column: row.values.get(column) for column in used}
                )
        self._sources = sorted({source for source, _ in self._entries if source})

    def _add(self, name: JoinName, number: int, cells: Mapping[str, object]) -> None:
        entries = self._entries[name.source or self.kind.source, name.stem]
        for entry in entries:
            if entry.folder == name.folder:
                entry.rows[number] = cells
                if not self.kind.combines:
                    self._remarks["an earlier row names the same image"] += 1
                return
        entries.append(_Entry(name.folder, {number: cells}))

    def _keys(self, name: JoinName) -> Iterator[tuple[str | None, str]]:
        """Where the rows of an image may stand, the most certain place first."""
        yield name.source, name.stem
        if name.bare:
            return
        if name.source is not None:
            yield None, name.stem
        else:
            for source in self._sources:
                yield source, name.stem

    def _nearest(self, key: tuple[str | None, str], name: JoinName) -> _Entry | None:
        """The entry whose folder agrees best; folders disagree unless one is the end of the other."""
        agreeing = [entry for entry in self._entries.get(key, ()) if _is_end(entry.folder, name.folder)]
        return max(agreeing, key=lambda entry: len(entry.folder), default=None)


def load_joins(paths: Iterable[str | Path]) -> list[Join]:
    """Read metadata files.

    Raises:
        UserError: a file that is not there, is no table, or has a header that is not known.
    """
    return [_load(Path(path).expanduser()) for path in paths]


def _load(path: Path) -> Join:
    if not path.is_file():
        raise UserError(f"{path} is no file to join.", "Check the path.")
    refuse(path)
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path} is no table.", "Give a .csv, .tsv, .jsonl or .parquet file to join.")
    table = open_table(path, SourceOptions(), any_header=True)
    kind = next((kind for kind in KINDS if kind.matches(table.columns)), None)
    if kind is None:
        raise UserError(f"{path} has columns that are not known: {', '.join(table.columns)[:300]}.", _KNOWN)
    return Join(path, kind, table)


def _is_end(one: str, other: str) -> bool:
    """Whether one folder is the end of the other; no folder is the end of any."""
    shorter, longer = sorted((one.split("/") if one else [], other.split("/") if other else []), key=len)
    return longer[len(longer) - len(shorter) :] == shorter
