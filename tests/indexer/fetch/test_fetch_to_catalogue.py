"""From raw lists to a catalogue: every row is counted, every address has its end on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build import BuildOptions, build
from indexer.build.restage import restage
from indexer.catalogue import Catalogue
from indexer.fetch import FetchOptions, FetchSettings, fetch
from indexer.lists import filter_lists
from indexer.sources import find_shards
from indexer.stages import Pipeline
from tests.indexer.build.world import ColourEncoder
from tests.indexer.fetch.misbehaving import Misbehaving

PIPELINE = Pipeline.of({"download": {}, "invalid": {}, "duplicate": {}})
ROWS = {
    "good/1": "an aerial view of a port",
    "good/2": "Landsat scene of a delta",
    "404/3": "satellite image of a town",
    "html/4": "aerial photo of a bridge",
    "good/1 again": "the same aerial view",
    "good/6": "a dog in the snow",
    "good/7": None,
}


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Shards of the survivors of a list of seven rows."""
    folder = tmp_path_factory.mktemp("fetched")
    with Misbehaving() as server:
        lines = [f"{server.url('/' + path.split()[0])},{caption or ''}" for path, caption in ROWS.items()]
        (folder / "coyo_0001.csv").write_text("\n".join(["url,text", *lines, ""]))
        filter_lists([str(folder / "coyo_0001.csv")], folder / "filtered")
        settings = FetchSettings(interval=0, backoff=0.01, attempts=1, allow_private=True)
        fetch([str(folder / "filtered")], folder / "shards", FetchOptions(settings=settings))
    yield folder / "shards"


def made(shards: Path, out: Path) -> Catalogue:
    paths = [str(shards)]
    options = BuildOptions(workers=1, stages=PIPELINE)
    return build(find_shards(paths, options.sources), ColourEncoder(), out, options, paths=paths)


def ends(catalogue: Catalogue) -> dict[str, tuple[str, str | None]]:
    """Caption to stage and reason."""
    query = "SELECT caption, samples.stage, reason FROM samples LEFT JOIN ledger USING (id)"
    rows = catalogue.connect().execute(query).fetchall()
    return {caption: (stage, reason) for caption, stage, reason in rows}


def test_what_could_not_be_fetched_is_in_the_ledger_with_its_reason(fetched: Path, tmp_path: Path) -> None:
    with made(fetched, tmp_path / "catalogue") as catalogue:
        found = ends(catalogue)

    assert found["satellite image of a town"] == ("download", "http_404")
    assert found["aerial photo of a bridge"] == ("download", "not_an_image")
    stages = sorted(stage for stage, _ in found.values())
    assert stages == ["download", "download", "duplicate", "kept", "kept"]


def test_the_catalogue_knows_how_many_rows_had_no_keyword(fetched: Path, tmp_path: Path) -> None:
    with made(fetched, tmp_path / "catalogue") as catalogue:
        assert catalogue.manifest.reports["keyword"] == {"lists": {"COYO700M": {"read": 7, "kept": 5}}}
        path = catalogue.path

    with restage(path, Pipeline.of({"keyword": {}, "download": {}})) as again:
        assert again.manifest.reports["keyword"] == {
            "lists": {"COYO700M": {"read": 7, "kept": 5}},
            "removed": 0,
        }


def test_a_file_of_that_name_that_is_no_report_is_let_be(fetched: Path, tmp_path: Path) -> None:
    shards = tmp_path / "shards"
    shards.mkdir()
    for path in fetched.glob("0*"):
        (shards / path.name).write_bytes(path.read_bytes())
    (shards / "filter.json").write_text('{"kernel": "gauss"}')

    with made(shards, tmp_path / "catalogue") as catalogue:
        assert "keyword" not in catalogue.manifest.reports
        assert catalogue.manifest.samples == 5
