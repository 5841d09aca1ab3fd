from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexer.records import RawSample
from indexer.sources import SourceOptions, find_shards
from tests.samples import jpeg

ROWS = [
    {"file_name": "a.jpg", "text": "a bay", "lat": 10.5, "lng": -3.25, "Country": "Ghana", "label": "coast"},
    {
        "file_name": "sub/b.jpg",
        "text": "a wood, a path",
        "lat": 91,
        "lng": 5,
        "Country": "",
        "label": "forest",
    },
]


def images(root: Path, *paths: str) -> Path:
    for seed, path in enumerate(paths):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(jpeg(seed))
    return root


def read(root: Path, options: SourceOptions | None = None) -> list[RawSample]:
    return [sample for shard in find_shards([str(root)], options) for sample in shard.read()]


def by_key(root: Path, options: SourceOptions | None = None) -> dict[str, RawSample]:
    return {sample.key: sample for sample in read(root, options)}


def write_table(path: Path, rows: list[dict[str, object]]) -> None:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist([{k: str(v) for k, v in row.items()} for row in rows]), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        quoted = [[f'"{cell}"' for cell in row.values()] for row in rows]
        path.write_text("\n".join(delimiter.join(row) for row in [list(rows[0]), *quoted]))


@pytest.mark.parametrize("table", ["captions.csv", "metadata.csv", "c.tsv", "metadata.jsonl", "c.parquet"])
def test_a_table_beside_the_images_gives_captions_and_columns(tmp_path: Path, table: str) -> None:
    images(tmp_path, "a.jpg", "sub/b.jpg", "sub/c.jpg")
    write_table(tmp_path / table, ROWS)
    samples = by_key(tmp_path)
    assert list(samples) == ["a.jpg", "sub/b.jpg", "sub/c.jpg"]
    assert all(sample.fault is None and sample.image for sample in samples.values())
    assert samples["a.jpg"].caption == "a bay"
    assert samples["a.jpg"].columns == {
        "latitude": 10.5,
        "longitude": -3.25,
        "country": "Ghana",
        "class": "coast",
    }
    assert samples["sub/b.jpg"].caption == "a wood, a path"
    assert samples["sub/b.jpg"].columns == {"class": "forest"}
    assert samples["sub/b.jpg"].notes == [
        "latitude 91 is beyond the pole, perhaps swapped with longitude 5; left out"
    ]
    assert samples["sub/c.jpg"].caption is None
    assert samples["sub/c.jpg"].location is not None
    assert samples["sub/c.jpg"].location.path == tmp_path / "sub" / "c.jpg"


def test_each_folder_may_have_its_own_table(tmp_path: Path) -> None:
    images(tmp_path, "train/1.jpg", "test/1.jpg")
    (tmp_path / "train" / "metadata.csv").write_text("file_name,text\n1.jpg,in train\n")
    (tmp_path / "test" / "metadata.csv").write_text("file_name,text\n1.jpg,in test\n")
    assert {key: sample.caption for key, sample in by_key(tmp_path).items()} == {
        "test/1.jpg": "in test",
        "train/1.jpg": "in train",
    }


@pytest.mark.parametrize(
    "written", ["deep/er/1.jpg", "./deep/er/1.jpg", "deep\\er\\1.jpg", "1.jpg", "1", "x/../deep/er/1.jpg"]
)
def test_rows_find_their_image_however_they_write_it(tmp_path: Path, written: str) -> None:
    images(tmp_path, "deep/er/1.jpg")
    (tmp_path / "c.csv").write_text(f"image,caption\n{written},found\n")
    assert by_key(tmp_path)["deep/er/1.jpg"].caption == "found"


def test_rows_that_cannot_be_used_are_samples_with_a_fault(tmp_path: Path) -> None:
    images(tmp_path, "a.jpg", "x/same.jpg", "y/same.jpg")
    (tmp_path / "captions.csv").write_text(
        "file_name,caption\n"
        "a.jpg,first\n"
        "a.jpg,second\n"
        "gone.jpg,no image\n"
        "same.jpg,which\n"
        "../../etc/passwd,outside\n"
        "a.jpg,too,many\n"
    )
    samples = read(tmp_path)
    assert [(sample.key, sample.caption) for sample in samples if sample.fault is None] == [
        ("a.jpg", "first"),
        ("x/same.jpg", None),
        ("y/same.jpg", None),
    ]
    faults = {sample.fault.reason: sample for sample in samples if sample.fault}
    assert faults["duplicate_key"].key == "a.jpg" and "row 1" in faults["duplicate_key"].fault.detail  # type: ignore[union-attr]
    assert faults["ambiguous_image"].key == "same.jpg"
    assert "captions.csv" in faults["malformed_row"].fault.detail  # type: ignore[union-attr]
    missing = [sample.key for sample in samples if sample.fault and sample.fault.reason == "missing_image"]
    assert missing == ["../../etc/passwd", "gone.jpg"]
    assert all(sample.image is None for sample in samples if sample.fault)


