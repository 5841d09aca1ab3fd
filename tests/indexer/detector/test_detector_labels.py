import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexer.detector.labelled import join_labels
from indexer.detector.labels import Labels, read_labels
from indexer.errors import UserError
from tests.catalogues import make_catalogue


def written(folder: Path, text: str, name: str = "labels.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("word", ["1", "yes", "TRUE", "rs", " Yes ", "1.0"])
def test_words_for_remote_sensing(word: str, tmp_path: Path) -> None:
    assert read_labels(written(tmp_path, f"name,label\na.jpg,{word}\n")).is_remote_sensing == {"a.jpg": True}


@pytest.mark.parametrize("word", ["0", "no", "False", "other", "0.0"])
def test_words_for_anything_else(word: str, tmp_path: Path) -> None:
    assert read_labels(written(tmp_path, f"name,label\na.jpg,{word}\n")).is_remote_sensing == {"a.jpg": False}


def test_every_format_says_the_same(tmp_path: Path) -> None:
    rows = [("7", True), ("12", False)]
    tables = [
        written(tmp_path, "id,label\n7,1\n12,0\n"),
        written(tmp_path, "label\tid\nrs\t7\nother\t12\n", "labels.tsv"),
        written(
            tmp_path,
            "".join(json.dumps({"id": int(key), "label": label}) + "\n" for key, label in rows),
            "labels.jsonl",
        ),
        tmp_path / "labels.parquet",
    ]
    pq.write_table(pa.table({"id": [7.0, 12.0], "label": [True, False]}), tables[-1])
    for path in tables:
        labels = read_labels(path)
        assert (labels.naming, labels.rows, labels.is_remote_sensing) == ("id", 2, dict(rows)), path


def test_the_most_certain_column_names_the_samples(tmp_path: Path) -> None:
    labels = read_labels(written(tmp_path, "name,key,label,seen_by\na.jpg,000,yes,me\n"))
    assert (labels.naming, labels.is_remote_sensing) == ("key", {"000": True})


def test_a_sample_labelled_twice_the_same_way_counts_once(tmp_path: Path) -> None:
    labels = read_labels(written(tmp_path, "name,label\na,1\na,yes\n"))
    assert (labels.rows, labels.is_remote_sensing) == (2, {"a": True})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,label\na,1\nb,maybe\n", r"Row 2 of .*labels\.csv has the label 'maybe'"),
        ("name,label\na,\n", r"Row 1 of .*labels\.csv has the label ''"),
        ("name,label\na,2\n", "has the label '2'"),
        ("name,label\na,1\nb,0\na,0\n", r"Row 3 of .*labels\.csv labels 'a' otherwise than row 1"),
        ("id,label\nseven,1\n", "has the id 'seven'"),
        ("id,label\n-1,1\n", "has the id '-1'"),
        ("id,label\n1.5,1\n", "has the id '1.5'"),
        ("name,label\n,1\n", r"Row 1 of .*labels\.csv has no name"),
        ("name,label\na,1,2\n", "Row 1 of labels.csv cannot be read: it has 3 fields"),
        ("name,class\na,1\n", "has the columns name, class"),
        ("picture,label\na,1\n", "has the columns picture, label"),
        ("", "is empty"),
    ],
)
def test_what_cannot_be_a_label_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=message):
        read_labels(written(tmp_path, text))


def test_pickles_and_other_files_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a pickle"):
        read_labels(written(tmp_path, "x", "labels.pkl"))
    with pytest.raises(UserError, match="is no table"):
        read_labels(written(tmp_path, "x", "labels.txt"))
    with pytest.raises(UserError, match="is no file of labels"):
        read_labels(tmp_path / "labels.csv")


def labels_of(naming: str, said: dict[str, bool]) -> Labels:
    return Labels(Path("labels.csv"), naming, len(said), said)


def test_labels_join_samples_with_a_vector_and_say_what_became_of_the_others(tmp_path: Path) -> None:
    rows = [
        {"name": "a.jpg", "sha256": "aa"},
        {"name": "b.jpg", "sha256": "bb", "has_vector": False},
        {"name": "twice.jpg"},
        {"name": "twice.jpg"},
        {"name": "c.jpg"},
        {"name": "nobody said.jpg"},
    ]
    names = {"a.jpg": True, "b.jpg": True, "twice.jpg": False, "c.jpg": False, "elsewhere.jpg": True}
    with make_catalogue(tmp_path / "catalogue", rows, np.eye(6)) as catalogue:
        found = join_labels(catalogue, labels_of("name", names))
        assert found.ids.tolist() == [0, 4]
        assert found.is_remote_sensing.tolist() == [True, False]
        assert found.pictures == ("aa", "id 4")
        assert (found.rows, found.unknown, found.ambiguous, found.without_vector) == (5, 1, 1, 1)
        assert join_labels(catalogue, labels_of("id", {"3": True})).ids.tolist() == [3]
        assert join_labels(catalogue, labels_of("key", {"00002": False})).ids.tolist() == [2]
        with pytest.raises(UserError, match="the column name was compared"):
            join_labels(catalogue, labels_of("name", {"other.jpg": True, "b.jpg": True}))


def test_unseen_samples_are_a_stable_share_with_copies_on_one_side(tmp_path: Path) -> None:
    rows = [{"name": f"{number}.jpg", "sha256": f"{number // 2:04x}"} for number in range(2_000)]
    everything = {f"{number}.jpg": True for number in range(2_000)}
    half = {f"{number}.jpg": True for number in range(0, 2_000, 3)}
    with make_catalogue(tmp_path / "catalogue", rows, np.ones((2_000, 4))) as catalogue:
        all_, some = (join_labels(catalogue, labels_of("name", names)) for names in (everything, half))
    aside = all_.unseen(0.2, seed=0)
    assert 0.16 < aside.mean() < 0.24
    assert (aside[0::2] == aside[1::2]).all()
    assert (aside[some.ids] == some.unseen(0.2, seed=0)).all()
    assert (aside != all_.unseen(0.2, seed=1)).any()
    assert all_.unseen(0.95, seed=0).mean() > 0.92
