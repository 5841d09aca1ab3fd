"""A million real places: those of YFCC and of the hurricane chips again and again, each a little aside."""

from __future__ import annotations

import csv
import gzip
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from indexer.errors import UserError

Places = NDArray[np.float64]
"""(latitude, longitude) of each, float64 (n, 2)."""

_SCENES = ("airport", "crop_field", "dam", "flooded_road", "port", "stadium", "wind_farm")
# FMoW looks at a few thousand places again and again: centres, and how far around them it does, in degrees.
_CENTRES, _CLUSTER_DEG = 2_000, 0.03
_YFCC_DEG, _HURRICANE_DEG = 0.02, 0.002


def real_places(data: Path) -> tuple[Places, Places]:
    """The places of `yfcc-geo` and of `hurricane` below `data`.

    Raises:
        UserError: they are not there.
    """
    tables = sorted((data / "yfcc-geo").glob("*.csv.gz"))
    chips = sorted((data / "hurricane").glob("*/*.jpeg"))
    if not tables or not chips:
        raise UserError(f"{data} has no yfcc-geo and hurricane folders.", "Name the folder with real data.")
    with gzip.open(tables[0], "rt", encoding="utf-8", newline="") as file:
        yfcc = [(float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)]
    named = [re.match(r"(-?[\d.]+)_(-?[\d.]+)\.", chip.name) for chip in chips]
    return np.array(yfcc), np.array([(float(m[2]), float(m[1])) for m in named if m])


def spread(data: Path, number: int, seed: int = 5) -> Places:
    """`number` places: half of them YFCC's, a tenth around Houston, the rest in clusters like FMoW's."""
    random = np.random.default_rng(seed)
    yfcc, hurricane = real_places(data)
    shares = (number // 2, number // 10, number - number // 2 - number // 10)
    centres = yfcc[random.integers(0, len(yfcc), _CENTRES)]
    weights = random.lognormal(0, 1.5, _CENTRES)
    chosen = random.choice(_CENTRES, shares[2], p=weights / weights.sum())
    found = np.concatenate(
        [
            yfcc[random.integers(0, len(yfcc), shares[0])] + random.normal(0, _YFCC_DEG, (shares[0], 2)),
            hurricane[random.integers(0, len(hurricane), shares[1])]
            + random.normal(0, _HURRICANE_DEG, (shares[1], 2)),
            centres[chosen] + random.normal(0, _CLUSTER_DEG, (shares[2], 2)),
        ]
    )
    found[:, 0] = np.clip(found[:, 0], -90, 90)
    found[:, 1] = (found[:, 1] + 180) % 360 - 180
    return found.round(6)


def catalogue_of(places: Places, folder: Path) -> Path:
    """A catalogue of captions at `places`, in `folder`; made by the command line, once."""
    made = folder / "catalogue"
    if made.exists():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    scenes = [_SCENES[number % len(_SCENES)] for number in range(len(places))]
    table = {
        "file_name": [f"{number:07d}" for number in range(len(places))],
        "caption": [f"a satellite image of a {scene.replace('_', ' ')}" for scene in scenes],
        "class": scenes,
        "latitude": places[:, 0],
        "longitude": places[:, 1],
    }
    pq.write_table(pa.table(table), folder / "points.parquet")
    command = [sys.executable, "-m", "app.cli", "index", str(folder / "points.parquet"), "--stages", "none"]
    done = subprocess.run(
        [*command, "--source", "places", "--out", str(made)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UserError(f"indexing the places failed: {done.stderr.strip()[-300:]}")
    return made
