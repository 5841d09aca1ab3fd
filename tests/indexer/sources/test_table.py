from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import UserError
from indexer.records import RawSample
from indexer.sources import SourceOptions, find_shards
from indexer.sources.csv_table import open_csv


def read(path: Path, options: SourceOptions | None = None) -> list[RawSample]:
    return [sample for shard in find_shards([str(path)], options) for sample in shard.read()]


def table(tmp_path: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_rs5m_dumps_give_names_and_captions(tmp_path: Path) -> None:
    path = table(tmp_path, b'name,caption\r\nfmow_a_1_0_rgb.jpg,"a, b"\r\nben_2.jpg,\r\n')
    first, second = read(path)
    assert (first.key, first.name, first.caption) == ("fmow_a_1_0_rgb.jpg",) * 2 + ("a, b",)
    assert (second.caption, second.fault, second.image, second.location) == ("", None, None, None)


@pytest.mark.parametrize(
    "content",
    [
        "a_1.jpg,one\nb_2.jpg,two\n",
        "img,pseudo\na_1.jpg,one\nb_2.jpg,two\n",
        "\ufeffname,caption\r\na_1.jpg,one\r\n\r\nb_2.jpg,two",
        "name;caption\na_1.jpg;one\nb_2.jpg;two\n",
        "extra,caption,file_name\n7,one,a_1.jpg\n8,two,b_2.jpg\n",
    ],
    ids=["no header", "unknown header", "byte order mark and blank line", "semicolons", "other order"],
)
def test_name_and_caption_are_found(tmp_path: Path, content: str) -> None:
    assert [(sample.name, sample.caption) for sample in read(table(tmp_path, content))] == [
        ("a_1.jpg", "one"),
        ("b_2.jpg", "two"),
    ]


def test_label_files_give_their_columns(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "img_name,text,url,download_status,country,month,longitude,latitude\n"
        "yfcc_1.jpg,a lake,https://example.org/1.jpg,success,Chad,Feb,14.5,13.1\n"
        "yfcc_2.jpg,a sea,https://example.org/2.jpg,success,,13,0,0\n",
    )
    first, second = read(path)
    assert first.columns == {
        "url": "https://example.org/1.jpg",
        "download_status": "success",
        "country": "Chad",
        "month": 2,
        "longitude": 14.5,
        "latitude": 13.1,
    }
    assert second.columns == {"url": "https://example.org/2.jpg", "download_status": "success"}
    assert second.notes == [
        "month: '13' is no month; left out",
        "latitude 0, longitude 0 stands for an unknown place; left out",
    ]


def test_tables_of_urls_need_no_names(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    when = datetime(2020, 1, 2, 3)
    rows = [
        {"URL": "https://example.org/1.jpg", "TEXT": "one", "WIDTH": 640, "seen": when},
        {"URL": None, "TEXT": None},
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    first, second = read(path)
    assert (first.key, first.name, first.caption) == ("part.parquet#1", "https://example.org/1.jpg", "one")
    assert first.columns == {"url": "https://example.org/1.jpg", "width": 640, "seen": str(when)}
    assert (second.key, second.name, second.caption) == ("part.parquet#2", "part.parquet#2", None)


def test_json_lines_may_hold_several_captions(tmp_path: Path) -> None:
    lines = [
        {"file_name": "a.jpg", "captions": [" ", "two"], "class": "Airport"},
        ["no object"],
        {"file_name": "b.jpg", "caption": None, "month": 4},
    ]
    path = table(tmp_path, "\n".join([*map(json.dumps, lines), "{broken", ""]), "t.jsonl")
    samples = read(path)
    assert (samples[0].caption, samples[0].columns) == ("two", {"class": "Airport"})
    assert (samples[2].caption, samples[2].columns) == (None, {"month": 4})
    assert [sample.fault.reason if sample.fault else None for sample in samples] == [
        None,
        "malformed_row",
        None,
        "malformed_row",
    ]
    assert "Row 4 of t.jsonl" in samples[3].fault.detail  # type: ignore[union-attr]


def test_bytes_that_are_not_utf8_are_shown_and_told(tmp_path: Path) -> None:
    [sample] = read(table(tmp_path, b"name,caption\na.jpg,caf\xe9 \xc3\xa9\n"))
    assert sample.caption == "caf\ufffd \u00e9"
    assert "row 1 of table.csv is not UTF-8" in sample.notes[0]


def test_rows_that_cannot_be_read_are_faults_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "name,caption\n"
        "a.jpg,one\n"
        "b.jpg,too,many\n"
        'c.jpg,"never closed\n'
        "d.jpg,four\n"
        'e.jpg,"quotes "inside" it"\n'
        "f.jpg\n"
        "a.jpg,again\n"
        ",no name\n",
    )
    samples = read(path)
    assert [(sample.name, sample.fault.reason if sample.fault else None) for sample in samples] == [
        ("a.jpg", None),
        ("table.csv#2", "malformed_row"),
        ("table.csv#3", "malformed_row"),
        ("d.jpg", None),
        ("e.jpg", None),
        ("f.jpg", None),
        ("a.jpg", "duplicate_key"),
        ("table.csv#8", None),
    ]
    assert "has 3 fields where the header has 2" in samples[1].fault.detail  # type: ignore[union-attr]
    assert "inside" in (samples[4].caption or "") and "quotes are not balanced" in samples[4].notes[0]
    assert samples[5].caption is None and samples[5].notes == ["the row has 1 of 2 columns"]
    assert "the name of row 1" in samples[6].fault.detail  # type: ignore[union-attr]


def test_a_field_without_end_is_one_fault_and_not_the_rest_of_the_file(tmp_path: Path) -> None:
    rows = "".join(f"{number}.jpg,caption {number}\n" for number in range(2, 20_000))
    samples = read(table(tmp_path, f'name,caption\n1.jpg,"open\n{rows}'))
    assert len(samples) == 19_999
    assert [sample.key for sample in samples if sample.fault] == ["table.csv#1"]
    assert samples[-1].caption == "caption 19999"


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_slices_together_are_the_whole_and_each_can_be_read_alone(tmp_path: Path, suffix: str) -> None:
    rows = [{"name": f"{number}.jpg", "caption": f'line\n"{number}", ü'} for number in range(25)]
    path = tmp_path / f"t.{suffix}"
    if suffix == "csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, ["name", "caption"])
            writer.writeheader()
            writer.writerows(rows)
    elif suffix == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=11)
    whole = [(sample.name, sample.caption) for sample in read(path)]
    assert whole == [(row["name"], row["caption"]) for row in rows]
    shards = find_shards([str(path)], SourceOptions(rows_per_shard=4))
    assert sum(shard.samples or 0 for shard in shards) == 25
    assert (
        len({shard.name for shard in shards})
        == len({shard.fingerprint for shard in shards})
        == len(shards)
        >= 7
    )
    apart = [[(sample.name, sample.caption) for sample in shard.read()] for shard in reversed(shards)]
    assert [pair for part in reversed(apart) for pair in part] == whole


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = table(tmp_path, "pic,words\na,one\n")
    with pytest.raises(UserError, match="pic, words"):
        read(path)
    [sample] = read(path, SourceOptions(name_column="pic", caption_column="words"))
    assert (sample.name, sample.caption) == ("a", "one")
    with pytest.raises(UserError, match="no column 'word'"):
        read(path, SourceOptions(name_column="pic", caption_column="word"))


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"name,caption\n", "is empty"),
        ("a.csv", "name,caption\n".encode("utf-16"), "not UTF-8"),
        ("a.csv", b"file_name,url\na.jpg,b\n", "no column that is known as caption"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.jsonl", b"[1]\n", "no JSON objects"),
        ("a.parquet", b"PAR1 not really", "no readable Parquet"),
    ],
)
def test_tables_that_cannot_be_used_say_so(tmp_path: Path, name: str, content: bytes, match: str) -> None:
    with pytest.raises(UserError, match=match) as caught:
        read(table(tmp_path, content, name))
    assert caught.value.hint and "\n" not in str(caught.value)


