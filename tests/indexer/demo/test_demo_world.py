"""The demo world on disk: what was planned is what the shards hold."""

from __future__ import annotations

import csv
import hashlib
import io
import tarfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexer.captions import split_caption
from indexer.demo import faults
from indexer.demo.pairs import describe
from indexer.demo.plan import plan_world
from indexer.demo.quotas import PUBLISHED, quotas
from indexer.demo.write import DemoWorld, write_demo
from indexer.errors import UserError
from indexer.names import source_of
from indexer.keywords import RS5M

SAMPLES, SEED, SHARD = 240, 7, 60


class Drawn:
    """A world on disk, read back."""

    def __init__(self, out: Path, world: DemoWorld) -> None:
        self.out = out
        self.world = world
        self.captions: dict[str, bytes] = {}
        self.images: dict[str, bytes] = {}
        for shard in world.shards:
            with tarfile.open(shard) as tar:
                members = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
            for key in sorted({name.split(".")[0] for name in members}):
                name = members[f"{key}.img_name"].decode()
                self.captions[name] = members[f"{key}.caption"]
                self.images[name] = members[f"{key}.img_content"]
        self.truth = {row["name"]: row for row in self.rows(world.truth)}

    @staticmethod
    def rows(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def metadata(self, name: str) -> list[dict[str, str]]:
        return self.rows(self.out / "metadata" / name)

    def named(self, fault: str) -> list[str]:
        return [name for name, row in self.truth.items() if row["fault"] == fault]

    def picture(self, name: str) -> np.ndarray:
        image = Image.open(io.BytesIO(self.images[name])).convert("L").resize((64, 64))
        return np.asarray(image, dtype=np.float64)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    out = tmp_path_factory.mktemp("world")
    return Drawn(out, write_demo(out, SAMPLES, SEED, workers=1, shard_samples=SHARD))


def hashes(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_sources_come_in_rs5m_proportions() -> None:
    given = quotas(6000)
    assert sum(given.values()) == 6000
    assert given.keys() == PUBLISHED.keys()
    total = sum(count for _, count in PUBLISHED.values())
    for source, (_, published) in PUBLISHED.items():
        assert given[source] >= 6
        assert given[source] == pytest.approx(6000 * published / total, rel=0.03, abs=8)


@pytest.mark.parametrize("samples", [14, 15, 99, 1001])
def test_quotas_add_up(samples: int) -> None:
    assert sum(quotas(samples).values()) == samples
    assert min(quotas(samples).values()) >= 0


def test_names_are_unique_and_tell_the_source() -> None:
    planned = plan_world(6000, SEED)
    assert len({sample.name for sample in planned}) == len(planned)
    assert all(source_of(sample.name) == (sample.source, sample.subset) for sample in planned)


def test_kinds_are_balanced_and_faults_as_frequent_as_said() -> None:
    planned = plan_world(6000, SEED)
    kinds = Counter(sample.kind for sample in planned if sample.fault != faults.OFF_TOPIC)
    assert max(kinds.values()) < 2 * min(kinds.values())
    web = [sample for sample in planned if sample.subset == "PUB11"]
    found = Counter(sample.fault for sample in web)
    for fault, share in faults.SHARES.items():
        assert found[fault] == round(share * len(web))
    assert found[faults.OFF_TOPIC] == pytest.approx(0.04 * len(planned), rel=0.05)
    assert not any(sample.fault for sample in planned if sample.subset == "RS3")


def test_shards_are_named_as_in_rs5m_and_hold_every_sample(drawn: Drawn) -> None:
    assert [path.name for path in drawn.world.shards] == [
        "pub11-train-0000.tar", "pub11-train-0001.tar", "pub11-train-0002.tar", "pub11-val-0000.tar",
        "rs3-train-0000.tar", "rs3-train-0001.tar", "rs3-val-0000.tar",
    ]  # fmt: skip
    assert drawn.captions.keys() == drawn.truth.keys()
    assert len(drawn.truth) == SAMPLES
    with tarfile.open(drawn.world.shards[0]) as tar:
        names = tar.getnames()
    assert names[:3] == ["000000000.img_name", "000000000.img_content", "000000000.caption"]
    assert len(names) == 3 * SHARD


def test_every_other_image_is_whole(drawn: Drawn) -> None:
    for name, data in drawn.images.items():
        if drawn.truth[name]["fault"] not in (faults.TRUNCATED, faults.ZERO_BYTES):
            Image.open(io.BytesIO(data)).load()


def test_planted_faults_are_what_truth_says(drawn: Drawn) -> None:
    assert all(drawn.named(fault) for fault in faults.SHARES)
    for name in drawn.named(faults.ZERO_BYTES):
        assert drawn.images[name] == b""
    for name in drawn.named(faults.TRUNCATED):
        with pytest.raises(OSError, match="truncated"):
            Image.open(io.BytesIO(drawn.images[name])).load()
    for name in drawn.named(faults.NO_KEYWORD):
        assert RS5M.find(drawn.captions[name].decode()) is None
    for name in drawn.named(faults.NOT_UTF8):
        with pytest.raises(UnicodeDecodeError):
            drawn.captions[name].decode()
    for name in drawn.named(faults.EXACT_DUPLICATE):
        assert drawn.images[name] == drawn.images[drawn.truth[name]["of"]]
    for name in drawn.named(faults.NEAR_DUPLICATE):
        original = drawn.truth[name]["of"]
        assert drawn.images[name] != drawn.images[original]
        assert np.corrcoef(drawn.picture(name).ravel(), drawn.picture(original).ravel())[0, 1] > 0.5


def test_web_captions_without_a_fault_hold_a_keyword(drawn: Drawn) -> None:
    for name, caption in drawn.captions.items():
        row = drawn.truth[name]
        if not row["fault"] or row["fault"] in faults.DUPLICATES:
            assert RS5M.find(caption.decode()) or source_of(name)[1] == "RS3"  # type: ignore[index]


def test_metadata_captions_parse_back_into_what_they_were_written_from() -> None:
    parsed = Counter[str]()
    for planned in plan_world(2000, SEED):
        if planned.source not in ("FMoW", "BigEarthNet"):
            continue
        sample = describe(planned, SEED)
        taken, parts = sample.acquisition, split_caption(sample.caption)
        assert taken is not None
        assert sample.meta_caption is not None
        assert parts.meta == sample.meta_caption.replace("?", "°")
        assert sample.caption == f"{sample.meta_caption} {parts.generated}"
        expected: dict[str, object] = {
            "season": taken.season.replace("Fall", "Autumn"),
            "month": taken.taken_at.month,
            "taken_at": taken.taken_at,
            "utm_zone": taken.spot.utm_zone,
            "utm_hemisphere": "S" if taken.spot.southern else "N",
        }
        if planned.source == "FMoW":
            expected |= {
                "class": planned.label,
                "city": taken.spot.place.name,
                "country": taken.spot.place.country,
                "utm_band": taken.spot.utm_band,
                "gsd_m": taken.gsd_m,
                "cloud_cover": taken.cloud_cover,
                "azimuth_deg": taken.azimuth_deg,
                "off_nadir_deg": taken.off_nadir_deg,
            }
        else:
            assert str(parts.columns["class"]) in sample.caption
            expected["class"] = parts.columns["class"]
        assert parts.columns == expected
        parsed[planned.source] += 1
    assert parsed["FMoW"] > 250
    assert parsed["BigEarthNet"] > 120


def test_metadata_files_name_their_samples_as_rs5m_does(drawn: Drawn) -> None:
    by_source = Counter(source_of(name)[0] for name in drawn.truth)  # type: ignore[index]
    fmow = drawn.metadata("fmow_geometa.csv")
    assert len(fmow) == by_source["FMoW"]
    assert all(f"fmow_{row['img_name']}" in drawn.truth for row in fmow)
    train = drawn.metadata("BigEarthNet_train_geometa.csv")
    val = drawn.metadata("BigEarthNet_val_geometa.csv")
    assert len(train) + len(val) == by_source["BigEarthNet"]
    assert all(f"ben_{row['img_name']}.jpg" in drawn.truth and row["country"] == "" for row in train)
    assert all(f"ben_{row['img_name']}" in drawn.truth for row in val)
    labels = drawn.metadata("pub11_train_label.csv") + drawn.metadata("pub11_val_label.csv")
    yfcc = drawn.metadata("yfcc_label.csv")
    web = {name for name in drawn.truth if source_of(name)[1] == "PUB11"}  # type: ignore[index]
    assert {row["img_name"] for row in labels} | {row["img_name"] for row in yfcc} == web
    assert all(-90 < float(row["latitude"]) < 90 for row in fmow + yfcc)
    assert all(row["image_path"].startswith("static/") for row in drawn.metadata("ratings.csv"))
    for row in drawn.metadata("pub11_NER_geolocation_info.csv"):
        assert row["entity"].startswith("['")
        assert row["img_name"] in web


def test_the_same_bytes_whatever_the_number_of_workers(drawn: Drawn, tmp_path: Path) -> None:
    write_demo(tmp_path, SAMPLES, SEED, workers=2, shard_samples=SHARD)
    assert hashes(tmp_path) == hashes(drawn.out)


def test_an_interrupted_run_goes_on_and_ends_with_the_same_bytes(drawn: Drawn, tmp_path: Path) -> None:
    def interrupt(done: int, _: int) -> None:
        if done == SHARD + 17:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo(tmp_path, SAMPLES, SEED, workers=1, progress=interrupt, shard_samples=SHARD)
    assert [path.name for path in (tmp_path / "shards").glob("*.tar")] == ["pub11-train-0000.tar"]

    counts: list[int] = []
    world = write_demo(tmp_path, SAMPLES, SEED, 1, lambda done, _: counts.append(done), shard_samples=SHARD)
    assert world.drawn == SAMPLES - SHARD
    assert (counts[0], counts[-1]) == (SHARD + 1, SAMPLES)
    assert hashes(tmp_path) == hashes(drawn.out)


def test_a_finished_world_is_not_drawn_again(drawn: Drawn) -> None:
    times = {path: path.stat().st_mtime_ns for path in drawn.out.rglob("*")}
    assert write_demo(drawn.out, SAMPLES, SEED, shard_samples=SHARD).drawn == 0
    assert {path: path.stat().st_mtime_ns for path in drawn.out.rglob("*")} == times


def test_another_world_replaces_the_one_before(tmp_path: Path) -> None:
    write_demo(tmp_path, 40, seed=1, workers=1, shard_samples=10)
    world = write_demo(tmp_path, 20, seed=2, workers=1, shard_samples=10)
    assert world.drawn == 20
    assert sorted((tmp_path / "shards").iterdir()) == sorted(world.shards)


def test_other_tars_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "shards").mkdir()
    (tmp_path / "shards" / "mine.tar").write_bytes(b"mine")
    with pytest.raises(UserError, match="did not write"):
        write_demo(tmp_path, 20, workers=1)
    assert (tmp_path / "shards" / "mine.tar").read_bytes() == b"mine"


@pytest.mark.parametrize(("samples", "seed"), [(13, 0), (0, 0), (2_000_000, 0), (20, -1)])
def test_impossible_worlds_are_refused(tmp_path: Path, samples: int, seed: int) -> None:
    with pytest.raises(UserError, match="cannot be drawn"):
        write_demo(tmp_path, samples, seed)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(UserError, match=r"cannot be written to .*file"):
        write_demo(blocked / "demo", 20, workers=1)
