from __future__ import annotations

from pathlib import Path

import pytest

from indexer.records import RawSample
from indexer.sources import SourceOptions, find_shards
from indexer.sources.webdataset import roles
from tests.samples import encoded, img2dataset_members, jpeg, picture, write_tar


def read(path: Path, options: SourceOptions | None = None) -> dict[str, RawSample]:
    return {sample.key: sample for shard in find_shards([str(path)], options) for sample in shard.read()}


def test_img2dataset_samples_keep_caption_url_and_other_facts(tmp_path: Path) -> None:
    path = write_tar(
        tmp_path / "00000.tar",
        img2dataset_members(
            "000000001",
            jpeg(),
            "a harbour",
            url="https://example.org/1.jpg",
            status="success",
            width=48,
            height=32,
            original_width=480,
            latitude=53.5,
            longitude=9.9,
        ),
    )
    [sample] = read(path).values()
    assert (sample.key, sample.name) == ("00000/000000001", "000000001.jpg")
    assert (sample.caption, sample.image, sample.fault) == ("a harbour", jpeg(), None)
    assert sample.columns == {
        "url": "https://example.org/1.jpg",
        "status": "success",
        "original_width": 480,
        "latitude": 53.5,
        "longitude": 9.9,
    }, "sizes are measured, not believed"
    assert find_shards([str(path)])[0].kind == "webdataset"


def test_a_caption_may_stand_in_the_json_alone(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tar", [("1.jpg", jpeg()), ("1.json", b'{"caption": "from json"}')])
    assert read(path)["a/1"].caption == "from json"


def test_a_failed_download_is_a_sample_with_a_fault(tmp_path: Path) -> None:
    members = img2dataset_members(
        "1",
        None,
        "gone",
        status="failed_to_download",
        error_message="HTTP Error 404: Not Found",
        url="https://example.org/gone.jpg",
    )
    sample = read(write_tar(tmp_path / "a.tar", members))["a/1"]
    assert sample.fault is not None
    assert (sample.fault.stage, sample.fault.reason) == ("download", "http_404")
    assert "404" in sample.fault.detail
    assert (sample.caption, sample.columns["url"]) == ("gone", "https://example.org/gone.jpg")


@pytest.mark.parametrize(
    ("suffix", "format_"),
    [("png", "PNG"), ("webp", "WEBP"), ("tif", "TIFF"), ("jpeg", "JPEG"), ("JPG", "JPEG")],
)
def test_every_image_suffix_counts(tmp_path: Path, suffix: str, format_: str) -> None:
    image = encoded(picture(), format_)
    path = write_tar(tmp_path / "a.tar", img2dataset_members("1", image, "text", suffix=suffix))
    assert read(path)["a/1"].image == image


def test_members_may_lie_anywhere(tmp_path: Path) -> None:
    path = write_tar(
        tmp_path / "a.tar",
        [("x/1.jpg", jpeg(1)), ("x/2.jpg", jpeg(2)), ("x/2.txt", b"two"), ("x/1.txt", b"one")],
    )
    assert {key: sample.caption for key, sample in read(path).items()} == {"a/x/1": "one", "a/x/2": "two"}


def test_what_a_sample_lacks_is_said(tmp_path: Path) -> None:
    path = write_tar(
        tmp_path / "a.tar",
        [
            ("1.jpg", jpeg()),
            ("2.txt", b"text alone"),
            ("3.jpg", jpeg()),
            ("3.json", b"[[[[{"),
            ("notes.md", b""),
        ],
    )
    samples = read(path)
    assert (
        samples["a/1"].caption is None
        and samples["a/1"].fault is None
        and samples["a/1"].notes == ["no caption"]
    )
    assert samples["a/2"].fault is not None and samples["a/2"].fault.reason == "missing_image"
    assert samples["a/3"].fault is None and "json cannot be read" in samples["a/3"].notes[0]
    assert len(samples) == 3


def test_a_tar_of_other_things_is_one_fault(tmp_path: Path) -> None:
    [sample] = read(write_tar(tmp_path / "a.tar", [("notes.md", b"x"), ("setup.py", b"y")])).values()
    assert sample.fault is not None and sample.fault.reason == "no_samples"


def test_nested_json_cannot_exhaust_anything(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tar", [("1.jpg", jpeg()), ("1.json", b"[" * 200_000)])
    assert read(path)["a/1"].fault is None


@pytest.mark.parametrize(
    ("member", "key", "role"),
    [
        ("00000/000000012.jpg", "00000/000000012", "image"),
        ("-95.06_29.76.jpeg", "-95.06_29.76", "image"),
        ("12.cls", "12", "class"),
        ("../../../etc/cron.d/x.txt", "../../../etc/cron.d/x", "caption"),
    ],
)
def test_keys_end_at_the_first_dot_that_makes_sense(member: str, key: str, role: str) -> None:
    assert roles(member) == (key, role)


@pytest.mark.parametrize("member", ["12.seg.npy", ".jpg", "folder/.txt", "12"])
def test_other_members_belong_to_no_sample(member: str) -> None:
    assert roles(member) is None
