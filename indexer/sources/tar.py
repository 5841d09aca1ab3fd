"""Reading a tar archive of samples: members found by their headers, never extracted, grouped by key.

Only headers are read to find the members, so a member may lie anywhere in the archive, and a declared size
costs nothing until something reads it. Names serve as keys and are never used as paths.
"""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from indexer.records import Fault

BLOCK = 512
# A pax or GNU header holds a name; a megabyte of name is an attack.
_MAX_HEADER_BYTES = 1 << 20
_LONG_NAME, _LONG_LINK = tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK
_PAX = frozenset({tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE})
_PAX_RECORD = re.compile(rb"(\d{1,9}) ([^=\n]{1,256})=")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an archive.

    Attributes:
        name: as the archive writes it.
        offset: first byte of its content.
        size: bytes of content, as declared.
        regular: whether it is a plain file with its own content; a link, a device or a sparse file is not.
        complete: whether the archive holds all of the content.
    """

    name: str
    offset: int
    size: int
    regular: bool
    complete: bool


@dataclass(slots=True)
class Group:
    """The members of one sample by role (`image`, `caption`, ...).

    Attributes:
        key: what the members' names have in common.
        members: one member a role.
        repeated: whether the key stood in the archive before with the same role.
    """

    key: str
    members: dict[str, Member] = field(default_factory=dict)
    repeated: bool = False

    @property
    def complete(self) -> bool:
        """Whether the archive holds the content of every member."""
        return all(member.complete for member in self.members.values())


class MemberError(Exception):
    """A member whose content cannot be had.

    Attributes:
        fault: `not_a_file`, `too_large` or `archive_cut_off`, with a sentence naming the member.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(reason, detail)


class ArchiveError(Exception):
    """The archive cannot be read on from some byte.

    Attributes:
        fault: `archive_cut_off`, `archive_damaged` or `not_an_archive`, with a sentence naming the byte.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(reason, detail)


def members(file: BinaryIO, size: int) -> Iterator[Member]:
    """Yield every member of an open tar of `size` bytes, reading nothing but headers.

    Raises:
        ArchiveError: after the last member that could be found, when the archive has no proper end.
    """
    position = 0
    name: str | None = None
    pax_size: int | None = None
    while True:
        file.seek(position)
        header = file.read(BLOCK)
        if len(header) < BLOCK:
            raise _cut_off(
                position, "the end marker of a tar is missing" if not header else "a header is cut off"
            )
        if not any(header):
            return
        try:
            info = tarfile.TarInfo.frombuf(header, "utf-8", "backslashreplace")
        except tarfile.HeaderError as error:
            reason = "archive_damaged" if position else "not_an_archive"
            raise ArchiveError(reason, f"no tar header at byte {position:,} ({error})") from None
        declared = info.size
        start = position + BLOCK
        if info.type in _PAX or info.type in (_LONG_NAME, _LONG_LINK, tarfile.XGLTYPE):
            if not 0 <= declared <= _MAX_HEADER_BYTES:
                raise ArchiveError("archive_damaged", f"a name of {declared:,} bytes at byte {position:,}")
            extension = file.read(declared)
            if len(extension) < declared:
                raise _cut_off(position, "a long name is cut off")
            if info.type == _LONG_NAME:
                name = _text(extension.split(b"\0", 1)[0])
            elif info.type in _PAX:
                records = _pax_records(extension)
                name = records.get("path", name)
                pax_size = int(records["size"]) if records.get("size", "").isdecimal() else pax_size
            position = start + _padded(declared)
            continue
        declared = declared if pax_size is None else pax_size
        if declared < 0:
            raise ArchiveError("archive_damaged", f"a member of {declared:,} bytes at byte {position:,}")
        regular = info.type in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
        stored = declared if regular or info.type == tarfile.GNUTYPE_SPARSE else 0
        if not info.isdir():
            label = name if name is not None else info.name
            yield Member(label, start, stored, regular, complete=start + stored <= size)
        if start + stored > size:
            raise _cut_off(position, "its last member is incomplete")
        position, name, pax_size = start + _padded(stored), None, None


def grouped(
    file: BinaryIO, size: int, roles: Callable[[str], tuple[str, str] | None]
) -> tuple[list[Group], Fault | None]:
    """Group an archive's members into samples, in the order of their first members.

    Args:
        file: the open archive.
        size: its size in bytes.
        roles: gives a member name's key and role, or None for a member that belongs to no sample.

    Returns:
        The groups, and what is wrong with the archive, if anything. The last group may be incomplete.
    """
    groups: list[Group] = []
    newest: dict[str, Group] = {}
    try:
        for member in members(file, size):
            known = roles(member.name)
            if known is None:
                continue
            key, role = known
            group = newest.get(key)
            if group is None or role in group.members:
                group = newest[key] = Group(key, repeated=group is not None)
                groups.append(group)
            group.members[role] = member
    except ArchiveError as error:
        return groups, error.fault
    return groups, None


def first_names(path: Path, count: int = 12) -> list[str] | None:
    """Names of an archive's first members; None where neither suffix nor first bytes are a tar's."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        names: list[str] = []
        try:
            for member in members(file, size):
                names.append(member.name)
                if len(names) == count:
                    break
        except ArchiveError:
            pass  # reading it will tell
    return names if names or path.suffix.lower() == ".tar" else None


def read_member(file: BinaryIO, member: Member, limit: int) -> bytes:
    """Read a member's content.

    Raises:
        MemberError: it is no plain file, is larger than `limit` bytes, or ends early.
    """
    if not member.regular:
        raise MemberError("not_a_file", f"{member.name} is a link, a device or a sparse file.")
    if member.size > limit:
        raise MemberError("too_large", f"{member.name} has {member.size:,} bytes; the limit is {limit:,}.")
    file.seek(member.offset)
    content = file.read(member.size)
    if len(content) < member.size:
        raise MemberError("archive_cut_off", f"{member.name} ends after {len(content):,} bytes.")
    return content


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace").replace("\0", "\\0")


def _pax_records(content: bytes) -> dict[str, str]:
    records: dict[str, str] = {}
    position = 0
    while match := _PAX_RECORD.match(content, position):
        length = int(match[1])
        if length <= match.end() - position or position + length > len(content):
            break
        records[_text(match[2])] = _text(content[match.end() : position + length - 1])
        position += length
    return records


def _cut_off(position: int, what: str) -> ArchiveError:
    return ArchiveError("archive_cut_off", f"cut off at byte {position:,}: {what}")
