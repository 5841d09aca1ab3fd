"""The wheel is whole: it serves pages from a folder that has no checkout around it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    return unpacked


def run_in_wheel(unpacked: Path, code: str, folder: Path) -> str:
    """Run `code` with the wheel's packages first on the path, outside the checkout."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_carries_pages_assets_and_weights(unpacked_wheel: Path) -> None:
    bundle = unpacked_wheel / "app" / "_bundle"
    for name in ("templates/base.html", "static/vendor/htmx.min.js", "static/vendor/leaflet/leaflet.js"):
        assert (bundle / name).is_file(), name
    weights = list((unpacked_wheel / "indexer" / "encoders" / "embedded").glob("*.safetensors"))
    assert len(weights) == 1
    assert weights[0].stat().st_size <= 16 * 2**20
    assert (unpacked_wheel / "indexer" / "detector" / "heads" / "embedded.json").is_file()


def test_wheel_serves_its_own_pages(unpacked_wheel: Path, tmp_path: Path) -> None:
    captions = tmp_path / "captions.csv"
    captions.write_text("name,caption\na.jpg,a harbour with boats\nb.jpg,an airport\n", encoding="utf-8")
    code = """
import app, sys
from fastapi.testclient import TestClient
from app.main import create_app
from indexer.build import BuildOptions, index
from indexer.catalogue import Catalogue
from pathlib import Path
index(["captions.csv"], Path("catalogue"), BuildOptions())
with TestClient(create_app(Catalogue.open(Path("catalogue"))), base_url="http://127.0.0.1:8000") as client:
    print(app.__file__)
    print(client.get("/captions").status_code, client.get("/static/vendor/htmx.min.js").status_code)
"""
    location, page, asset = run_in_wheel(unpacked_wheel, code, tmp_path).split()[-3:]
    assert Path(location).is_relative_to(unpacked_wheel)
    assert (page, asset) == ("200", "200")
