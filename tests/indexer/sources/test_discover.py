from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from indexer.errors import UserError
from indexer.sources import find_shards
from indexer.sources.discover import expand_braces
from tests.samples import jpeg, write_rs5m, write_tar


def rs5m(path: Path, seed: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_rs5m(path, {"0": (f"{seed}.jpg", jpeg(seed), f"picture {seed}")})


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("a.tar", ["a.tar"]),
        ("s-{0000..0002}.tar", ["s-0000.tar", "s-0001.tar", "s-0002.tar"]),
        ("{9..11}", ["9", "10", "11"]),
        ("{2..0}", ["2", "1", "0"]),
        ("{pub11,rs3}-{1..2}", ["pub11-1", "pub11-2", "rs3-1", "rs3-2"]),
        ("odd{name}.tar", ["odd{name}.tar"]),
    ],
)
def test_braces_expand_as_in_a_shell(pattern: str, paths: list[str]) -> None:
    assert expand_braces(pattern) == paths


@pytest.mark.parametrize("pattern", ["{0..99999999}", "{1..999}" * 3])
def test_endless_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(UserError, match="more than 100,000 files"):
        expand_braces(pattern)


def test_shards_come_in_order_and_once(tmp_path: Path) -> None:
    for number in (2, 0, 1):
        rs5m(tmp_path / f"s-{number}.tar", number)
    names = ["s-0.tar", "s-1.tar", "s-2.tar"]
    pattern = str(tmp_path / "s-{0..2}.tar")
    assert [shard.name for shard in find_shards([pattern])] == names
    assert [shard.name for shard in find_shards([str(tmp_path), pattern, str(tmp_path / "s-1.tar")])] == names
    assert find_shards([str(tmp_path / "s-2.tar"), str(tmp_path)])[0].name == "s-2.tar"


def test_a_name_with_braces_that_exists_is_that_file(tmp_path: Path) -> None:
    path = rs5m(tmp_path / "{0..9}.tar")
    assert [shard.name for shard in find_shards([str(path)])] == ["{0..9}.tar"]


def test_shards_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    paths = [rs5m(tmp_path / folder / "00000.tar") for folder in ("x/train", "y/train", "z")]
    shards = find_shards([str(path) for path in paths])
    assert [shard.name for shard in shards] == ["x/train/00000.tar", "y/train/00000.tar", "z/00000.tar"]
    keys = [sample.key for shard in shards for sample in shard.read()]
    assert keys == ["x/train/00000/0", "y/train/00000/0", "z/00000/0"]


def test_kinds_are_told_by_what_is_inside(tmp_path: Path) -> None:
    rs5m(tmp_path / "a.tar")
    write_tar(tmp_path / "b.tar", [("0.jpg", jpeg()), ("0.txt", b"text")])
    (tmp_path / "notes.csv").write_text("name,caption\nx.jpg,beside the shards\n")
    assert [(shard.name, shard.kind) for shard in find_shards([str(tmp_path)])] == [
        ("a.tar", "rs5m"),
        ("b.tar", "webdataset"),
    ], "a table beside shards is metadata, to be named by itself or joined"
    (tmp_path / "c.jpg").write_bytes(jpeg())
    assert [shard.kind for shard in find_shards([str(tmp_path)])] == ["rs5m", "webdataset", "folder"]


def test_a_folder_of_tables_is_all_of_them(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv"):
        (tmp_path / name).write_text(f"name,caption\n{name}.jpg,text\n")
    assert [shard.name for shard in find_shards([str(tmp_path)])] == ["a.csv#1", "b.csv#1"]


def test_every_source_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "labels.pkl").write_bytes(b"\x80\x04cos\nsystem\n")
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(b"x"))
    (tmp_path / "hidden.tar").write_bytes(gzip.compress(b"x"))
    (tmp_path / "one.jpg").write_bytes(jpeg())
    (tmp_path / "thesis.docx").write_bytes(b"PK")
    for argument, what, hint in [
        ("nowhere", "does not exist", "Check the path"),
        ("s-{0..3}.tar", "s-0.tar does not exist", "Check the path"),
        ("empty", "holds no shards, images or tables", "Give .tar shards"),
        ("labels.pkl", "is a pickle", "read_pickle('labels.pkl').to_csv"),
        ("a.tar.gz", "is compressed", "Unpack it"),
        ("hidden.tar", "is compressed", "Unpack it"),
        ("one.jpg", "is a single image", str(tmp_path)),
        ("thesis.docx", "cannot be indexed", "Give .tar shards"),
    ]:
        with pytest.raises(UserError) as caught:
            find_shards([str(tmp_path / argument)])
        assert what in caught.value.what and argument.split("{")[0] in caught.value.what
        assert hint in caught.value.hint
        assert "\n" not in str(caught.value)
    with pytest.raises(UserError, match="not a local path"):
        find_shards(["s3://bucket/a.tar"])
    with pytest.raises(UserError, match="Nothing to index"):
        find_shards([])
