"""The Parquet file beside a downloaded shard: one row an address, of which the failed ones become samples.

`rs5m fetch` and img2dataset write one with each tar. What was downloaded stands in the tar; what was not
stands here alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from indexer.names import subset_of
from indexer.records import Fault, RawSample, Shard
from indexer.sources.columns import caption_of, columns_of
from indexer.sources.options import SourceOptions
from indexer.sources.shards import file_state, fingerprint

KIND = "downloads"
_REQUIRED = frozenset({"key", "url", "status"})
_WHY = frozenset({"reason", "error_message"})
_OWN = frozenset({"key", "status", "reason", "detail", "error_message", "supersedes", "sha256", "bytes"})
_STATUS = re.compile(r"HTTP Error (\d{3})")
_TIMEOUT = re.compile(r"timed? ?out", re.IGNORECASE)
_SUCCESS = "success"


def is_sidecar(path: Path) -> bool:
    """Whether a file is the Parquet file of a downloaded shard."""
    if path.suffix.lower() != ".parquet":
        return False
    try:
        names = set(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return False
    return names >= _REQUIRED and bool(names & _WHY)


def beside(tar: Path) -> Path | None:
    """The Parquet file of a downloaded shard whose tar this is, if it has one."""
    path = tar.with_suffix(".parquet")
    return path if path.is_file() and is_sidecar(path) else None


def shards(path: Path, name: str, options: SourceOptions) -> list[Shard] | None:
    """One shard with the failed downloads, if `path` is the Parquet file of a downloaded shard, else None.

    None failed, no shard.
    """
    if not path.is_file() or not is_sidecar(path):
        return None
    found = FailedDownloads(name, path, options)
    return [found] if found.samples else []


@dataclass(frozen=True)
class FailedDownloads:
    """The failed downloads of one shard.

    Attributes:
        name: short name, unique within the run.
        path: absolute path of the Parquet file.
        options: the person's options.
    """

    name: str
    path: Path
    options: SourceOptions
    kind: str = KIND

    @property
    def samples(self) -> int:
        """Rows that tell of a failure."""
        statuses = pq.read_table(self.path, columns=["status"]).column("status").to_pylist()
        return sum(status != _SUCCESS for status in statuses)

    @property
    def fingerprint(self) -> str:
        """Of the path, size and time of change."""
        return fingerprint(self.kind, self.options, [str(self.path), *file_state(self.path)])

    def read(self) -> Iterator[RawSample]:
        """Yield a sample without an image for every failure."""
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(4096):
                    for row in batch.to_pylist():
                        if row["status"] != _SUCCESS:
                            yield self.options.apply(self._sample(row))
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            detail = f"{self.path} cannot be read: {str(error).splitlines()[0]}."
            yield RawSample(f"{self._stem}/?", self.path.name, fault=Fault("unreadable_file", detail))

    @property
    def _stem(self) -> str:
        return self.name.removesuffix(".parquet")

    def _sample(self, row: Mapping[str, Any]) -> RawSample:
        sample = RawSample(key=f"{self._stem}/{row['key']}", name=str(row["key"]))
        sample.caption = caption_of(row, self.options)
        told = {name: value for name, value in row.items() if name not in _OWN}
        sample.columns = columns_of(told, self.options, sample.notes, has_image=False)
        subset = subset_of(row.get("source"))
        if subset is not None:
            sample.columns.setdefault("subset", subset)
        sample.fault = download_fault(row, sample.name)
        return sample


def download_fault(facts: Mapping[str, Any], name: str) -> Fault:
    """The fault of a download that `status` says failed.

    Args:
        facts: `reason` and `detail` as `rs5m fetch` writes them, or `error_message` and `status` as
            img2dataset does.
        name: of the sample.
    """
    if facts.get("reason"):
        return Fault(str(facts["reason"]), str(facts.get("detail") or facts["reason"]), stage="download")
    why = str(facts.get("error_message") or facts.get("status"))
    status = _STATUS.search(why)
    reason = f"http_{status[1]}" if status else "timeout" if _TIMEOUT.search(why) else "download_failed"
    return Fault(reason, f"img2dataset could not download {name}: {why}", stage="download")
