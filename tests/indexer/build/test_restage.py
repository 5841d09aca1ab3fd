"""Stages set otherwise after the fact."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.build import BuildOptions, Progress, build
from indexer.build.restage import restage
from indexer.catalogue import Catalogue
from indexer.catalogue.orders import SORTS
from indexer.errors import UserError
from indexer.near import NearPairs, find_near_pairs
from indexer.records import Fault, RawSample
from indexer.stages import Pipeline
from tests.indexer.build.world import ColourEncoder, RowsShard

CAPTIONS = ("aerial view of a port", "a dog", "Landsat scene", None)


def shard(count: int = 60) -> RowsShard:
    """Samples with vectors of their own, some of them nearly the same, and every kind of fault."""
    rng = np.random.default_rng(3)
    rows, vector = [], np.zeros(4)
    for number in range(count):
        vector = vector + rng.normal(0, 0.02, 4) if number % 7 == 3 else rng.normal(size=4)
        source = ("laion2b", "laioncoco", "fmow")[number % 3]
        rows.append(
            RawSample(
                key=f"{number:03d}",
                name=f"{source}_{number}.jpg",
                caption=CAPTIONS[number % 4],
                vector=(vector / np.linalg.norm(vector)).astype(np.float16),
                columns={"url": f"http://example.org/{number // 2 if number % 10 < 2 else number}"},
                fault=_fault(number),
                notes=["seen"] if number % 11 == 0 else [],
            )
        )
    return RowsShard("rows", rows)


def _fault(number: int) -> Fault | None:
    if number % 13 == 5:
        return Fault("http_404", f"{number} answered 404.", stage="download")
    return Fault("zero_bytes", f"{number} is empty.") if number % 17 == 6 else None


STRICT = Pipeline.of(
    {
        "keyword": {},
        "download": {},
        "duplicate": {"near": "all", "cosine": 0.99},
        "vlm": {"keep": 0.6, "subsets": "all"},
    }
)
LAX = Pipeline.of({"duplicate": {"url": False}, "vlm": {"least": -0.2}})
NONE = Pipeline.named()


def made(folder: Path, pipeline: Pipeline) -> Catalogue:
    return build([shard()], ColourEncoder(), folder, BuildOptions(stages=pipeline))


def content(catalogue: Catalogue) -> dict[str, Any]:
    """Everything that a reader can see of what stages decide."""
    run = catalogue.connect()
    return {
        "tables": {
            table: run.execute(f"FROM {table} ORDER BY ALL").fetchall()
            for table in ("samples", "ledger", "faults", "shards", "stage_counts", "facet_counts")
        },
        "cells": catalogue.cube.cells.tolist(),
        "orders": {name: catalogue.order(name).tolist() for name in SORTS},
        "pairs": hashlib.sha256((catalogue.path / "near_pairs.npy").read_bytes()).hexdigest(),
        "files": sorted(path.name for path in catalogue.path.iterdir()),
    }


@pytest.mark.parametrize(("before", "after"), [(NONE, STRICT), (STRICT, LAX), (LAX, NONE), (STRICT, NONE)])
def test_the_result_is_what_indexing_with_these_stages_gives(
    before: Pipeline, after: Pipeline, tmp_path: Path
) -> None:
    made(tmp_path / "changed", before).close()
    with (
        restage(tmp_path / "changed", after) as changed,
        made(tmp_path / "fresh", after) as fresh,
    ):
        assert changed.manifest.catalogue_id == fresh.manifest.catalogue_id
        assert changed.manifest == fresh.manifest
        assert content(changed) == content(fresh)


def test_there_and_back_again_is_the_same_catalogue(tmp_path: Path) -> None:
    with made(tmp_path / "c", STRICT) as catalogue:
        before, id_ = content(catalogue), catalogue.manifest.catalogue_id
    restage(tmp_path / "c", LAX).close()
    with restage(tmp_path / "c", STRICT) as again:
        assert again.manifest.catalogue_id == id_
        assert content(again) == before


def test_another_cosine_needs_no_new_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "c", STRICT).close()

    def search(*_: object) -> None:
        raise AssertionError("it was searched before")

    monkeypatch.setattr("indexer.build.decision.find_near_pairs", search)
    with restage(tmp_path / "c", STRICT.changed(["vlm.keep=0.9", "duplicate.cosine=0.88"])) as catalogue:
        assert catalogue.manifest.settings["duplicate"]["cosine"] == 0.88


def test_pairs_that_were_compared_in_another_way_are_compared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("indexer.near.pairs.MEASURE", "grey")
        made(tmp_path / "c", STRICT).close()
    searched = []

    def search(*given: Any) -> NearPairs:
        searched.append(given)
        return find_near_pairs(*given)

    monkeypatch.setattr("indexer.build.decision.find_near_pairs", search)
    restage(tmp_path / "c", STRICT.changed(["duplicate.cosine=0.88"])).close()
    assert len(searched) == 1


def test_the_same_settings_are_nothing_to_do(tmp_path: Path) -> None:
    made(tmp_path / "c", LAX).close()
    before = (tmp_path / "c" / "manifest.json").stat().st_mtime_ns

    class Listening(Progress):
        complete = False

        def already_complete(self) -> None:
            self.complete = True

    heard = Listening()
    restage(tmp_path / "c", LAX, heard).close()
    assert heard.complete
    assert (tmp_path / "c" / "manifest.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("what", ["stage duplicate", "copying tables", "writing tables", "indexing captions"])
def test_a_run_that_is_stopped_leaves_the_catalogue_as_it_was(what: str, tmp_path: Path) -> None:
    with made(tmp_path / "c", STRICT) as catalogue:
        before = content(catalogue)

    class Stops(Progress):
        def phase(self, what_: str, total: int | None = None, unit: str = "samples") -> None:
            if what_ == what:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restage(tmp_path / "c", LAX, Stops())
    with Catalogue.open(tmp_path / "c") as catalogue:
        assert content(catalogue) == before
    with restage(tmp_path / "c", LAX) as changed, made(tmp_path / "fresh", LAX) as fresh:
        assert changed.manifest == fresh.manifest
    assert not (tmp_path / ".c.building").exists()


def test_a_reader_goes_on_with_the_catalogue_it_opened(tmp_path: Path) -> None:
    with made(tmp_path / "c", NONE) as reader:
        kept = reader.connect().execute("SELECT count(*) FROM samples WHERE stage = 'kept'").fetchall()
        restage(tmp_path / "c", STRICT).close()
        assert (
            reader.connect().execute("SELECT count(*) FROM samples WHERE stage = 'kept'").fetchall() == kept
        )


def test_what_is_no_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        restage(tmp_path / "nothing", NONE)
