"""A run may stop anywhere; what it makes in the end is the same."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build import BuildOptions, Progress, build
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from indexer.images import ImageLimits
from indexer.stages import Pipeline
from tests.indexer.build.world import ColourEncoder, RowsShard, colours, picture, sample

OPTIONS = BuildOptions(batch_size=4)


def make_shards(count: int = 4) -> list[RowsShard]:
    images = [picture(colour) for colour in colours(100)]
    images[13] = images[3]
    return [
        RowsShard(
            f"{number}.tar",
            [sample(f"{number}-{n}", images[10 * number + n], caption=f"port {n}") for n in range(9)]
            + [sample(f"{number}-bad", b"")],
        )
        for number in range(count)
    ]


def interrupt_at(batch: int) -> Callable[[int], None]:
    def before_batch(count: int) -> None:
        if count == batch:
            raise KeyboardInterrupt

    return before_batch


def assert_same(one: Catalogue, other: Catalogue) -> None:
    for name in ("manifest.json", "image_vectors.npy", "images.faiss"):
        assert (one.path / name).read_bytes() == (other.path / name).read_bytes(), name
    for table in ("samples", "ledger", "shards", "stage_counts", "files"):
        query = f"FROM {table} ORDER BY ALL"
        assert one.connect().execute(query).fetchall() == other.connect().execute(query).fetchall(), table
    assert one.captions.search("port", 100) == other.captions.search("port", 100)


def test_an_interrupted_run_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    undisturbed = build(make_shards(), ColourEncoder(), tmp_path / "undisturbed", OPTIONS)

    out = tmp_path / "disturbed"
    with pytest.raises(KeyboardInterrupt):
        build(make_shards(), ColourEncoder(interrupt_at(4)), out, OPTIONS)
    with pytest.raises(UserError, match="unfinished catalogue"):
        Catalogue.open(out)
    with pytest.raises(KeyboardInterrupt):
        build(make_shards(), ColourEncoder(interrupt_at(4)), out, OPTIONS)
    shards = make_shards()
    disturbed = build(shards, ColourEncoder(), out, OPTIONS)

    assert shards[0].times_read == 0
    assert shards[-1].times_read == 1
    assert_same(undisturbed, disturbed)
    assert {entry.name for entry in out.iterdir()} == {
        "build.json",
        "captions",
        "catalogue.duckdb",
        "facet_cells.npy",
        "near_pairs.npy",
        "scores",
        "image_vectors.npy",
        "images.faiss",
        "manifest.json",
        "orders",
    }


class InterruptsAt(Progress):
    """Interrupts when the run comes to a phase."""

    def __init__(self, phase: str) -> None:
        self._phase = phase

    def phase(self, what: str, total: int | None = None, unit: str = "samples") -> None:
        if what == self._phase:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    "phase",
    [
        "stage duplicate",
        "writing tables",
        "hashing tables",
        "writing vectors",
        "sorting",
        "indexing captions",
        "indexing vectors",
    ],
)
def test_putting_together_may_be_interrupted_too(tmp_path: Path, phase: str) -> None:
    undisturbed = build(make_shards(), ColourEncoder(), tmp_path / "undisturbed", OPTIONS)
    out = tmp_path / "disturbed"
    with pytest.raises(KeyboardInterrupt):
        build(make_shards(), ColourEncoder(), out, OPTIONS, InterruptsAt(phase))
    encoder = ColourEncoder()
    assert_same(undisturbed, build(make_shards(), encoder, out, OPTIONS))
    assert encoder.batch_sizes == []


# Encodes slowly enough that the kill falls in the middle of a shard.
KILLED_RUN = """
import sys, time
from pathlib import Path
from indexer.build import build
from tests.indexer.build.test_resume import OPTIONS, make_shards
from tests.indexer.build.world import ColourEncoder
build(make_shards(), ColourEncoder(lambda count: time.sleep(0.1)), Path(sys.argv[1]), OPTIONS)
"""


def test_kill_9_twice_and_the_catalogue_is_the_same(tmp_path: Path) -> None:
    undisturbed = build(make_shards(), ColourEncoder(), tmp_path / "undisturbed", OPTIONS)
    out = tmp_path / "killed"
    for parts in (1, 2):
        run = subprocess.Popen(
            [sys.executable, "-c", KILLED_RUN, out],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        deadline = time.monotonic() + 60
        while len(list(out.glob("parts/*.parquet"))) < parts:
            assert run.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        run.kill()
        assert run.wait() == -signal.SIGKILL
    assert_same(undisturbed, build(make_shards(), ColourEncoder(), out, OPTIONS))


def test_half_written_files_are_not_taken_for_a_part(tmp_path: Path) -> None:
    undisturbed = build(make_shards(), ColourEncoder(), tmp_path / "undisturbed", OPTIONS)
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        build(make_shards(), ColourEncoder(interrupt_at(4)), out, OPTIONS)
    (out / "parts" / "00003.npy").write_bytes(b"vectors without their samples")
    (out / "parts" / "00003.parquet.tmp").write_bytes(b"half")
    assert_same(undisturbed, build(make_shards(), ColourEncoder(), out, OPTIONS))


@pytest.mark.parametrize("largest_file", [4096, 20_000], ids=["while encoding", "while putting together"])
def test_a_full_disk_is_said_and_the_run_goes_on_later(tmp_path: Path, largest_file: int) -> None:
    undisturbed = build(make_shards(), ColourEncoder(), tmp_path / "undisturbed", OPTIONS)
    out = tmp_path / "out"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A file size limit fails a write as a full disk does, and needs no disk to fill.
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, hard))
    try:
        with pytest.raises(UserError, match=r"No space is left .* run the same command again"):
            build(make_shards(), ColourEncoder(), out, OPTIONS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert_same(undisturbed, build(make_shards(), ColourEncoder(), out, OPTIONS))


class Notes(Progress):
    """Writes down whether there was nothing to do."""

    complete = False

    def already_complete(self) -> None:
        self.complete = True


def test_a_finished_catalogue_is_left_alone(tmp_path: Path) -> None:
    build(make_shards(), ColourEncoder(), tmp_path / "out", OPTIONS)
    before = (tmp_path / "out" / "manifest.json").stat().st_mtime_ns
    notes, shards = Notes(), make_shards()
    build(shards, ColourEncoder(), tmp_path / "out", OPTIONS, notes)
    assert notes.complete
    assert shards[0].times_read == 0
    assert (tmp_path / "out" / "manifest.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("finished", [True, False])
def test_another_run_does_not_go_on_in_the_same_folder(tmp_path: Path, finished: bool) -> None:
    out = tmp_path / "out"
    if finished:
        build(make_shards(), ColourEncoder(), out, OPTIONS)
    else:
        with pytest.raises(KeyboardInterrupt):
            build(make_shards(), ColourEncoder(interrupt_at(4)), out, OPTIONS)
    other = replace(OPTIONS, limits=ImageLimits(pixels=10))
    with pytest.raises(UserError, match=r"limits\.pixels is 10, was 100000000.*--overwrite"):
        build(make_shards(), ColourEncoder(), out, other)
    with pytest.raises(UserError, match="--overwrite"):
        build(make_shards(5), ColourEncoder(), out, OPTIONS)

    class Stronger(ColourEncoder):
        weights_sha256 = "d1" * 32

    with pytest.raises(UserError, match="the weights of encoder colour changed"):
        build(make_shards(), Stronger(), out, OPTIONS)


def test_stages_may_be_set_otherwise_while_a_run_is_unfinished(tmp_path: Path) -> None:
    other = replace(OPTIONS, stages=Pipeline.named("duplicate"))
    with pytest.raises(KeyboardInterrupt):
        build(make_shards(), ColourEncoder(interrupt_at(4)), tmp_path / "stopped", OPTIONS)
    at_once = build(make_shards(), ColourEncoder(), tmp_path / "at once", other)
    resumed = build(make_shards(), ColourEncoder(), tmp_path / "stopped", other)
    assert resumed.manifest.catalogue_id == at_once.manifest.catalogue_id


def test_stages_of_a_finished_catalogue_are_changed_by_another_command(tmp_path: Path) -> None:
    build(make_shards(), ColourEncoder(), tmp_path / "out", OPTIONS)
    with pytest.raises(UserError, match=r"other settings of its stages.*rs5m stages"):
        build(make_shards(), ColourEncoder(), tmp_path / "out", replace(OPTIONS, stages=Pipeline.named()))


def test_the_program_is_named_only_when_it_is_another(tmp_path: Path) -> None:
    build(make_shards(), ColourEncoder(), tmp_path / "out", OPTIONS)
    with pytest.raises(UserError) as refused:
        build(
            make_shards(),
            ColourEncoder(),
            tmp_path / "out",
            replace(OPTIONS, limits=ImageLimits(pixels=10)),
        )
    assert "rs5m-explorer" not in str(refused.value)


def test_metadata_that_moved_is_the_same_metadata(tmp_path: Path) -> None:
    before, after = tmp_path / "before" / "labels.csv", tmp_path / "after" / "labels.csv"
    for path in (before, after):
        path.parent.mkdir()
        path.write_text("img_name,text,url\nk0.png,a port,http://example.org/0\n", encoding="utf-8")
    build(make_shards(), ColourEncoder(), tmp_path / "out", BuildOptions(batch_size=4, joins=(before,)))

    notes = Notes()
    build(make_shards(), ColourEncoder(), tmp_path / "out", BuildOptions(batch_size=4, joins=(after,)), notes)
    assert notes.complete

    after.write_text("img_name,text,url\nk0.png,a quay,http://example.org/0\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"joins is labels\.csv"):
        build(make_shards(), ColourEncoder(), tmp_path / "out", BuildOptions(batch_size=4, joins=(after,)))


def test_what_changed_in_the_inputs_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build(make_shards(), ColourEncoder(interrupt_at(4)), tmp_path / "out", OPTIONS)
    shards = make_shards()
    shards[1].rows.pop()
    with pytest.raises(UserError, match=r"was begun otherwise: 1\.tar changed"):
        build(shards, ColourEncoder(), tmp_path / "out", OPTIONS)
    with pytest.raises(UserError, match=r"3\.tar no longer there"):
        build(make_shards(3), ColourEncoder(), tmp_path / "out", OPTIONS)
    with pytest.raises(UserError, match=r"4\.tar and 1 more not there before"):
        build(make_shards(6), ColourEncoder(), tmp_path / "out", OPTIONS)
    with pytest.raises(UserError, match="the inputs are in another order"):
        build(make_shards()[::-1], ColourEncoder(), tmp_path / "out", OPTIONS)


def test_overwrite_replaces_the_old_catalogue_only_when_the_new_one_is_done(tmp_path: Path) -> None:
    out = tmp_path / "out"
    old = build(make_shards(2), ColourEncoder(), out, OPTIONS).manifest
    over = BuildOptions(batch_size=4, overwrite=True)
    with pytest.raises(KeyboardInterrupt):
        build(make_shards(3), ColourEncoder(interrupt_at(4)), out, over)
    with Catalogue.open(out) as still:
        assert still.manifest == old

    shards = make_shards(3)
    new = build(shards, ColourEncoder(), out, over)
    assert new.manifest.samples == 30
    assert shards[0].times_read == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]
    assert_same(new, build(make_shards(3), ColourEncoder(), tmp_path / "direct", OPTIONS))


def test_overwrite_starts_anew_when_the_job_changed_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(make_shards(2), ColourEncoder(), out, OPTIONS)
    over = BuildOptions(batch_size=4, overwrite=True)
    with pytest.raises(KeyboardInterrupt):
        build(make_shards(3), ColourEncoder(interrupt_at(4)), out, over)
    assert build(make_shards(4), ColourEncoder(), out, over).manifest.samples == 40


def test_what_a_run_killed_at_its_very_end_left_is_cleared_away(tmp_path: Path) -> None:
    out = tmp_path / "out"
    manifest = build(
        make_shards(), ColourEncoder(), out, BuildOptions(batch_size=4, keep_parts=True)
    ).manifest
    (out / "steps.json").write_text("{}")
    assert build(make_shards(), ColourEncoder(), out, OPTIONS).manifest == manifest
    assert not {"parts", "job.json", "steps.json"} & {entry.name for entry in out.iterdir()}


def test_a_folder_moved_while_unfinished_is_put_together_for_its_new_place(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    shard = RowsShard("a", [sample("1", picture((1, 2, 3)), folder)])
    with pytest.raises(KeyboardInterrupt):
        build([shard], ColourEncoder(), tmp_path / "here", OPTIONS, InterruptsAt("sorting"))
    (tmp_path / "deep").mkdir()
    (tmp_path / "here").rename(tmp_path / "deep" / "there")
    catalogue = build([shard], ColourEncoder(), tmp_path / "deep" / "there", OPTIONS)
    [(path,)] = catalogue.connect().execute("SELECT relative_path FROM files").fetchall()
    assert path == "../../images/1.png"


def test_parts_can_be_kept(tmp_path: Path) -> None:
    catalogue = build(
        make_shards(), ColourEncoder(), tmp_path / "out", BuildOptions(batch_size=4, keep_parts=True)
    )
    assert len(list((catalogue.path / "parts").glob("*.parquet"))) == 4
