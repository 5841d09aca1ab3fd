"""`rs5m index` and `rs5m info`, as a person types them."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from app.cli import COMMANDS, main
from app.cli.progress import show_progress
from indexer.build.options import default_workers
from tests.indexer.build.world import ColourEncoder, colours, picture

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def rs5m(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `rs5m` with a small encoder; returns exit status, stdout and stderr."""
    monkeypatch.setattr("indexer.build.run.open_encoder", lambda *_: ColourEncoder())

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rs5m", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        status = ended.value.code
        assert isinstance(status, int)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder of 12 images, one of them empty, two of them equal."""
    folder = tmp_path / "images"
    folder.mkdir()
    pictures = [picture(colour) for colour in colours(12)]
    pictures[4] = b""
    pictures[7] = pictures[2]
    for number, content in enumerate(pictures):
        (folder / f"{number:02d}.png").write_bytes(content)
    return folder


def test_rs5m_alone_says_what_to_do_next(rs5m: Run) -> None:
    status, out, _ = rs5m()
    assert status == 0
    assert "rs5m demo --serve" in out
    assert "rs5m index SOURCE... --out CATALOGUE" in out


def test_help_lists_every_command_without_importing_any() -> None:
    script = (
        "import sys; sys.argv = ['rs5m', '--help']\n"
        "from app.cli import main\n"
        "try: main()\n"
        "except SystemExit: print([name for name in ('duckdb', 'torch', 'fastapi') if name in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout
    assert printed.splitlines()[-1] == "[]"
    for command, says in COMMANDS.items():
        assert f"{command} " in printed
        assert says in printed


def test_index_says_what_it_made_and_what_to_type_next(rs5m: Run, images: Path, tmp_path: Path) -> None:
    out = tmp_path / "catalogue"
    status, printed, _ = rs5m("index", images, "--out", out)
    assert status == 0
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    assert "samples read 12" in lines
    assert "removed: invalid (zero_bytes) 1" in lines
    assert "removed: duplicate (same_bytes) 1" in lines
    assert "kept 10" in lines
    assert lines[-1].endswith(f"Next: rs5m serve {out}")


def test_the_same_command_again_has_nothing_to_do(rs5m: Run, images: Path, tmp_path: Path) -> None:
    rs5m("index", images, "--out", tmp_path / "catalogue")
    status, printed, _ = rs5m("index", images, "--out", tmp_path / "catalogue")
    assert status == 0
    assert "is complete already" in printed


def test_info_tells_the_same_numbers_to_people_and_to_scripts(
    rs5m: Run, images: Path, tmp_path: Path
) -> None:
    out = tmp_path / "catalogue"
    rs5m("index", images, "--out", out, "--source", "Mine", "--subset", "Ours", "--stages", "none")
    status, printed, _ = rs5m("info", out, "--json")
    facts = json.loads(printed)
    assert status == 0
    assert (facts["samples"], facts["kept"], facts["vectors"]) == (12, 11, 11)
    assert facts["sources"] == [{"source": "Mine", "subset": "Ours", "samples": 12, "kept": 11}]
    assert facts["removed"] == [{"stage": "invalid", "reason": "zero_bytes", "count": 1}]
    assert facts["inputs"] == [str(images)]
    assert facts["sizes"]["catalogue.duckdb"] == (out / "catalogue.duckdb").stat().st_size

    status, printed, _ = rs5m("info", out)
    assert status == 0
    assert "12, kept 11, with vector 11" in printed
    assert "sources.source Mine" in printed
    assert "zero_bytes" in printed


def test_coordinates_come_from_names_when_asked_for(rs5m: Run, tmp_path: Path) -> None:
    folder = tmp_path / "chips"
    for where in ("damage", "no_damage"):
        (folder / where).mkdir(parents=True)
        (folder / where / "-95.5_29.75.png").write_bytes(picture((len(where), 0, 0)))
    out = tmp_path / "catalogue"
    status, _, _ = rs5m(
        "index", folder, "--out", out, "--coordinates-from-name", "lon_lat", "--class-from-folder"
    )
    assert status == 0
    _, printed, _ = rs5m("info", out, "--json")
    assert json.loads(printed)["geo_tiers"] == {"point": 2}


def test_metadata_files_are_joined_and_counted(rs5m: Run, tmp_path: Path) -> None:
    table = tmp_path / "captions.csv"
    table.write_text("img_name,text\nfmow_a_1.jpg,port\nfmow_b_2.jpg,forest\n")
    geometa = tmp_path / "geometa.csv"
    geometa.write_text(
        "img_name,geometa_cap,country,month,latitude,longitude,utm\n"
        "a_1.jpg,cap,FRA,5,48.1,2.2,31U\nc_3.jpg,cap,ITA,6,41.9,12.5,33T\n"
    )
    out = tmp_path / "catalogue"
    status, printed, _ = rs5m("index", table, "--out", out, "--join", geometa)
    assert status == 0
    assert "1 of 2 rows joined, 1 not" in printed
    _, printed, _ = rs5m("info", out, "--json")
    facts = json.loads(printed)
    assert facts["geo_tiers"] == {"none": 1, "point": 1}
    assert [(join["rows"], join["joined"]) for join in facts["joins"]] == [(2, 1)]


def prepare_wrong(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{tmp}/nowhere", "--out", "{tmp}/out"], "nowhere"),
        (["{tmp}/empty", "--out", "{tmp}/out"], "empty"),
        (["{images}", "--out", "{tmp}/full"], "holds other things, such as thesis.txt"),
        (["{images}", "--out", "{tmp}/file"], "is a file"),
        (["{images}", "--out", "{tmp}/out", "--stages", "nope"], "there is no stage 'nope'"),
        (["{images}", "--out", "{tmp}/out", "--join", "{tmp}/gone.csv"], "gone.csv"),
        (["{images}", "--out", "{tmp}/out", "--caption-origin", "cat"], "'cat' is no caption origin"),
        (["{images}", "--out", "{tmp}/out", "--workers", "0"], "workers is 0"),
    ],
)
def test_mistakes_are_one_line_that_says_what_to_do(
    rs5m: Run, images: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    prepare_wrong(tmp_path)
    status, _, err = rs5m("index", *(part.format(tmp=tmp_path, images=images) for part in arguments))
    assert status == 1
    assert message in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_an_unknown_encoder_is_one_line(images: Path, tmp_path: Path) -> None:
    script = "from app.cli import main; main()"
    command = [sys.executable, "-c", script, "index", images, "--out", tmp_path / "out", "--encoder", "nope"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "nope" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    "arguments", [["index"], ["index", "x"], ["index", "x", "--out", "y", "--nope"], ["nope"]]
)
def test_wrong_usage_exits_with_2(rs5m: Run, arguments: list[str]) -> None:
    status, _, err = rs5m(*arguments)
    assert status == 2
    assert "Error" in err


SLOW_RUN = """
import time
import indexer.build.run
from app.cli import main
from tests.indexer.build.world import ColourEncoder
indexer.build.run.open_encoder = lambda *_: ColourEncoder(lambda count: time.sleep(0.3))
main()
"""


def test_ctrl_c_ends_cleanly_and_the_run_goes_on(images: Path, tmp_path: Path) -> None:
    arguments = ["index", str(images), "--out", str(tmp_path / "out"), "--batch-size", "1"]
    command = [sys.executable, "-c", SLOW_RUN, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    while not (tmp_path / "out" / "parts").exists():
        assert run.poll() is None
        time.sleep(0.02)
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert out.splitlines()[-1] == "interrupted; run the same command to go on"
    assert err == ""
    again = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    assert "Next: rs5m serve" in again.stdout


def test_a_run_stopped_while_putting_together_says_what_it_goes_on_with(
    rs5m: Run, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("indexer.build.assemble.write_orders", interrupted)
        status, printed, _ = rs5m("index", images, "--out", tmp_path / "out")
    assert status == 130
    assert "run the same command to go on" in printed
    status, printed, _ = rs5m("index", images, "--out", tmp_path / "out")
    assert status == 0
    assert "going on: vectors, scores, tables done; left: orders, caption index, vector index" in printed
    assert "writing tables" not in printed

    _, printed, _ = rs5m("info", tmp_path / "out")
    assert re.search(r"put together +vectors [\d.]+ s, memory up to [\d,]+ MB", printed)


def test_a_long_phase_tells_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    console = Console(file=io.StringIO(), width=200)
    with show_progress(console) as progress:
        progress.phase("writing tables", 5_000_000)
        now += 5
        progress.reached(500_000)
        now += 15
        progress.reached(2_000_000)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines() == [
        "writing tables",
        "writing tables: 2,000,000 of 5,000,000 samples, 100,000/s, 0:00:30 left",
    ]


def test_the_default_number_of_workers_fits_the_machine() -> None:
    assert 1 <= default_workers() <= 4


def test_the_summary_counts_the_templates_that_were_taken_apart(rs5m: Run, tmp_path: Path) -> None:
    template = (
        "passing over Turin, Italy in its Winter, the camera saw stadium at the center. the ground sample "
        "distance is 2.60m. it lies in utm zone 32T, taken at 13 o'clock, August 9, 2016. target azimuth: 31."
    )
    rows = [
        ("fmow_1.jpg", template),
        ("fmow_2.jpg", template),
        ("fmow_3.jpg", "a stadium"),
        ("sbu_4.jpg", "x"),
    ]
    lines = [f'{name},"{caption}"' for name, caption in rows]
    (tmp_path / "table.csv").write_text("\n".join(["file_name,caption", *lines]) + "\n", encoding="utf-8")

    status, out, _ = rs5m(
        "index", tmp_path / "table.csv", "--out", tmp_path / "catalogue", "--stages", "none"
    )

    assert status == 0
    assert re.search(r"template captions +2 taken apart, 1 not", out)


def test_a_terminal_shows_steps_of_a_command_that_reads_no_shards() -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100)
    with show_progress(console) as progress:
        progress.phase("deciding", 1000)
        progress.reached(250)
        progress.phase("writing tables")

    assert "deciding" in written.getvalue()
    assert "writing tables" in written.getvalue()
