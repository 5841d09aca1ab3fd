"""One stretch of a list: its survivors written as Parquet, its rows counted."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from indexer.keywords import Keywords
from indexer.lists.raw_list import RawList
from indexer.lists.scan import KEPT, MALFORMED, VERDICTS

SURVIVORS = pa.schema(
    [
        ("url", pa.string()),
        ("caption", pa.string()),
        ("keyword", pa.string()),
        ("source", pa.string()),
        ("list", pa.string()),
        ("row", pa.int64()),
    ]
)
REMOVED = pa.schema(
    [
        ("url", pa.string()),
        ("caption", pa.string()),
        ("reason", pa.string()),
        ("source", pa.string()),
        ("list", pa.string()),
        ("row", pa.int64()),
    ]
)
_GROUP = 65_536
_SHOWN = 10


@dataclass(slots=True)
class Stretch:
    """Consecutive rows of one list; `first` is the number of rows before them, `ended` that none follow.

    Attributes:
        place: which list.
        first: rows of the list before this stretch.
        rows: rows read, kept or removed.
        verdicts: rows by verdict.
        keyword_first: kept rows by the keyword that stands first.
        keyword_found: kept rows by every keyword in the caption.
        malformed: the first rows that could not be read.
        ended: whether the list ends here.
        files: names of the Parquet files with its rows.
        lenient: whether the list had to be read leniently.
    """

    place: int
    first: int
    rows: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    keyword_first: dict[str, int] = field(default_factory=dict)
    keyword_found: dict[str, int] = field(default_factory=dict)
    malformed: list[str] = field(default_factory=list)
    ended: bool = False
    files: list[str] = field(default_factory=list)
    lenient: bool = False


class StretchWriter:
    """Takes the batches of one stretch; what it writes depends on the rows alone, not on their batches."""

    def __init__(
        self,
        folder: Path,
        number: int,
        stretch: Stretch,
        raw: RawList,
        keywords: Keywords | None,
        *,
        removed: bool,
    ) -> None:
        self.stretch = stretch
        self._raw = raw
        self._keywords = keywords
        self._verdicts: Counter[str] = Counter()
        self._first: Counter[str] = Counter()
        self._found: Counter[str] = Counter()
        self._survivors = _Grouped(folder / f"survivors-{number:05d}.parquet", SURVIVORS)
        self._removed = _Grouped(folder / f"removed-{number:05d}.parquet", REMOVED) if removed else None

    def add(self, batch: pa.RecordBatch) -> None:
        """Count and write a batch as `scan` gives it."""
        verdicts = batch.column("verdict")
        for counted in pc.value_counts(verdicts).to_pylist():
            self._verdicts[VERDICTS[counted["values"]]] += counted["counts"]
        start = self.stretch.first + self.stretch.rows + 1
        self.stretch.rows += len(batch)
        rows = pa.array(range(start, start + len(batch)), pa.int64()) if self._removed else None
        chosen = pc.indices_nonzero(pc.equal(verdicts, VERDICTS.index(KEPT)))
        if len(chosen):
            self._add_survivors(batch.take(chosen), pc.add(chosen.cast(pa.int64()), start))
        if MALFORMED in self._verdicts and len(self.stretch.malformed) < _SHOWN:
            places = pc.indices_nonzero(pc.equal(verdicts, VERDICTS.index(MALFORMED))).to_pylist()
            shown = [f"row {start + place:,}: the line is no JSON" for place in places]
            self.stretch.malformed = [*self.stretch.malformed, *shown][:_SHOWN]
        if self._removed and rows is not None:
            self._add_removed(self._removed, batch, rows)

    def _add_survivors(self, kept: pa.RecordBatch, rows: pa.Array) -> None:
        labels = (
            pa.nulls(len(kept), pa.string()) if self._keywords is None else self._labels(kept, self._keywords)
        )
        columns = [kept.column("url"), kept.column("caption"), labels]
        self._survivors.add(columns, self._origin(len(kept)), rows)

    def _labels(self, kept: pa.RecordBatch, keywords: Keywords) -> pa.Array:
        labels: list[str] = []
        for caption in kept.column("caption").to_pylist():
            found = keywords.find_all(caption)
            self._found.update(found)
            labels.append(found[0] if len(found) == 1 else str(keywords.find(caption)))
        self._first.update(labels)
        return pa.array(labels, pa.string())

    def _add_removed(self, file: _Grouped, batch: pa.RecordBatch, rows: pa.Array) -> None:
        mask = pc.not_equal(batch.column("verdict"), VERDICTS.index(KEPT))
        gone = batch.filter(mask)
        reasons = pa.array(VERDICTS, pa.string()).take(gone.column("verdict"))
        columns = [gone.column("url"), gone.column("caption"), reasons]
        file.add(columns, self._origin(len(gone)), rows.filter(mask))

    def _origin(self, rows: int) -> list[pa.Array]:
        return [pa.repeat(text, rows) for text in (self._raw.source, self._raw.path.name)]

    def add_unread(self, reason: str, count: int, shown: list[str]) -> None:
        """Count rows that there is nothing to write of but that they were there."""
        self._verdicts[reason] += count
        self.stretch.rows += count
        self.stretch.malformed = [*self.stretch.malformed, *shown][:_SHOWN]
        if self._removed and count:
            nothing = pa.nulls(count, pa.string())
            columns = [nothing, nothing, pa.repeat(reason, count)]
            self._removed.add(columns, self._origin(count), pa.nulls(count, pa.int64()))

    def finish(self) -> Stretch:
        """Close and rename the files, and give the stretch with its counts."""
        self.stretch.verdicts = {name: self._verdicts[name] for name in sorted(self._verdicts)}
        self.stretch.keyword_first = _in_order(self._keywords, self._first)
        self.stretch.keyword_found = _in_order(self._keywords, self._found)
        files = (self._survivors, self._removed) if self._removed else (self._survivors,)
        self.stretch.files = [file.path.name for file in files if file.finish()]
        return self.stretch

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._survivors.abandon()
        if self._removed:
            self._removed.abandon()


class _Grouped:
    """A Parquet file in row groups of a fixed size, written aside; there is none without a row."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self._aside = path.with_name(path.name + ".tmp")
        self._schema = schema
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        self._writer: pq.ParquetWriter | None = None

    def add(self, first: list[pa.Array], origin: list[pa.Array], rows: pa.Array) -> None:
        self._waiting.append(
            pa.record_batch(
                [
                    array.cast(kind)
                    for array, kind in zip([*first, *origin, rows], self._schema.types, strict=True)
                ],
                schema=self._schema,
            )
        )
        self._rows += len(rows)
        while self._rows >= _GROUP:
            self._write(_GROUP)

    def _write(self, count: int) -> None:
        table = pa.Table.from_batches(self._waiting, self._schema).combine_chunks()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._aside, self._schema, compression="zstd")
        self._writer.write_table(table.slice(0, count), row_group_size=_GROUP)
        self._waiting = table.slice(count).to_batches()
        self._rows -= count

    def finish(self) -> bool:
        if self._rows:
            self._write(self._rows)
        if self._writer is None:
            return False
        self._writer.close()
        with self._aside.open("rb") as stream:
            os.fsync(stream.fileno())
        self._aside.replace(self.path)
        return True

    def abandon(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._aside.unlink(missing_ok=True)


def _in_order(keywords: Keywords | None, counts: Counter[str]) -> dict[str, int]:
    return {label: counts[label] for label in (keywords.patterns if keywords else ()) if counts[label]}
