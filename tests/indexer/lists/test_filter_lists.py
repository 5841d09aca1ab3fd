"""Keyword filtering of raw lists: what is kept, counted and named, in every format."""

from __future__ import annotations

import csv
import functools
import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.laion_like import captions
from indexer.counting import Counting
from indexer.errors import UserError
from indexer.keywords import RS5M, Keywords
from indexer.lists import FilterOptions, Report, filter_lists, read_report
from indexer.lists.raw_list import Wanted

laion_like = functools.cache(captions)

ROWS = [
    ("http://a/1.jpg", "aerial view of a port"),
    ("http://a/2.jpg", "a red bicycle"),
    (None, "satellite image without an address"),
    ("  ", "satellite image without an address"),
    ("http://a/5.jpg", None),
    ("http://a/6.jpg", " \t"),
    ("http://a/7.jpg", 'USGS "map", Landsat\nscene; über'),
]
KEPT = [
    ("http://a/1.jpg", "aerial view of a port", "aerial view*", 1),
    ("http://a/7.jpg", 'USGS "map", Landsat\nscene; über', "USGS", 7),
]
REMOVED = {"no_url": 2, "no_caption": 2, "no_keyword": 1}


def write(path: Path, columns: tuple[str, str] = ("URL", "TEXT"), rows: object = ROWS) -> Path:
    """`rows` of (url, caption) as the format that the name tells."""
    pairs = list(rows)  # type: ignore[call-overload]
    if path.suffix == ".parquet":
        data = dict(zip(columns, zip(*pairs, strict=True), strict=True))
        pq.write_table(pa.table({"id": range(len(pairs)), **data}), path, row_group_size=100)
    elif path.suffix == ".jsonl":
        lines = [json.dumps(dict(zip(columns, pair, strict=True))) for pair in pairs]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",")
            writer.writerows([columns, *pairs])
    return path


def survivors(folder: Path) -> list[tuple[str, str, str, int]]:
    """Rows of all survivor files: url, caption, keyword, row."""
    files = sorted(folder.glob("survivors-*.parquet"))
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    return [(row["url"], row["caption"], row["keyword"], row["row"]) for row in rows]


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
@pytest.mark.parametrize(
    "columns", [("URL", "TEXT"), ("url", "text"), ("url", "caption"), ("image_url", "Caption")]
)
def test_rows_with_a_keyword_are_kept_and_all_others_counted(
    tmp_path: Path, suffix: str, columns: tuple[str, str]
) -> None:
    report = filter_lists([str(write(tmp_path / f"list{suffix}", columns))], tmp_path / "out")

    assert survivors(tmp_path / "out") == KEPT
    assert (report.total.rows, report.total.kept, report.total.removed) == (7, 2, REMOVED)
    assert report.first == {"USGS": 1, "aerial view*": 1}
    assert report.found == {"USGS": 1, "Landsat": 1, "aerial view*": 1}
    assert (report.lists[0].url_column, report.lists[0].caption_column) == columns


def test_a_tsv_without_header_is_read_by_what_its_columns_hold(tmp_path: Path) -> None:
    path = tmp_path / "Train_GCC-training.tsv"
    path.write_text('"aerial view\thttp://a/1.jpg\n"x" aerial view"\thttp://a/2.jpg\na dog\thttp://a/3.jpg\n')

    report = filter_lists([str(path)], tmp_path / "out")

    assert [row[:2] for row in survivors(tmp_path / "out")] == [
        ("http://a/1.jpg", '"aerial view'),
        ("http://a/2.jpg", '"x" aerial view"'),
    ]
    assert report.total.rows == 3


def test_columns_may_be_named(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", ("where", "what"))
    with pytest.raises(
        UserError, match=r"no header with an address and a caption; it begins with where, what"
    ):
        filter_lists([str(path)], tmp_path / "out")

    filter_lists([str(path)], tmp_path / "out", FilterOptions(wanted=Wanted("where", "what")))

    assert survivors(tmp_path / "out") == KEPT


def test_the_caption_of_laion_coco_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "laion-coco-00001.parquet"
    columns = {"URL": ["http://a/1"], "TEXT": ["IMG_001"], "top_caption": ["aerial view of a farm"]}
    pq.write_table(pa.table(columns), path)

    report = filter_lists([str(path)], tmp_path / "out")

    assert list(report.sources) == ["LAIONCOCO"]
    assert survivors(tmp_path / "out")[0][1] == "aerial view of a farm"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("laion2B-en/part-00000.parquet", "LAION2B"),
        ("coyo-700m/part-00000.parquet", "COYO700M"),
        ("cc3m_00001.parquet", "CC3M"),
        ("mine/part-00000.parquet", "unknown"),
    ],
)
def test_the_source_is_told_by_the_path(tmp_path: Path, path: str, source: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)

    assert list(filter_lists([str(write(file))], tmp_path / "out").sources) == [source]


