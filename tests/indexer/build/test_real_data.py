"""Indexing real images and tables; the encoder is a small one, for this is not about vectors."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.build import BuildOptions, build
from indexer.catalogue import Catalogue
from indexer.sources import SourceOptions, find_shards
from tests.indexer.build.world import ColourEncoder


def index(paths: list[str], out: Path, sources: SourceOptions | None = None) -> Catalogue:
    sources = sources or SourceOptions()
    return build(
        find_shards(paths, sources), ColourEncoder(), out, BuildOptions(sources=sources), paths=paths
    )


def test_shards_interrupted_in_the_middle_end_up_complete(realdata: Path, tmp_path: Path) -> None:
    paths = [str(realdata / "aid-rsicd" / "aid-train-{0000..0003}.tar")]

    def stop(count: int) -> None:
        if count == 40:
            raise KeyboardInterrupt

    shards = find_shards(paths, SourceOptions())
    with pytest.raises(KeyboardInterrupt):
        build(shards, ColourEncoder(stop), tmp_path / "disturbed", paths=paths)
    disturbed = build(shards, ColourEncoder(), tmp_path / "disturbed", paths=paths)
    assert disturbed.manifest.samples == 7946
    assert disturbed.manifest.vectors == 7946
    assert disturbed.manifest == index(paths, tmp_path / "undisturbed").manifest


def test_coordinates_in_file_names_land_near_houston(realdata: Path, tmp_path: Path) -> None:
    sources = SourceOptions(coordinates_pattern="lon_lat", class_from_folder=True)
    with index([str(realdata / "hurricane")], tmp_path / "out", sources) as catalogue:
        counts = catalogue.connect().execute(
            """
            SELECT class, count(*), count(DISTINCT key), count(*) FILTER (geo_tier = 'point'
                AND latitude BETWEEN 28 AND 31 AND longitude BETWEEN -98 AND -93)
            FROM samples GROUP BY class ORDER BY class
            """
        )
        found = counts.fetchall()
    assert [label for label, *_ in found] == ["bad_images", "damage", "no_damage"]
    assert all(samples == keys == near for _, samples, keys, near in found)
    assert sum(samples for _, samples, *_ in found) == sum(
        1 for path in (realdata / "hurricane").rglob("*") if path.is_file()
    )


def test_captions_without_images_are_taken_apart(realdata: Path, tmp_path: Path) -> None:
    with index([str(realdata / "rs5m" / "rs3_dump.csv")], tmp_path / "out") as catalogue:
        assert (catalogue.manifest.samples, catalogue.manifest.vectors) == (10_000, 0)
        found = catalogue.connect().execute(
            """
            SELECT source, count(*), count(meta_caption), count(utm_zone), count(utm_band), count(gsd_m)
            FROM samples GROUP BY source ORDER BY source
            """
        )
        assert found.fetchall() == [
            ("BigEarthNet", 1724, 1724, 1724, 0, 0),
            ("FMoW", 3469, 3469, 3469, 3469, 3469),
            ("MillionAID", 4807, 0, 0, 0, 0),
        ]