def test_two_tables_add_up_and_the_first_is_believed(tmp_path: Path) -> None:
    images(tmp_path, "a.jpg")
    (tmp_path / "captions.csv").write_text("file_name,caption\na.jpg,a bay\n")
    (tmp_path / "labels.csv").write_text("file_name,caption,class\na.jpg,a gulf,coast\n")
    [sample] = read(tmp_path)
    assert (sample.caption, sample.columns) == ("a bay", {"class": "coast"})
    assert sample.notes == ["labels.csv says otherwise of caption; the first table's word is kept"]


def test_tables_that_name_no_image_are_left_alone_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    images(tmp_path, "a.jpg")
    (tmp_path / "results.csv").write_text("epoch,loss\n1,0.5\n")
    assert [sample.fault for sample in read(tmp_path)] == [None]
    assert "results.csv names no images" in caplog.text


def test_hidden_files_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    images(tmp_path, "a.jpg", ".cache/b.jpg", "__MACOSX/c.jpg", "._a.jpg")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert list(by_key(tmp_path)) == ["a.jpg"]


def test_zero_bytes_come_through_for_the_invalid_stage_and_large_files_do_not(tmp_path: Path) -> None:
    images(tmp_path, "big.jpg")
    (tmp_path / "empty.jpg").touch()
    samples = by_key(tmp_path, SourceOptions(max_image_bytes=100))
    assert samples["empty.jpg"].image == b"" and samples["empty.jpg"].fault is None
    assert samples["big.jpg"].fault is not None and samples["big.jpg"].fault.reason == "too_large"


def test_large_folders_come_in_slices_that_change_only_where_something_changed(tmp_path: Path) -> None:
    images(tmp_path, *(f"{number}.jpg" for number in range(5)))
    options = SourceOptions(rows_per_shard=2)
    shards = find_shards([str(tmp_path)], options)
    before = [shard.fingerprint for shard in shards]
    assert [(shard.name, shard.samples) for shard in shards] == [
        (f"{tmp_path.name}#1", 2),
        (f"{tmp_path.name}#3", 2),
        (f"{tmp_path.name}#5", 1),
    ]
    (tmp_path / "3.jpg").write_bytes(jpeg(99, 60, 60))
    after = [shard.fingerprint for shard in find_shards([str(tmp_path)], options)]
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]


def test_the_folder_of_an_image_may_be_its_class(tmp_path: Path) -> None:
    images(tmp_path, "river/a.jpg", "b.jpg")
    samples = by_key(tmp_path, SourceOptions(class_from_folder=True))
    assert samples["river/a.jpg"].columns == {"class": "river"} and samples["b.jpg"].columns == {}


def test_keys_of_several_folders_stay_apart(tmp_path: Path) -> None:
    one, two = images(tmp_path / "one", "a.jpg"), images(tmp_path / "two", "a.jpg")
    shards = find_shards([str(one), str(two)])
    assert [sample.key for shard in shards for sample in shard.read()] == ["one/a.jpg", "two/a.jpg"]


def test_hurricane_chips_lie_around_houston(realdata: Path) -> None:
    samples = read(
        realdata / "hurricane", SourceOptions(coordinates_pattern="lon_lat", class_from_folder=True)
    )
    assert len(samples) == len({sample.key for sample in samples}) == 1987
    assert len({Path(sample.key).name for sample in samples}) < 1987, "one file name stands in two folders"
    assert {sample.columns["class"] for sample in samples} == {"damage", "no_damage", "bad_images"}
    for sample in samples:
        assert sample.fault is None and not [note for note in sample.notes if "coordinates" in note]
        assert 28 < sample.columns["latitude"] < 31 and -98 < sample.columns["longitude"] < -93  # type: ignore[operator]
    noisy = next(sample for sample in samples if "_29.795014000000002" in sample.name)
    assert noisy.columns["latitude"] == 29.795014
