"""Places named in captions: the file `derived/places.parquet`, which `rs5m places` adds to a catalogue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue.layout import NAMED_PLACES
from indexer.catalogue.places import Points
from indexer.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

PLACE_KINDS = ("city", "region", "country")
"""Kinds of places, the most specific first; numbers in `NamedPlaces.kind` are places in it."""
GAZETTEER, UPSTREAM = "gazetteer", "upstream"
_NOTE = b"rs5m"


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """One place that a caption names; a row of the file.

    Attributes:
        id: the sample.
        mention: the name as the caption writes it.
        place: what the gazetteer calls it.
        kind: one of `PLACE_KINDS`.
        latitude: degrees north, WGS 84; of a region or country the middle of its inhabitants.
        longitude: degrees east, likewise.
        country_code: ISO 3166-1 alpha-2.
        ambiguity: from 0, where the name can mean no other place, towards 1.
        rank: 0 for the most specific place of the caption, then 1, 2, ...
        origin: `gazetteer`, or `upstream` for a name that only RS5M's file of entities has.
    """

    id: int
    mention: str
    place: str
    kind: str
    latitude: float
    longitude: float
    country_code: str
    ambiguity: float
    rank: int
    origin: str


class NamedPlaces(Points):
    """The best place of every sample whose caption names one; empty where nobody has looked for any.

    Attributes:
        ambiguity: from 0 towards 1, float32 (named,).
        kind: place in `PLACE_KINDS`, uint8 (named,).
        note: how the file was made: `catalogue_id`, the `gazetteer` (packages with versions), the
            `smallest_city` it knows in inhabitants, and the name of the file `upstream`, or None. None
            without a file.

    Args:
        folder: of the catalogue.
        catalogue_id: its identity; a file that belongs to another one is not read.

    Raises:
        UserError: the file is damaged.
    """

    def __init__(self, folder: Path, catalogue_id: str) -> None:
        self._path = folder / NAMED_PLACES
        # Held, so that a file which takes its place is not mistaken for it.
        self._content = _map(self._path)
        note = _note(self._content, self._path)
        self.note = note if note is not None and note.get("catalogue_id") == catalogue_id else None
        columns = ("id", "latitude", "longitude", "ambiguity", "kind")
        best = self._read(columns, ("rank", "=", 0)) if self.note else {name: [] for name in columns}
        super().__init__(
            np.asarray(best["id"], np.int32),
            np.asarray(best["latitude"], np.float64),
            np.asarray(best["longitude"], np.float64),
        )
        self.ambiguity: NDArray[np.float32] = np.asarray(best["ambiguity"], np.float32)
        kinds = [PLACE_KINDS.index(kind) for kind in best["kind"]]
        self.kind: NDArray[np.uint8] = np.asarray(kinds, np.uint8)

    def of(self, id_: int) -> list[NamedPlace]:
        """Every place that the caption of one sample names, the most specific first.

        Raises:
            UserError: the file is damaged.
        """
        place = int(np.searchsorted(self.ids, id_))
        if place == len(self.ids) or self.ids[place] != id_:
            return []
        found = self._read(tuple(schema().names), ("id", "=", id_))
        rows = [NamedPlace(*values) for values in zip(*found.values(), strict=True)]
        return sorted(rows, key=lambda row: row.rank)

    def _read(self, columns: tuple[str, ...], only: tuple[str, str, int]) -> dict[str, list[Any]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            table = pq.read_table(pa.BufferReader(self._content), columns=list(columns), filters=[only])
        except (OSError, pa.ArrowException) as error:
            raise _damaged(self._path, error) from None
        return {name: table[name].to_pylist() for name in columns}


def schema(note: dict[str, Any] | None = None) -> pa.Schema:
    """Columns of the file, with `note` as its metadata."""
    import pyarrow as pa

    columns = pa.schema(
        [
            ("id", pa.int32()),
            ("mention", pa.string()),
            ("place", pa.string()),
            ("kind", pa.string()),
            ("latitude", pa.float64()),
            ("longitude", pa.float64()),
            ("country_code", pa.string()),
            ("ambiguity", pa.float32()),
            ("rank", pa.int16()),
            ("origin", pa.string()),
        ]
    )
    return columns.with_metadata({_NOTE: json.dumps(note, sort_keys=True)}) if note else columns


def carry_named_places(old: Path, old_id: str, new: Path, new_id: str) -> None:
    """Take the file of a catalogue on to another one that has the same samples.

    Args:
        old: folder of the one, with such a file or without.
        old_id: its `catalogue_id`; a file that belongs to neither is left behind.
        new: folder of the other.
        new_id: its `catalogue_id`.
    """
    import pyarrow.parquet as pq

    note = NamedPlaces(old, old_id).note
    if note is None:
        return
    (new / NAMED_PLACES).parent.mkdir(exist_ok=True)
    columns = schema(note | {"catalogue_id": new_id})
    with pq.ParquetFile(old / NAMED_PLACES) as file, pq.ParquetWriter(new / NAMED_PLACES, columns) as writer:
        for group in range(file.num_row_groups):
            writer.write_table(file.read_row_group(group).cast(columns))


def _map(path: Path) -> pa.Buffer | None:
    """The content of a file; None where there is none."""
    import pyarrow as pa

    if not path.exists():
        return None
    try:
        return pa.memory_map(str(path)).read_buffer()
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, error) from None


def _note(content: pa.Buffer | None, path: Path) -> dict[str, Any] | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if content is None:
        return None
    try:
        note = json.loads(pq.read_schema(pa.BufferReader(content)).metadata[_NOTE])
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise _damaged(path, error) from None
    return note if isinstance(note, dict) else None


def _damaged(path: Path, error: Exception) -> UserError:
    return UserError(f"{path} is damaged: {str(error)[:200]}.", "Run `rs5m places` again.")
