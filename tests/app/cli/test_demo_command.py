"""`rs5m demo`: one command from nothing to a catalogue that can be searched."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from indexer.catalogue import FORMAT_VERSION, Catalogue
from indexer.demo.faults import DUPLICATES, NO_KEYWORD, NOT_UTF8, OFF_TOPIC, TRUNCATED, ZERO_BYTES
from indexer.demo.quotas import PUBLISHED, quotas

# Enough for every fault to be planted: they start at 100 web samples.
SAMPLES = 180


def rs5m_demo(out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    rs5m = Path(sys.executable).with_name("rs5m")
    command = [rs5m, "demo", "--samples", str(SAMPLES), "--out", str(out), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "world"
    done = rs5m_demo(out)
    assert done.returncode == 0, done.stderr
    assert f"Next: rs5m serve {out / 'catalogue'}" in done.stdout.splitlines()[-1]
    return out


def test_places_that_captions_name_are_found_too(out: Path) -> None:
    with Catalogue.open(out / "catalogue") as catalogue:
        assert len(catalogue.named_places.ids) > 20


def test_the_catalogue_holds_the_world_with_its_sources_and_metadata(out: Path) -> None:
    with Catalogue.open(out / "catalogue") as catalogue:
        rows = (
            catalogue.connect().execute("SELECT source, subset, latitude, utm_zone FROM samples").fetchall()
        )
        joins = catalogue.manifest.joins
    expected = {source: count for source, count in quotas(SAMPLES).items() if count}
    assert Counter(source for source, *_ in rows) == expected
    for source, subset, latitude, zone in rows:
        assert PUBLISHED[source][0] == subset
        assert (latitude is not None) == (source in ("FMoW", "YFCC15M"))
        assert (zone is not None) == (source in ("FMoW", "BigEarthNet") or latitude is not None)
    assert joins
    assert all(join["not_joined"] == 0 for join in joins)


def test_each_stage_removes_what_was_planted_for_it(out: Path) -> None:
    with (out / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named: dict[str, list[str]] = {}
    for row in rows:
        named.setdefault(row["fault"], []).append(row["name"])
    pairs = [{row["name"], row["of"]} for row in rows if row["fault"] in DUPLICATES]
    with Catalogue.open(out / "catalogue") as catalogue:
        stages = dict(catalogue.connect().execute("SELECT name, stage FROM samples").fetchall())
    removed: dict[str, set[str]] = {}
    for name, stage in stages.items():
        removed.setdefault(stage, set()).add(name)

    assert removed["invalid"] == {*named[TRUNCATED], *named[ZERO_BYTES]}
    assert removed["keyword"] >= set(named[NO_KEYWORD])
    assert len(removed["duplicate"]) == len(pairs) > 0
    assert all(len(pair & removed["duplicate"]) == 1 for pair in pairs)
    assert removed["kept"] >= set(named[NOT_UTF8])
    scored = removed.get("vlm", set()) | removed.get("detector", set())
    assert scored | removed["keyword"] == {*named[NO_KEYWORD], *named[OFF_TOPIC]}
    assert scored


def test_a_second_run_draws_and_indexes_nothing(out: Path) -> None:
    manifest = out / "catalogue" / "manifest.json"
    before = manifest.stat().st_mtime_ns
    done = rs5m_demo(out)
    assert done.returncode == 0, done.stderr
    assert ", 0 drawn now" in done.stdout
    assert manifest.stat().st_mtime_ns == before


def test_a_catalogue_of_another_format_is_built_anew(tmp_path: Path) -> None:
    out = tmp_path / "world"
    assert rs5m_demo(out).returncode == 0
    manifest = out / "catalogue" / "manifest.json"
    now = manifest.read_text("utf-8")
    manifest.write_text(now.replace(f'"version": {FORMAT_VERSION}', '"version": 1'), "utf-8")

    done = rs5m_demo(out)

    assert done.returncode == 0, done.stderr
    assert manifest.read_text("utf-8") == now


def test_another_seed_replaces_world_and_catalogue(tmp_path: Path) -> None:
    assert rs5m_demo(tmp_path / "world").returncode == 0
    with Catalogue.open(tmp_path / "world" / "catalogue") as catalogue:
        first = catalogue.manifest.catalogue_id
    done = rs5m_demo(tmp_path / "world", "--seed", "1")
    assert done.returncode == 0, done.stderr
    with Catalogue.open(tmp_path / "world" / "catalogue") as catalogue:
        assert catalogue.manifest.catalogue_id != first


def test_a_catalogue_of_something_else_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "catalogue" / "manifest.json"
    mine.parent.mkdir()
    mine.write_text("mine")
    done = rs5m_demo(tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "--out" in done.stderr
    assert mine.read_text() == "mine"


def test_impossible_sizes_are_one_line(tmp_path: Path) -> None:
    done = rs5m_demo(tmp_path, "--samples", "3")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: A demo world of 3 samples")
    assert "Traceback" not in done.stderr
