from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources.tar import ArchiveError, Member, MemberError, first_names, grouped, members, read_member
from tests.samples import write_tar


def listed(content: bytes) -> tuple[list[Member], str | None]:
    """Members that can be found, and the reason why there are no more, if there is one."""
    found: list[Member] = []
    try:
        found.extend(members(BytesIO(content), len(content)))
    except ArchiveError as error:
        return found, error.fault.reason
    return found, None


def packed(*entries: tuple[tarfile.TarInfo, bytes], format_: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format_) as archive:
        for info, content in entries:
            info.size = len(content) if info.isreg() else info.size
            archive.addfile(info, BytesIO(content) if info.isreg() else None)
    return buffer.getvalue()


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("name", ["a.jpg", "d/" * 30 + "b.jpg", "x" * 99])
def test_members_lie_where_python_finds_them(format_: int, name: str) -> None:
    content = packed((tarfile.TarInfo(name), b"12345"), (tarfile.TarInfo("c.txt"), b""), format_=format_)
    with tarfile.open(fileobj=BytesIO(content)) as archive:
        expected = [(info.name, info.offset_data, info.size) for info in archive]
    found, problem = listed(content)
    assert problem is None
    assert [(member.name, member.offset, member.size) for member in found] == expected
    assert read_member(BytesIO(content), found[0], 5) == b"12345"


@pytest.mark.parametrize("format_", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_may_be_long_and_not_ascii(format_: int) -> None:
    name = "ü/" * 200 + "scène.jpg"
    found, _ = listed(packed((tarfile.TarInfo(name), b"1"), (tarfile.TarInfo("short"), b""), format_=format_))
    assert [member.name for member in found] == [name, "short"]


def test_names_that_are_not_utf8_stay_apart() -> None:
    content = packed((tarfile.TarInfo("a1.jpg"), b"1"), (tarfile.TarInfo("a2.jpg"), b"1"))
    header = bytearray(content)
    for start, byte in ((0, 0xFF), (1024, 0xFE)):
        header[start] = byte
        checksum = sum(header[start : start + 148]) + 8 * 32 + sum(header[start + 156 : start + 512])
        header[start + 148 : start + 156] = b"%06o\0 " % checksum
    found, problem = listed(bytes(header))
    assert problem is None
    assert [member.name for member in found] == ["\\xff1.jpg", "\\xfe2.jpg"]


def test_links_and_devices_are_found_but_never_read() -> None:
    entries = []
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        info = tarfile.TarInfo(f"{kind.decode()}.jpg")
        info.type, info.linkname = kind, "/etc/passwd"
        entries.append((info, b""))
    folder = tarfile.TarInfo("folder.jpg")
    folder.type = tarfile.DIRTYPE
    content = packed(*entries, (folder, b""), (tarfile.TarInfo("../../a.jpg"), b"1"))
    found, problem = listed(content)
    assert problem is None
    assert [member.name for member in found if member.regular] == ["../../a.jpg"]
    assert len(found) == 5, "a folder is no member"
    with pytest.raises(MemberError) as caught:
        read_member(BytesIO(content), found[0], 100)
    assert caught.value.fault.reason == "not_a_file"


def test_a_huge_declared_size_costs_nothing() -> None:
    info = tarfile.TarInfo("bomb.jpg")
    info.size = 1 << 60
    content = info.tobuf(tarfile.GNU_FORMAT) + bytes(512)
    found, problem = listed(content)
    assert problem == "archive_cut_off" and not found[0].complete
    with pytest.raises(MemberError) as caught:
        read_member(BytesIO(content), found[0], 1 << 20)
    assert caught.value.fault.reason == "too_large"


def test_a_huge_name_is_refused() -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 40
    assert listed(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024)) == ([], "archive_damaged")


def test_a_negative_size_is_refused() -> None:
    info = tarfile.TarInfo("a.jpg")
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 12
    checksum = sum(header[:148]) + 8 * 32 + sum(header[156:512])
    header[148:156] = b"%06o\0 " % checksum
    assert listed(bytes(header) + bytes(1024)) == ([], "archive_damaged")


def test_text_is_no_archive_and_damage_in_the_middle_is_told() -> None:
    assert listed(b"this is no tar at all" * 100) == ([], "not_an_archive")
    content = packed((tarfile.TarInfo("a"), b"1"), (tarfile.TarInfo("b"), b"2"))
    damaged = content[:1024] + b"\x55" * 512 + content[1536:]
    found, problem = listed(damaged)
    assert ([member.name for member in found], problem) == (["a"], "archive_damaged")


def test_members_of_a_sample_need_not_stand_together(tmp_path: Path) -> None:
    path = write_tar(
        tmp_path / "a.tar", [("1.jpg", b"x"), ("2.jpg", b"y"), ("1.txt", b"one"), ("2.txt", b"two")]
    )
    with path.open("rb") as file:
        groups, fault = grouped(file, path.stat().st_size, lambda name: tuple(name.split(".")))  # type: ignore[arg-type,return-value]
    assert fault is None
    assert [(group.key, sorted(group.members), group.repeated) for group in groups] == [
        ("1", ["jpg", "txt"], False),
        ("2", ["jpg", "txt"], False),
    ]


def test_first_names_tell_a_tar_by_what_it_is(tmp_path: Path) -> None:
    assert first_names(write_tar(tmp_path / "no_suffix", [("a.jpg", b"1")])) == ["a.jpg"]
    text = tmp_path / "a.csv"
    text.write_text("name,caption\n" * 100)
    assert first_names(text) is None
    empty = tmp_path / "empty.tar"
    empty.touch()
    assert first_names(empty) == []


ARCHIVE = packed(*((tarfile.TarInfo(f"{number}.jpg"), bytes([number]) * 700) for number in range(1, 4)))


def test_cut_at_any_byte_whatever_is_complete_comes_out() -> None:
    whole, problem = listed(ARCHIVE)
    assert problem is None
    end = whole[-1].offset + 1024  # the padded end of the last member
    for cut in range(len(ARCHIVE)):
        found, problem = listed(ARCHIVE[:cut])
        complete = [member for member in whole if member.offset + member.size <= cut]
        assert [member for member in found if member.complete] == complete, cut
        assert (problem is None) == (cut >= end + 512), cut


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_raises_anything_else(data: st.DataObject) -> None:
    content = bytearray(ARCHIVE)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found, _ = listed(bytes(content))
    for member in found:
        try:
            assert len(read_member(BytesIO(bytes(content)), member, 1 << 16)) == member.size
        except MemberError as error:
            assert error.fault.detail


@given(st.binary(max_size=2048))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    listed(content)