def test_text_that_parquet_calls_binary_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    captions = [b"aerial view", b"aerial view \xff"]
    pq.write_table(pa.table({"url": [b"http://a/1", b"http://a/2"], "text": captions}), path)

    report = filter_lists([str(path)], tmp_path / "out")

    assert [row[0] for row in survivors(tmp_path / "out")] == ["http://a/1"]
    assert report.total.removed == {"no_caption": 1}


def test_malformed_rows_are_counted_and_named(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_bytes(
        b"url,caption\nhttp://a/1,aerial view\nhttp://a/2,a,b\nhttp://a/3\nhttp://a/4,MODIS\xff\n"
    )
    lines = tmp_path / "b.jsonl"
    lines.write_bytes(b'{"url":"http://b/1","caption":"MODIS"}\n{bad\n\n[1]\n{"url":"u","caption":"\xff"}\n')
    heard = Heard()

    report = filter_lists([str(table), str(lines)], tmp_path / "out", None, heard)

    first, second = report.lists
    assert (first.counts.rows, first.counts.kept, first.counts.removed) == (4, 1, {"malformed": 3})
    assert [line.split(":")[0] for line in first.malformed] == ["line 3", "line 4", "line 5"]
    assert (second.counts.rows, second.counts.removed) == (4, {"malformed": 2, "no_url": 1})
    assert [line.split(":")[0] for line in second.malformed] == ["row 2", "line 5"]
    assert len(heard.remarks) == 5
    assert heard.remarks[0].startswith("a.csv: line 3: ")


@pytest.mark.parametrize("rows_before", [0, 3_000])
def test_mixed_line_ends_are_read_and_remarked_on(tmp_path: Path, rows_before: int) -> None:
    path = tmp_path / "a.csv"
    before = "".join(f"http://a/{number},aerial view\r\n" for number in range(rows_before))
    path.write_bytes(
        f"url,caption\r\n{before}http://b/1,MODIS\r\nhttp://b/2,NAIP\nhttp://b/3,USGS\n".encode()
    )
    heard = Heard()

    report = filter_lists([str(path)], tmp_path / "out", FilterOptions(stretch_rows=1_000), heard)

    assert report.total.kept == rows_before + 3
    assert [row[2:] for row in survivors(tmp_path / "out")][-2:] == [
        ("NAIP", rows_before + 2),
        ("USGS", rows_before + 3),
    ]
    assert "read again, leniently" in heard.remarks[0]


def test_a_list_that_breaks_off_does_not_stop_the_run(tmp_path: Path) -> None:
    broken = write(tmp_path / "a.parquet", rows=[(f"http://a/{i}", f"aerial view {i}") for i in range(300)])
    chunk = pq.read_metadata(broken).row_group(1).column(2)
    with broken.open("r+b") as file:
        file.seek(chunk.dictionary_page_offset)
        file.write(b"\xff" * 50)
    whole = write(tmp_path / "b.parquet")

    report = filter_lists([str(broken), str(whole)], tmp_path / "out")

    assert report.lists[0].counts.rows == 300
    assert report.lists[0].counts.removed["unreadable"] > 0
    assert "cannot be read on after row" in report.lists[0].malformed[0]
    assert report.lists[1].counts.kept == 2


def test_every_removed_row_can_be_had(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv")
    with path.open("a", newline="") as file:
        file.write("http://a/8,one,too many\r\n")

    filter_lists([str(path)], tmp_path / "out", FilterOptions(removed=True))

    rows = pq.read_table(tmp_path / "out" / "removed-00000.parquet").to_pylist()
    assert [(row["row"], row["reason"]) for row in rows] == [
        (2, "no_keyword"),
        (3, "no_url"),
        (4, "no_url"),
        (5, "no_caption"),
        (6, "no_caption"),
        (None, "malformed"),
    ]
    assert rows[0]["caption"] == "a red bicycle"


def test_other_keywords_may_be_given(tmp_path: Path) -> None:
    keywords = Keywords({"bicycle": r"\bbi(?:cycle|ke)s?\b"})

    filter_lists([str(write(tmp_path / "list.csv"))], tmp_path / "out", FilterOptions(keywords=keywords))

    assert [row[2] for row in survivors(tmp_path / "out")] == ["bicycle"]


class Heard(Counting):
    """Remembers what it is told; stops the run once so many rows are read."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.stop_after = stop_after
        self.began_at = 0
        self.remarks: list[str] = []

    def began(self, what: str, total: int, done: int, unit: str) -> None:
        self.began_at = done

    def reached(self, done: int, note: str = "") -> None:
        if self.stop_after is not None and done >= self.stop_after:
            raise KeyboardInterrupt

    def remarked(self, line: str) -> None:
        self.remarks.append(line)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
@pytest.mark.parametrize("stop_after", [1, 1000, 2500, 3000, 5500])
def test_an_interrupted_run_goes_on_and_ends_in_the_same_bytes(
    tmp_path: Path, suffix: str, stop_after: int
) -> None:
    rows = [(f"http://a/{place}", text) for place, text in enumerate(laion_like(3_000, keyword_share=0.2))]
    lists = [str(write(tmp_path / f"{name}{suffix}", rows=rows)) for name in "ab"]
    options = FilterOptions(stretch_rows=1_000, removed=True)
    once = filter_lists(lists, tmp_path / "once", options)

    with pytest.raises(KeyboardInterrupt):
        filter_lists(lists, tmp_path / "twice", options, Heard(stop_after))
    assert read_report(tmp_path / "twice") is None
    heard = Heard()
    twice = filter_lists(lists, tmp_path / "twice", options, heard)

    assert heard.began_at >= (stop_after - 1) // 1_000 * 1_000
    assert twice == once
    assert bytes_of(tmp_path / "twice") == bytes_of(tmp_path / "once")


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
def test_counts_are_those_of_python_row_by_row(tmp_path: Path, suffix: str) -> None:
    texts = laion_like(20_000, keyword_share=0.05)
    rows = [(f"http://a/{place}", text) for place, text in enumerate(texts)]

    report = filter_lists([str(write(tmp_path / f"list{suffix}", rows=rows))], tmp_path / "out")

    kept = [(place, label) for place, text in enumerate(texts, 1) if (label := RS5M.find(text))]
    assert [(row[3], row[2]) for row in survivors(tmp_path / "out")] == kept
    assert report.first == Counter(label for _, label in kept)
    assert report.found == Counter(label for text in texts for label in RS5M.find_all(text))
    assert report.total.rows == 20_000 == report.total.kept + sum(report.total.removed.values())


def test_a_finished_run_is_not_done_again_and_its_report_can_be_read(tmp_path: Path) -> None:
    path = str(write(tmp_path / "list.csv"))
    made = filter_lists([path], tmp_path / "out")
    before = bytes_of(tmp_path / "out")

    assert filter_lists([path], tmp_path / "out", None, Heard(0)) == made
    assert bytes_of(tmp_path / "out") == before
    found = read_report(tmp_path / "out")
    assert isinstance(found, Report)
    assert found == made
    assert read_report(tmp_path) is None


def test_another_run_in_the_same_folder_is_refused_unless_asked_for(tmp_path: Path) -> None:
    filter_lists([str(write(tmp_path / "a.csv"))], tmp_path / "out")
    other = [str(write(tmp_path / "b.csv", rows=ROWS[:1]))]

    with pytest.raises(UserError, match="another filter run"):
        filter_lists(other, tmp_path / "out")
    filter_lists(other, tmp_path / "out", FilterOptions(overwrite=True))
    assert len(survivors(tmp_path / "out")) == 1

    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match=r"holds other things, such as thesis\.txt"):
        filter_lists(other, tmp_path / "out", FilterOptions(overwrite=True))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xff\xfea", "not UTF-8"),
        ("a.parquet", b"PAR1 nothing", "no readable Parquet file"),
        ("a.txt", b"http://a\n", "is no list"),
        ("a.jsonl", b'{"a": 1}\n', "no column known to hold an address; it has a"),
        ("a.csv", b"url,when\nhttp://a/1,2020\n", "no header with"),
        ("a.csv.gz", b"\x1f\x8b", "is compressed"),
    ],
)
def test_what_is_no_list_is_refused_before_anything_is_done(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=message):
        filter_lists([str(write(tmp_path / "good.csv")), str(tmp_path / name)], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(UserError, match="does not exist"):
        filter_lists([str(tmp_path / "missing.csv")], tmp_path / "out")