def test_parquet_with_images_inside_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "hub.parquet"
    pq.write_table(pa.Table.from_pylist([{"image": {"bytes": b"x", "path": "a.jpg"}, "text": "t"}]), path)
    with pytest.raises(UserError, match="holds its images inside"):
        read(path)


TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=40)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 5),
    st.booleans(),
)
def test_whatever_csv_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], ends: str, step: int, mark: bool
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=ends, quoting=csv.QUOTE_ALL).writerows([("name", "caption"), *rows])
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(buffer.getvalue().encode("utf-8-sig" if mark else "utf-8"))
    found = open_csv(path, SourceOptions())
    back = [row for part in found.slices(step) for row in found.read(part)]
    assert [(row.values["name"], row.values["caption"]) for row in back] == rows
    assert [row.number for row in back] == list(range(1, len(rows) + 1))
    assert not any(row.fault or row.notes for row in back)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([b'"', b",", b"\n", b"\r\n", b"a.jpg", b"text", b"\xff", b" "]), max_size=40))
def test_no_csv_is_too_broken_and_slices_agree(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(b"name,caption\n" + b"".join(pieces))
    found = open_csv(path, SourceOptions())
    whole = [row for part in found.slices(1000) for row in found.read(part)]
    sliced = [row for part in found.slices(1) for row in found.read(part)]
    assert whole == sliced
    assert all(row.fault or row.values for row in whole)


def test_the_real_dump_is_ten_thousand_captions(realdata: Path) -> None:
    samples = read(realdata / "rs5m" / "rs3_dump.csv")
    assert len(samples) == len({sample.key for sample in samples}) == 10_000
    assert not any(sample.fault or sample.notes or sample.columns for sample in samples)
    assert all(sample.caption is not None and "\r" not in sample.caption for sample in samples)
