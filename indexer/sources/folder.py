"""A folder of images, with captions in tables beside them; the relative path is the key."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.names import has_image_suffix
from indexer.records import ByteRange, Fault, RawSample, Shard
from indexer.sources.columns import caption_of, columns_of
from indexer.sources.folder_captions import Described, describe
from indexer.sources.options import SourceOptions
from indexer.sources.shards import file_state, fingerprint, walk
from indexer.sources.table import SUFFIXES as TABLE_SUFFIXES

KIND = "folder"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FolderShard:
    """Consecutive images of a folder, in the order of their relative paths.

    Attributes:
        root: the folder.
        folder_name: its short name, unique within the run.
        first: number of the first item, from 1.
        items: what the shard holds.
        options: the person's options.
    """

    root: Path
    folder_name: str
    first: int
    items: tuple[Described, ...]
    options: SourceOptions

    @property
    def name(self) -> str:
        """The folder and the shard's first item."""
        return f"{self.folder_name}#{self.first}"

    @property
    def kind(self) -> str:
        """`folder`."""
        return KIND

    @property
    def samples(self) -> int | None:
        """Items in the shard."""
        return len(self.items)

    @property
    def fingerprint(self) -> str:
        """Of every image's path, size and time of change, and of what the tables say of it."""
        parts = ((str(self.root), item.path, self._state(item), repr(item)) for item in self.items)
        return fingerprint(KIND, self.options, parts)

    def read(self) -> Iterator[RawSample]:
        """Yield the shard's items."""
        for item in self.items:
            yield self.options.apply(self._sample(item))

    def _state(self, item: Described) -> tuple[int, int]:
        try:
            return file_state(self.root / item.path)
        except OSError:  # a row without an image
            return 0, 0

    def _sample(self, item: Described) -> RawSample:
        key = self.options.key_prefix + item.path
        sample = RawSample(key, item.path, notes=list(item.notes), fault=item.fault)
        sample.caption = caption_of(item.values, self.options)
        sample.columns = columns_of(item.values, self.options, sample.notes)
        folder = Path(item.path).parent.name
        if self.options.class_from_folder and folder:
            sample.columns.setdefault("class", folder)
        if sample.fault is None:
            self._read_image(sample, self.root / item.path)
        return sample

    def _read_image(self, sample: RawSample, path: Path) -> None:
        limit = self.options.max_image_bytes
        try:
            size = path.stat().st_size
            if size > limit:
                detail = f"{sample.name} has {size:,} bytes; the limit is {limit:,}."
                sample.fault = Fault("too_large", detail)
                return
            sample.image = path.read_bytes()
        except OSError as error:
            sample.fault = Fault("unreadable_file", f"{sample.name} cannot be read: {error.strerror}.")
            return
        sample.location = ByteRange(path, 0, len(sample.image))


def shards(path: Path, name: str, options: SourceOptions) -> list[Shard] | None:
    """The shards of a folder of images, or None if `path` is no folder.

    Every table below it that names images gives captions and columns. About a million images with captions
    fit into memory; pack more than that into WebDataset shards.
    """
    if not path.is_dir():
        return None
    images: list[str] = []
    tables: list[Path] = []
    for file in walk(path):
        if has_image_suffix(file.name):
            images.append(file.relative_to(path).as_posix())
        elif file.suffix.lower() in TABLE_SUFFIXES:
            tables.append(file)
    items, unused = describe(path, images, tables, options)
    for table in unused:
        _log.warning("%s names no images and is not used.", table)
    step = options.rows_per_shard
    return [
        FolderShard(path, name, first + 1, tuple(items[first : first + step]), options)
        for first in range(0, len(items), step)
    ]
