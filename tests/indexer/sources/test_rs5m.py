from __future__ import annotations

import tarfile
from collections import Counter
from pathlib import Path

import pytest

from indexer.records import RawSample
from indexer.sources import SourceOptions, find_shards
from indexer.sources.rs5m import roles
from tests.samples import jpeg, rs5m_members, write_rs5m, write_tar

SAMPLES = {
    "000": ("fmow_barn_1_0_rgb.jpg", jpeg(0), "a barn"),
    "001": ("ben_7.jpg", jpeg(1), "a field"),
    "002": ("laion2b_9.jpg", jpeg(2), "caf\u00e9 from above"),
}


def read(path: Path, options: SourceOptions | None = None) -> list[RawSample]:
    return [sample for shard in find_shards([str(path)], options) for sample in shard.read()]


def test_a_shard_gives_name_caption_image_and_where_its_bytes_lie(tmp_path: Path) -> None:
    path = write_rs5m(tmp_path / "pub11-train-0000.tar", SAMPLES)
    [shard] = find_shards([str(path)])
    assert (shard.kind, shard.name) == ("rs5m", "pub11-train-0000.tar")
    samples = list(shard.read())
    assert [sample.key for sample in samples] == [f"pub11-train-0000/{key}" for key in SAMPLES]
    for sample, (name, image, caption) in zip(samples, SAMPLES.values(), strict=True):
        assert (sample.name, sample.image, sample.caption) == (name, image, caption)
        assert sample.fault is None and not sample.notes
        assert sample.location is not None
        with sample.location.path.open("rb") as file:
            file.seek(sample.location.offset)
            assert file.read(sample.location.length) == image


def test_the_fingerprint_follows_the_file_and_the_options(tmp_path: Path) -> None:
    path = write_rs5m(tmp_path / "a.tar", SAMPLES)
    [before], [same] = find_shards([str(path)]), find_shards([str(path)])
    [other] = find_shards([str(path)], SourceOptions(source="mine"))
    fingerprint = before.fingerprint
    assert fingerprint == same.fingerprint != other.fingerprint
    write_rs5m(path, SAMPLES | {"003": ("x.jpg", jpeg(3), "more")})
    assert find_shards([str(path)])[0].fingerprint != fingerprint


def test_every_damaged_sample_comes_with_its_reason_and_the_others_with_none(tmp_path: Path) -> None:
    link = tarfile.TarInfo("007.img_content")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    path = write_tar(
        tmp_path / "a.tar",
        [
            *rs5m_members(SAMPLES),
            ("003.caption", b"a caption alone"),
            ("004.img_content", jpeg(4)),
            ("004.caption", b"caf\xe9"),
            *rs5m_members({"000": ("again.jpg", jpeg(5), "again")}),
            ("005.img_content", jpeg(6)),
            ("readme.md", b"not a sample"),
            *rs5m_members({"006": ("big.jpg", b"x" * 5000, "too large")}),
        ],
    )
    with tarfile.open(path, "a") as archive:
        archive.addfile(link)
    samples = read(path, SourceOptions(max_image_bytes=4000))
    faults = {sample.key: sample.fault.reason for sample in samples if sample.fault}
    assert [sample.fault.reason for sample in samples if sample.fault] == [
        "missing_image",
        "duplicate_key",
        "too_large",
        "not_a_file",
    ]
    assert set(faults) == {"a/003", "a/000", "a/006", "a/007"}
    found = {sample.key: sample for sample in samples if sample.fault is None}
    assert set(found) == {"a/000", "a/001", "a/002", "a/004", "a/005"}
    assert found["a/004"].caption == "caf\N{REPLACEMENT CHARACTER}"
    assert found["a/004"].notes == [
        "the caption is not UTF-8 (at byte 3); what cannot be read is shown as \ufffd"
    ]
    assert (found["a/004"].name, found["a/005"].caption) == ("004", None)
    assert found["a/005"].notes == ["no caption"]


def test_cut_off_at_any_byte_every_complete_sample_comes_out_and_one_fault(tmp_path: Path) -> None:
    path = write_rs5m(
        tmp_path / "a.tar", {key: (name, b"pixels" * 20, text) for key, (name, _, text) in SAMPLES.items()}
    )
    content = path.read_bytes()
    end = 3 * 3 * 1024 + 512
    for cut in range(0, end, 64):
        path.write_bytes(content[:cut])
        samples = read(path)
        good = [sample for sample in samples if sample.fault is None]
        assert [sample.key for sample in good] == [f"a/{key}" for key in SAMPLES][: len(good)]
        assert all(sample.caption and sample.image == b"pixels" * 20 for sample in good)
        assert len(good) >= min(cut // 3072, 3), cut
        assert [sample.fault.reason for sample in samples if sample.fault] == ["archive_cut_off"], cut
        assert "cut off at byte" in samples[-1].fault.detail  # type: ignore[union-attr]


def test_garbage_is_a_fault_and_no_exception(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(b"<html>404</html>" * 1000)
    [sample] = read(path)
    assert sample.fault is not None and sample.fault.reason == "not_an_archive"
    assert "a.tar" in sample.fault.detail


def test_a_shard_that_went_away_is_a_fault(tmp_path: Path) -> None:
    path = write_rs5m(tmp_path / "a.tar", SAMPLES)
    [shard] = find_shards([str(path)])
    path.unlink()
    [sample] = shard.read()
    assert sample.fault is not None and sample.fault.reason == "unreadable_file"


@pytest.mark.parametrize("name", ["000.jpg", "000", ".img_name", "img_content"])
def test_other_members_have_no_role(name: str) -> None:
    assert roles(name) is None


def test_all_four_real_shards_are_read_whole(realdata: Path) -> None:
    shards = find_shards([str(realdata / "aid-rsicd" / "aid-train-{0000..0003}.tar")])
    samples = [sample for shard in shards for sample in shard.read()]
    assert Counter(shard.kind for shard in shards) == {"rs5m": 4}
    assert len(samples) == len({sample.key for sample in samples}) == 7946
    assert all(sample.image and sample.caption and not sample.fault for sample in samples)
    assert [shard.name for shard in find_shards([str(realdata / "aid-rsicd")])] == [
        shard.name for shard in shards
    ]
