"""Real places on the map: the chips of a hurricane, and pictures from all over the world."""

from __future__ import annotations

import csv
import gzip
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.query import BBox, Near, Query, count, map_cells, search
from app.query.grid import Grid
from app.query.passing import passing
from indexer.catalogue import Catalogue

HOUSTON = (29.76, -95.37)


def index(out: Path, *arguments: str) -> Catalogue:
    command = [sys.executable, "-m", "app.cli", "index", *arguments, "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return Catalogue.open(out)


def rows_of(realdata: Path) -> list[tuple[str, float, float]]:
    """Name, latitude and longitude of each row of the table."""
    (packed,) = (realdata / "yfcc-geo").glob("*.csv.gz")
    with gzip.open(packed, "rt", encoding="utf-8", newline="") as file:
        return [
            (row["yfcc100m ID"], float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def hurricane(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    out = tmp_path_factory.mktemp("hurricane") / "catalogue"
    chips = str(realdata / "hurricane")
    with index(
        out, chips, "--coordinates-from-name", "lon_lat", "--class-from-folder", "--stages", "none"
    ) as made:
        yield made


@pytest.fixture(scope="module")
def yfcc(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder = tmp_path_factory.mktemp("yfcc")
    (packed,) = (realdata / "yfcc-geo").glob("*.csv.gz")
    with gzip.open(packed) as source, (folder / "yfcc.csv").open("wb") as target:
        shutil.copyfileobj(source, target)
    names = ("--name-column", "yfcc100m ID", "--caption-column", "label", "--stages", "none")
    with index(folder / "catalogue", str(folder / "yfcc.csv"), *names) as made:
        yield made


def test_the_chips_lie_around_houston(hurricane: Catalogue) -> None:
    every = count(hurricane, Query().filters)
    near = Query.from_params([("near", f"{HOUSTON[0]},{HOUSTON[1]},250")])

    assert every > 1900
    assert count(hurricane, near.filters) == every
    assert map_cells(hurricane, Query(), BBox(-98, 27, -92, 32), 7).in_view == every
    assert map_cells(hurricane, Query(), BBox(-90, 27, 170, 32), 3).in_view == 0


def test_before_and_after_are_neighbours_on_the_ground(hurricane: Catalogue) -> None:
    rows = hurricane.connect().execute("SELECT id, name, class, latitude, longitude FROM samples").fetchall()
    places: dict[tuple[float, float], dict[str, int]] = defaultdict(dict)
    for id_, _, class_, latitude, longitude in rows:
        places[latitude, longitude][class_] = id_
    pairs = {place: ids for place, ids in places.items() if {"damage", "no_damage"} <= set(ids)}

    assert len(pairs) > 700
    for (latitude, longitude), ids in list(pairs.items())[::7]:
        here = Query.from_params([("near", f"{latitude},{longitude},0.01")])
        assert {ids["damage"], ids["no_damage"]} <= set(passing(hurricane, here.filters).ids().tolist())
        beside = search(hurricane, here.with_(like=(ids["damage"],), k=5)).hits
        assert ids["no_damage"] in [hit.id for hit in beside]


def test_every_picture_lies_where_its_table_says(yfcc: Catalogue, realdata: Path) -> None:
    places = yfcc.places
    assert len(places.ids) == 36_143
    east = np.abs(places.longitude) > 175
    assert east.sum() == 141
    written = yfcc.connect().execute("SELECT name, latitude, longitude FROM samples ORDER BY id").fetchall()
    assert written == rows_of(realdata)

    # Those at the edge of the world, and some of the others, each in a view of its own.
    for place in [*np.flatnonzero(east), *range(0, len(places.ids), 400)]:
        latitude, longitude = float(places.latitude[place]), float(places.longitude[place])
        view = BBox.parse(f"{longitude - 0.001},{latitude - 0.001},{longitude + 0.001},{latitude + 0.001}")
        seen = map_cells(yfcc, Query(), view, 14)
        assert any(
            abs(point.latitude - latitude) < 1e-9 and abs(point.longitude - longitude) < 1e-9
            for point in seen.points
        )


def test_cells_over_the_antimeridian_hold_what_lies_on_both_sides(yfcc: Catalogue) -> None:
    view = BBox.parse("175,-60,185,70")
    places = yfcc.places
    numbers = Grid.of_view(view, 4).numbers(places)

    assert (numbers[np.abs(places.longitude) > 175] >= 0).sum() == (
        (np.abs(places.longitude) > 175) & (places.latitude > -60) & (places.latitude < 70)
    ).sum()
    assert map_cells(yfcc, Query(), view, 4).in_view == sum(
        map_cells(yfcc, Query(), BBox.parse(part), 4).in_view
        for part in ("175,-60,180,70", "-180,-60,-175,70")
    )


def test_a_circle_over_the_antimeridian_holds_both_sides(yfcc: Catalogue) -> None:
    circle = Near.parse("0,180,7000")
    held = passing(yfcc, Query.from_params([("near", str(circle))]).filters).ids()
    longitudes = yfcc.places.longitude[np.isin(yfcc.places.ids, held)]

    assert (longitudes > 160).any()
    assert (longitudes < -160).any()
    assert np.abs(longitudes).min() > 115
