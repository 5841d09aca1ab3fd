"""A shard that is one tar; the kinds of tar differ only in what their members mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from indexer.records import ByteRange, Fault, RawSample
from indexer.sources.options import SourceOptions
from indexer.sources.shards import file_state, fingerprint
from indexer.sources.tar import Group, Member, MemberError, grouped, read_member

MAX_TEXT_BYTES = 1 << 20

Roles = Callable[[str], tuple[str, str] | None]
Describe = Callable[["Reader", Group, RawSample], None]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads members of one open archive."""

    file: BinaryIO
    path: Path
    options: SourceOptions

    def text(self, member: Member) -> bytes:
        """Content of a small member. Raises `MemberError`."""
        return read_member(self.file, member, MAX_TEXT_BYTES)

    def image(self, member: Member, sample: RawSample) -> None:
        """Put a member into `sample` as its image. Raises `MemberError`."""
        sample.image = read_member(self.file, member, self.options.max_image_bytes)
        sample.location = ByteRange(self.path, member.offset, member.size)


@dataclass(frozen=True)
class ArchiveShard:
    """One tar of samples.

    Attributes:
        kind: source kind.
        name: short name, unique within the run.
        path: absolute path.
        options: the person's options.
        roles: key and role of a member name.
        required: roles that every complete sample has.
        describe: fills a sample from a group; may raise `MemberError`.
    """

    kind: str
    name: str
    path: Path
    options: SourceOptions
    roles: Roles
    required: frozenset[str]
    describe: Describe

    @property
    def samples(self) -> int | None:
        """Unknown: counting would mean walking through the archive."""
        return None

    @property
    def fingerprint(self) -> str:
        """Of the path, size and time of change."""
        return fingerprint(self.kind, self.options, [str(self.path), *file_state(self.path)])

    def read(self) -> Iterator[RawSample]:
        """Yield the archive's samples, and one more with a fault where the archive is damaged."""
        try:
            file = self.path.open("rb")
        except OSError as error:
            yield self._rest(Fault("unreadable_file", f"{self.path} cannot be read: {error.strerror}."))
            return
        with file:
            groups, fault = grouped(file, file_state(self.path)[0], self.roles)
            if fault and groups and not self._is_whole(groups[-1], groups[0]):
                groups.pop()
            reader = Reader(file, self.path, self.options)
            for group in groups:
                yield self.options.apply(self._sample(reader, group))
        if fault:
            detail = f"{self.path.name}: {fault.detail}. {len(groups):,} samples before it were read."
            yield self._rest(Fault(fault.reason, detail))
        elif not groups:
            yield self._rest(Fault("no_samples", f"{self.path.name} holds no image and no caption."))

    def _is_whole(self, group: Group, first: Group) -> bool:
        expected = first.members.keys() if group is not first else self.required
        return group.complete and expected <= group.members.keys()

    def _sample(self, reader: Reader, group: Group) -> RawSample:
        sample = RawSample(key=f"{self.name.removesuffix('.tar')}/{group.key}", name=group.key)
        if group.repeated:
            detail = f"{self.path.name} holds the key {group.key} more than once."
            sample.fault = Fault("duplicate_key", detail)
            return sample
        try:
            self.describe(reader, group, sample)
        except MemberError as error:
            sample.fault = Fault(error.fault.reason, f"{self.path.name}: {error.fault.detail}")
        if sample.fault is None and sample.image is None:
            sample.fault = Fault("missing_image", f"{self.path.name}: {group.key} has no image.")
        elif sample.caption is None:
            sample.notes.append("no caption")
        return sample

    def _rest(self, fault: Fault) -> RawSample:
        return RawSample(key=f"{self.name.removesuffix('.tar')}/?", name=self.path.name, fault=fault)
