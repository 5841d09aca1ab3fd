"""Parts: what a run keeps of each finished shard, so that it can stop anywhere and go on.

A part is `NNNNN.npy` (vectors) and `NNNNN.parquet` (samples, with what was wrong with them). Both are written
aside and renamed, the Parquet file last: a shard is finished if and only if its Parquet file is there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from indexer.catalogue.schema import SAMPLE_COLUMNS, Column, arrow_schema
from indexer.catalogue.scores import SCORE_COLUMNS

# Known only once all shards are read.
_LATER = {"id", "file", "geo_tier", "mgrs", "country_code", "stage", *SCORE_COLUMNS.values()}

PART_COLUMNS: tuple[Column, ...] = (
    Column("row", pa.int64(), "row in the shard"),
    *(column for column in SAMPLE_COLUMNS if column.name not in _LATER),
    Column("fault_stage", pa.string(), "stage that the fault is for; null without a fault"),
    Column("fault", pa.string(), "what reading found to be wrong"),
    Column("fault_detail", pa.string(), "the same in a sentence"),
    Column("notes", pa.list_(pa.string()), "remarks that remove nothing"),
    Column("image_path", pa.string(), "absolute path of the file the image lies in"),
    Column("image_path_bytes", pa.int64(), "size of that file"),
)
PART_SCHEMA = arrow_schema(PART_COLUMNS)

_ASIDE = ".tmp"


@dataclass(frozen=True, slots=True)
class PartSummary:
    """Counts of one part."""

    samples: int
    faulty: int


class PartContent:
    """What will be a part: samples and their vectors, taken over a stretch at a time.

    As tables they take a fraction of the memory that as many dictionaries would, and of the time that Python
    spends going round them.

    Args:
        dimension: length of a vector.

    Attributes:
        samples: how many were added.
        faulty: how many of them cannot be used.
    """

    def __init__(self, dimension: int) -> None:
        self._tables = [PART_SCHEMA.empty_table()]
        self._vectors = [np.empty((0, dimension), np.float16)]
        self.samples = 0
        self.faulty = 0

    def add(self, rows: list[dict[str, Any]], vectors: NDArray[np.float16]) -> None:
        """Add samples.

        Args:
            rows: by `PART_COLUMNS`, without `row` and `shard`; absent ones are null.
            vectors: (len(rows), d); zeros where a sample has none.

        Raises:
            ValueError: the vectors have another shape.
        """
        if vectors.shape != (len(rows), self._vectors[0].shape[1]):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(rows)} samples")
        self._tables.append(pa.Table.from_pylist(rows, schema=PART_SCHEMA))
        self._vectors.append(vectors)
        self.samples += len(rows)
        self.faulty += sum(row["fault"] is not None for row in rows)

    def table(self, shard: int) -> pa.Table:
        """All samples, by `PART_COLUMNS`, as those of the shard of that number."""
        table = pa.concat_tables(self._tables)
        for name, values in (("row", np.arange(self.samples)), ("shard", np.full(self.samples, shard))):
            place = PART_SCHEMA.get_field_index(name)
            field = PART_SCHEMA.field(place)
            table = table.set_column(place, field, pa.array(values, field.type))
        return table

    def vectors(self) -> NDArray[np.float16]:
        """All vectors, (samples, d)."""
        return np.concatenate(self._vectors)


class Parts:
    """The parts folder of a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder, and clear away what an interruption left half-written."""
        self.folder.mkdir(exist_ok=True)
        for left in self.folder.glob(f"*{_ASIDE}"):
            left.unlink()

    def samples(self, number: int) -> Path:
        """The Parquet file of shard `number`."""
        return self.folder / f"{number:05d}.parquet"

    def vectors(self, number: int) -> Path:
        """The vectors file of shard `number`."""
        return self.folder / f"{number:05d}.npy"

    def finished(self, number: int) -> PartSummary | None:
        """Counts of part `number`, or None while its shard is not finished."""
        path = self.samples(number)
        if not path.exists():
            return None
        faults = pq.read_table(path, columns=["fault"])["fault"]
        return PartSummary(len(faults), len(faults) - faults.null_count)

    def samples_of(self, shards: int) -> list[int]:
        """Number of samples of each of the first `shards` parts, all finished."""
        return [pq.read_metadata(self.samples(number)).num_rows for number in range(shards)]

    def write(self, number: int, content: PartContent) -> None:
        """Write part `number`."""
        table, vectors = content.table(number), content.vectors()
        _write_aside(self.vectors(number), lambda stream: np.save(stream, vectors, allow_pickle=False))
        _write_aside(self.samples(number), lambda stream: pq.write_table(table, stream, compression="zstd"))


def _write_aside(path: Path, write: Callable[[BinaryIO], None]) -> None:
    aside = path.with_name(path.name + _ASIDE)
    with aside.open("wb") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the rename itself
    finally:
        os.close(folder)
