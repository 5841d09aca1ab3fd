"""README and docs are run: every fenced block says how, and every link leads somewhere.

- ```sh: run in order, one shell per document, in a folder that holds the inputs of `prepare`;
- ```sh serve: started, asked for /healthz, stopped;
- ```sh make: every line is a target of the Makefile;
- ```python: run after the shell blocks, in the same folder.

Any other language is shown, not run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "benchmarks" / "README.md"])
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#)(?P<target>[^)#]+)")


@dataclass(frozen=True)
class Block:
    info: str
    body: str


def blocks(document: Path) -> list[Block]:
    text = document.read_text(encoding="utf-8")
    return [Block(m["info"].strip(), m["body"]) for m in FENCE.finditer(text)]


def jpeg(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).resize((96, 96)).save(buffer, "JPEG")
    return buffer.getvalue()


def write_tar(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, BytesIO(data))


def prepare(folder: Path) -> None:
    """The inputs that the documents talk about: `my-images`, `my-shards`, `my-chips` and two tables."""
    images = folder / "my-images"
    images.mkdir()
    lines = ["file_name,caption,latitude,longitude,country"]
    for number in range(6):
        (images / f"{number}.jpg").write_bytes(jpeg(number))
        lines.append(f"{number}.jpg,boats in harbour number {number},{50 + number},{3 + number},Belgium")
    (images / "metadata.csv").write_text("\n".join(lines), encoding="utf-8")

    shards = folder / "my-shards"
    shards.mkdir()
    for number in range(2):
        members: dict[str, bytes] = {}
        for row in range(3):
            name = f"fmow_airport_{number}_{row}_rgb.jpg"
            key = f"{number:04d}{row:05d}"
            members[f"{key}.img_name"] = name.encode()
            members[f"{key}.img_content"] = jpeg(10 * number + row)
            members[f"{key}.caption"] = b"an aerial view of an airport"
        write_tar(shards / f"rs3-train-{number:04d}.tar", members)

    coordinates = folder / "my-chips"
    coordinates.mkdir()
    for number in range(3):
        (coordinates / f"-95.{number}_29.7630{number}.jpeg").write_bytes(jpeg(100 + number))

    (folder / "my-table.csv").write_text(
        "name,caption\na.jpg,a harbour\nb.jpg,an airport\n", encoding="utf-8"
    )
    (folder / "pub11_NER_geolocation_info.csv").write_text(
        "img_name,text,entity\na.jpg,a harbour,\"['Rotterdam']\"\n", encoding="utf-8"
    )
    (folder / "fmow_geometa.csv").write_text(
        "img_name,geometa_cap,country,month,latitude,longitude,utm\n"
        "airport_0_0_rgb.jpg,meta,Belgium,6,50.9,4.5,31U\n",
        encoding="utf-8",
    )


def environment() -> dict[str, str]:
    scripts = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120"}


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"


def serve(command: str, folder: Path) -> None:
    """Start a serving block on a free port and expect a healthy answer."""
    port = 18000 + os.getpid() % 2000
    with subprocess.Popen(
        ["bash", "-c", f"exec {command.strip()} --port {port}"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
    ) as server:
        try:
            assert json.loads(first_answer(f"http://127.0.0.1:{port}/healthz", server))["status"] == "ok"
        finally:
            server.terminate()


def first_answer(url: str, server: subprocess.Popen[bytes]) -> bytes:
    for _ in range(150):
        assert server.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bytes(answer.read())
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"no answer from {url}")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_block_runs(document: Path, tmp_path: Path) -> None:
    found = blocks(document)
    prepare(tmp_path)
    for block in found:
        if block.info == "sh":
            run(["bash", "-euo", "pipefail", "-c", block.body], tmp_path)
        elif block.info == "sh serve":
            serve(block.body, tmp_path)
        elif block.info == "python":
            run([sys.executable, "-c", block.body], tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for block in blocks(document):
        if block.info == "sh make":
            for line in block.body.strip().splitlines():
                word = line.split()
                assert word[0] == "make" and word[1] in targets, line


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for match in LINK.finditer(document.read_text(encoding="utf-8")):
        assert (document.parent / match["target"]).exists(), match["target"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_blocks_name_a_known_language(document: Path) -> None:
    known = {"sh", "sh serve", "sh make", "python", "text", "json", "sql", "toml", "dockerfile", "console"}
    assert {block.info for block in blocks(document)} <= known
