"""`rs5m synth`: a catalogue to measure with, made, interrupted and asked."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.catalogue import Catalogue

RS5M = Path(sys.executable).with_name("rs5m")
# More shards than workers, so that an interruption finds some of them made and some not.
MANY = ("--rows", "50000", "--dimension", "16")


def rs5m(*options: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([RS5M, *map(str, options)], capture_output=True, text=True, check=False)


def interrupted(out: Path, how: signal.Signals) -> subprocess.Popen[str]:
    """A run that got the signal `how` when its first part was there."""
    command = [RS5M, "synth", *MANY, "--out", out]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        while not list(out.glob("parts/*.parquet")):
            assert run.poll() is None
            time.sleep(0.02)
        run.send_signal(how)
        run.wait(60)
    return run


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("synth") / "catalogue"
    done = rs5m("synth", "--rows", 3000, "--dimension", 64, "--seed", 3, "--out", out)
    assert done.returncode == 0, done.stderr
    assert f"Next: rs5m serve {out}" in done.stdout.splitlines()[-1]
    return out


def test_the_catalogue_says_how_it_was_drawn(out: Path) -> None:
    with Catalogue.open(out) as catalogue:
        manifest = catalogue.manifest
    assert manifest.samples == 3000
    assert manifest.inputs == ("synth --rows 3000 --dimension 64 --seed 3",)
    assert manifest.encoder["name"] == "synthetic-64-3"
    assert manifest.stages == ("keyword", "invalid", "duplicate", "vlm")


def test_every_stage_and_every_tier_has_its_rows(out: Path) -> None:
    with Catalogue.open(out) as catalogue:
        run = catalogue.connect()
        stages = dict(run.execute("SELECT stage, count(*) FROM samples GROUP BY 1").fetchall())
        tiers = dict(run.execute("SELECT geo_tier, count(*) FROM samples GROUP BY 1").fetchall())
        parsed = run.execute(
            """
            SELECT count(*), count(country), count(gsd_m), count(utm_band), count(class), count(latitude)
            FROM samples WHERE source = 'FMoW'
            """
        ).fetchall()[0]
    assert {"kept", "keyword", "duplicate"} <= stages.keys()
    assert tiers.keys() == {"point", "zone", "place", "none"}
    assert len(set(parsed)) == 1


def test_places_bring_the_same_facts_as_those_of_a_real_catalogue(out: Path) -> None:
    with Catalogue.open(out) as catalogue:
        found = catalogue.connect().execute(
            """
            SELECT source, geo_tier, geo_origin, point_kind,
                count(*) = count(mgrs), count(*) = count(utm_band)
            FROM samples WHERE source IN ('FMoW', 'BigEarthNet', 'YFCC15M', 'MillionAID') GROUP BY ALL
            """
        )
        facts = set(found.fetchall())
        countries = catalogue.connect().execute(
            "SELECT count(country_code) / count(*) FROM samples WHERE geo_tier = 'point'"
        )
        share = countries.fetchone()
        notes = catalogue.connect().execute("SELECT count(*) FROM ledger WHERE len(notes) > 0").fetchone()
    assert {
        ("FMoW", "point", "table", "corner", True, True),
        ("BigEarthNet", "zone", "caption", None, False, False),
        ("YFCC15M", "point", "table", None, True, True),
        ("MillionAID", "none", None, None, False, False),
    } <= facts
    assert {kind for source, _, _, kind, *_ in facts if source == "FMoW"} == {"corner"}
    assert share is not None
    assert share[0] > 0.95
    assert notes == (0,)


def test_words_find_what_they_name(out: Path) -> None:
    found = rs5m("search", out, "golf course", "-k", 5)
    assert found.returncode == 0, found.stderr
    assert found.stdout.count("golf") >= 3


def test_the_same_command_again_has_nothing_to_do(out: Path) -> None:
    again = rs5m("synth", "--rows", 3000, "--dimension", 64, "--seed", 3, "--out", out, "--workers", 1)
    assert again.returncode == 0
    assert "nothing to do" in again.stdout
    other = rs5m("synth", "--rows", 3000, "--dimension", 64, "--seed", 4, "--out", out)
    assert other.returncode == 1
    assert "is already a catalogue, made otherwise" in other.stderr


def test_an_interrupted_run_goes_on_and_gives_the_same_catalogue(tmp_path: Path) -> None:
    stopped = interrupted(tmp_path / "stopped", signal.SIGINT)
    assert stopped.returncode == 130
    assert interrupted(tmp_path / "killed", signal.SIGKILL).returncode == -signal.SIGKILL
    assert rs5m("synth", *MANY, "--out", tmp_path / "whole", "--workers", 1).returncode == 0

    identities = []
    for name in ("stopped", "killed", "whole"):
        done = rs5m("synth", *MANY, "--out", tmp_path / name)
        assert done.returncode == 0, done.stderr
        assert ("going on" in done.stdout) == (name != "whole")
        with Catalogue.open(tmp_path / name) as catalogue:
            identities.append(catalogue.manifest.catalogue_id)
    assert len(set(identities)) == 1


@pytest.mark.parametrize(
    ("options", "said"), [(("--rows", "0"), "rows"), (("--dimension", "3"), "dimension 3 is too small")]
)
def test_impossible_sizes_are_refused(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    refused = rs5m("synth", *options, "--out", tmp_path / "none")
    assert refused.returncode in (1, 2)
    assert said in refused.stderr
    assert not (tmp_path / "none").exists()
