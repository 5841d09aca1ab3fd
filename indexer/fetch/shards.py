"""Shards in img2dataset's layout, and beside each a Parquet file that tells what came of every address.

A shard is there once its Parquet file is: the tar is renamed into place before it. A shard without an image
has no tar. Each address stands in exactly one of the Parquet files; one that was tried again with success
moves to the shard of its image.
"""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from indexer.fetch.plan import Row
from indexer.fetch.spool import Outcome, Spool
from indexer.names import subset_of

SIDECAR = pa.schema(
    [
        ("key", pa.string()),
        ("url", pa.string()),
        ("caption", pa.string()),
        ("keyword", pa.string()),
        ("source", pa.string()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("http_status", pa.int32()),
        ("attempts", pa.int32()),
        ("final_url", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("bytes", pa.int64()),
        ("sha256", pa.string()),
        ("supersedes", pa.string()),
    ]
)
_SIDECAR_NAME = re.compile(r"\d{5,}\.parquet")


def sidecar(folder: Path, shard: int) -> Path:
    """The Parquet file of a shard."""
    return folder / f"{shard:05d}.parquet"


def sidecars(folder: Path) -> list[Path]:
    """The Parquet files of all shards, by number."""
    found = [path for path in folder.glob("*.parquet") if _SIDECAR_NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: int(path.stem))


def write_shard(
    folder: Path, shard: int, rows: Sequence[Row], outcomes: Mapping[str, Outcome], spool: Spool
) -> None:
    """Write one shard; the same rows and outcomes give the same bytes.

    Args:
        folder: of the shards.
        shard: its number.
        rows: in the order of their keys.
        outcomes: of every row, by its key, or by the key that it supersedes.
        spool: holds the images.
    """
    pairs = [(row, outcomes[row.supersedes or row.key]) for row in rows]
    tar = sidecar(folder, shard).with_suffix(".tar")
    if any(outcome.sha256 for _, outcome in pairs):
        with (
            _aside(tar) as stream,
            tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for row, outcome in pairs:
                for name, content in _members(row, outcome, spool):
                    member = tarfile.TarInfo(name)
                    member.size = len(content)
                    archive.addfile(member, io.BytesIO(content))
    write_sidecar(sidecar(folder, shard), [_told(row, outcome) for row, outcome in pairs])


def write_sidecar(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a shard's Parquet file, whole or not at all."""
    with _aside(path) as stream:
        pq.write_table(pa.Table.from_pylist(list(rows), SIDECAR), stream, compression="zstd")


def read_sidecar(path: Path) -> list[dict[str, Any]]:
    """The rows of a shard's Parquet file."""
    return pq.read_table(path, schema=SIDECAR).to_pylist()  # type: ignore[no-any-return]


def update_sidecars(folder: Path, gone: Collection[str], changed: Mapping[str, Outcome]) -> None:
    """Leave rows out of the Parquet files, and put what came of another try into others, both by key."""
    for path in sidecars(folder):
        keys = pq.read_table(path, columns=["key"]).column("key").to_pylist()
        if not any(key in gone or key in changed for key in keys):
            continue
        stay = [row for row in read_sidecar(path) if row["key"] not in gone]
        write_sidecar(
            path, [row | _facts(changed[row["key"]]) if row["key"] in changed else row for row in stay]
        )


def drop_superseded(folder: Path) -> None:
    """Leave out rows that a later shard has taken over: a run may have stopped before it came to that."""
    later = {
        key
        for path in sidecars(folder)
        for key in pq.read_table(path, columns=["supersedes"]).column("supersedes").to_pylist()
        if key is not None
    }
    if later:
        update_sidecars(folder, later, {})


class _aside:  # noqa: N801 reads like a function
    """A stream to a file that appears under its name once it is whole and on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._aside = path.with_name(path.name + ".tmp")

    def __enter__(self) -> io.BufferedWriter:
        self._stream = self._aside.open("wb")
        return self._stream

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._stream.flush()
            os.fsync(self._stream.fileno())
        self._stream.close()
        if kind is None:
            self._aside.replace(self._path)
        else:
            self._aside.unlink(missing_ok=True)


def _members(row: Row, outcome: Outcome, spool: Spool) -> Iterator[tuple[str, bytes]]:
    if outcome.sha256 is None:
        return
    yield f"{row.key}.{outcome.suffix}", spool.image(outcome)
    if row.caption is not None:
        yield f"{row.key}.txt", row.caption.encode("utf-8", "replace")
    told = {
        "key": row.key,
        "url": row.url,
        "caption": row.caption,
        "keyword": row.keyword,
        "source": row.source,
        "subset": subset_of(row.source),
        "status": outcome.status,
        "width": outcome.width,
        "height": outcome.height,
        "sha256": outcome.sha256,
        "final_url": outcome.final_url,
    }
    facts = {name: value for name, value in told.items() if value is not None}
    yield f"{row.key}.json", json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace")


def _told(row: Row, outcome: Outcome) -> dict[str, Any]:
    return {
        "key": row.key,
        "url": row.url,
        "caption": row.caption,
        "keyword": row.keyword,
        "source": row.source,
        "supersedes": row.supersedes,
        **_facts(outcome),
    }


def _facts(outcome: Outcome) -> dict[str, Any]:
    names = ("status", "reason", "detail", "http_status", "attempts", "final_url")
    return {name: getattr(outcome, name) for name in (*names, "width", "height", "bytes", "sha256")}
