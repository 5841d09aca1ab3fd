"""What could not be downloaded becomes samples without an image, each with its reason."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from indexer.build import BuildOptions, index
from indexer.records import RawSample
from indexer.sources import SourceOptions, find_shards
from tests.samples import img2dataset_members, jpeg, write_tar


def read(*paths: Path) -> dict[str, RawSample]:
    shards = find_shards([str(path) for path in paths], SourceOptions())
    return {sample.key: sample for shard in shards for sample in shard.read()}


def fetched(folder: Path) -> Path:
    """A shard as `rs5m fetch` writes it: one image, two failures."""
    rows = [
        {"key": "000000000", "status": "success", "reason": None, "detail": None},
        {"key": "000000001", "status": "failed", "reason": "http_404", "detail": "The server answered 404."},
        {"key": "000000002", "status": "failed", "reason": "timeout", "detail": "a took too long."},
    ]
    told = {"caption": "aerial view", "source": "COYO700M", "keyword": "aerial view*", "width": None}
    table = [row | told | {"url": f"http://a/{row['key']}", "attempts": 1} for row in rows]
    pq.write_table(pa.Table.from_pylist(table), folder / "00000.parquet")
    facts = {"url": "http://a/000000000", "status": "success", "source": "COYO700M"}
    write_tar(folder / "00000.tar", img2dataset_members("000000000", jpeg(), "aerial view", **facts))
    return folder


def test_failures_of_a_fetched_shard_are_read_beside_its_tar(tmp_path: Path) -> None:
    for given in (fetched(tmp_path), tmp_path / "00000.tar"):
        samples = read(given)

        assert list(samples) == ["00000/000000000", "00000/000000001", "00000/000000002"]
        good, missing, slow = samples.values()
        assert good.fault is None and good.image
        assert missing.fault is not None and slow.fault is not None
        assert (missing.fault.stage, missing.fault.reason) == ("download", "http_404")
        assert missing.fault.detail == "The server answered 404."
        assert (slow.fault.stage, slow.fault.reason) == ("download", "timeout")
        assert (missing.caption, missing.image) == ("aerial view", None)
        assert missing.columns["url"] == "http://a/000000001"
        assert missing.columns["source"] == "COYO700M"


def test_failures_that_img2dataset_noted_are_read_alike(tmp_path: Path) -> None:
    table = {
        "url": ["http://a/0", "http://a/1", "http://a/2", "http://a/3"],
        "caption": ["aerial view"] * 4,
        "key": ["000000000", "000000001", "000000002", "000000003"],
        "status": ["success", "failed_to_download", "failed_to_download", "failed_to_resize"],
        "error_message": [
            None,
            "HTTP Error 403: Forbidden",
            "<urlopen error timed out>",
            "Image decoding error",
        ],
        "width": [48, None, None, None],
    }
    pq.write_table(pa.table(table), tmp_path / "00000.parquet")
    write_tar(
        tmp_path / "00000.tar", img2dataset_members("000000000", jpeg(), "aerial view", status="success")
    )

    faults = [sample.fault for sample in read(tmp_path).values()]

    assert [fault and (fault.stage, fault.reason) for fault in faults] == [
        None,
        ("download", "http_403"),
        ("download", "timeout"),
        ("download", "download_failed"),
    ]
    assert faults[3] is not None
    assert "Image decoding error" in faults[3].detail


def test_a_shard_of_failures_alone_has_no_tar_and_is_read(tmp_path: Path) -> None:
    fetched(tmp_path)
    (tmp_path / "00000.parquet").rename(tmp_path / "00007.parquet")

    assert [key for key, sample in read(tmp_path).items() if sample.fault] == [
        "00007/000000001",
        "00007/000000002",
    ]
    (tmp_path / "00000.tar").unlink()
    assert len(read(tmp_path)) == 2


def test_a_shard_without_failures_adds_nothing(tmp_path: Path) -> None:
    fetched(tmp_path)
    table = pq.read_table(tmp_path / "00000.parquet").slice(0, 1)
    pq.write_table(table, tmp_path / "00000.parquet")

    assert len(find_shards([str(tmp_path)])) == 1


def test_a_table_beside_a_tar_that_tells_of_no_downloads_is_left_alone(tmp_path: Path) -> None:
    fetched(tmp_path)
    pq.write_table(pa.table({"name": ["a.jpg"], "caption": ["x"]}), tmp_path / "00000.parquet")

    assert len(read(tmp_path)) == 1


def test_the_ledger_of_a_catalogue_names_every_failure(tmp_path: Path) -> None:
    (tmp_path / "shards").mkdir()
    shards = fetched(tmp_path / "shards")

    with index([str(shards)], tmp_path / "catalogue", BuildOptions(workers=1)) as catalogue:
        rows = catalogue.connect().execute(
            """
            SELECT s.url, s.source, s.subset, l.reason, l.detail FROM ledger AS l JOIN samples AS s USING (id)
            WHERE l.stage <> 'kept' ORDER BY id
            """
        )
        assert rows.fetchall() == [
            ("http://a/000000001", "COYO700M", "PUB11", "http_404", "The server answered 404."),
            ("http://a/000000002", "COYO700M", "PUB11", "timeout", "a took too long."),
        ]
