"""Looking for places in a catalogue: what is written, what stays as it was, and runs that are stopped."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from indexer.build import BuildOptions, index
from indexer.build.restage import restage
from indexer.catalogue import Catalogue
from indexer.catalogue.layout import DERIVED, NAMED_PLACES
from indexer.counting import Counting
from indexer.errors import UserError
from indexer.gazetteer.run import name_places
from indexer.stages import Pipeline
from tests.catalogues import make_catalogue

ROWS = [
    {"name": "laion2b_0.jpg", "source": "LAION2B", "caption": "an aerial view of Houston, Texas"},
    {"name": "laion2b_1.jpg", "source": "LAION2B", "caption": "a river"},
    {"name": "laion2b_2.jpg", "source": "LAION2B", "caption": None},
    {"name": "laion2b_3.jpg", "source": "LAION2B", "caption": "Nice map of Chad"},
    {"name": "laion2b_4.jpg", "source": "LAION2B", "caption": "a port", "entities": ["Rotterdam"]},
]
ENTITIES = [
    ("laion2b_0.jpg", "['Houston', 'Texas']"),
    ("laion2b_1.jpg", "['San Francisco', 'Mordor']"),
    ("laion2b_3.jpg", "['Nice', 'Chad']"),
    ("laion2b_99.jpg", "['Paris']"),
    ("laion2b_2.jpg", "[__import__('os').remove('x')]"),
]


@pytest.fixture(autouse=True)
def _few_cities(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.gazetteer.run.SMALLEST_CITY", 15_000)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    make_catalogue(tmp_path / "c", ROWS).close()
    return tmp_path / "c"


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    path = tmp_path / "pub11_NER_geolocation_info.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows(
            [("img_name", "text", "entity"), *((name, "x", entity) for name, entity in ENTITIES)]
        )
    return path


def hashes(catalogue: Path) -> dict[str, str]:
    return {
        str(path.relative_to(catalogue)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(catalogue.rglob("*"))
        if path.is_file()
    }


def mentions(path: Path) -> dict[int, list[tuple[str, str, int, str]]]:
    with Catalogue.open(path) as catalogue:
        named = catalogue.named_places
        return {
            int(id_): [(one.mention, one.kind, one.rank, one.origin) for one in named.of(int(id_))]
            for id_ in named.ids
        }


def test_places_are_a_file_of_their_own_and_nothing_else_changes(catalogue: Path) -> None:
    before = hashes(catalogue)
    report = name_places(catalogue)
    after = hashes(catalogue)
    assert set(after) - set(before) == {NAMED_PLACES}
    assert {name: after[name] for name in before} == before
    assert (report.captions, report.named) == (4, 3)
    assert report.kinds == {"city": 2, "region": 1, "country": 1}
    assert mentions(catalogue) == {
        0: [("Houston", "city", 0, "gazetteer"), ("Texas", "region", 1, "gazetteer")],
        3: [("Chad", "country", 0, "gazetteer")],
        4: [("Rotterdam", "city", 0, "upstream")],
    }


def test_the_same_run_writes_the_same_bytes(catalogue: Path) -> None:
    name_places(catalogue)
    first = hashes(catalogue)
    name_places(catalogue)
    assert hashes(catalogue) == first


def test_entities_of_upstream_are_added_and_every_row_is_accounted_for(
    catalogue: Path, upstream: Path
) -> None:
    report = name_places(catalogue, upstream)
    assert mentions(catalogue)[1] == [("San Francisco", "city", 0, "upstream")]
    assert mentions(catalogue)[0] == [
        ("Houston", "city", 0, "gazetteer"),
        ("Texas", "region", 1, "gazetteer"),
    ]
    assert mentions(catalogue)[3] == [("Nice", "city", 0, "upstream"), ("Chad", "country", 1, "gazetteer")]
    assert (report.entities, report.resolved, report.added) == (7, 6, 3)
    assert report.upstream is not None
    assert (report.upstream.rows, report.upstream.joined, report.upstream.not_joined) == (5, 4, 1)
    assert report.upstream.notes == ("1 row: entity is no list of names; left out",)


def test_a_file_of_another_kind_is_refused_before_anything_is_written(
    catalogue: Path, tmp_path: Path
) -> None:
    other = tmp_path / "ratings.csv"
    other.write_text("image_path,fluency\na.jpg,5\n")
    with pytest.raises(UserError, match="is a file of ratings, not of place names"):
        name_places(catalogue, other)
    assert not (catalogue / DERIVED).exists()


class Stops(Counting):
    def reached(self, done: int, note: str = "") -> None:
        raise KeyboardInterrupt


def test_a_run_that_is_stopped_leaves_what_was_there(
    catalogue: Path, upstream: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.gazetteer.run._STRETCH", 2)
    before = hashes(catalogue)
    with pytest.raises(KeyboardInterrupt):
        name_places(catalogue, counting=Stops())
    assert hashes(catalogue) == before
    name_places(catalogue)
    whole = hashes(catalogue)
    with pytest.raises(KeyboardInterrupt):
        name_places(catalogue, upstream, Stops())
    assert hashes(catalogue) == whole


def test_progress_counts_all_samples(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.gazetteer.run._STRETCH", 2)
    heard: list[int] = []

    class Listens(Counting):
        def reached(self, done: int, note: str = "") -> None:
            heard.append(done)

    name_places(catalogue, counting=Listens())
    assert heard == [2, 4, 5]


def test_a_catalogue_without_samples_names_nothing(tmp_path: Path) -> None:
    make_catalogue(tmp_path / "c", []).close()
    assert name_places(tmp_path / "c").named == 0
    assert mentions(tmp_path / "c") == {}


def test_other_stages_carry_the_places_on(tmp_path: Path) -> None:
    table = tmp_path / "captions.csv"
    table.write_text('name,caption\na.jpg,"Houston, Texas"\nb.jpg,a river\n')
    index([str(table)], tmp_path / "c", BuildOptions(stages=Pipeline.named())).close()
    name_places(tmp_path / "c")
    before = mentions(tmp_path / "c")
    with restage(tmp_path / "c", Pipeline.named("keyword")) as changed:
        assert changed.named_places.note is not None
        assert changed.named_places.note["catalogue_id"] == changed.manifest.catalogue_id
    assert mentions(tmp_path / "c") == before
    # And the same `rs5m index` command finds its catalogue complete, places and all.
    restage(tmp_path / "c", Pipeline.named()).close()
    index([str(table)], tmp_path / "c", BuildOptions(stages=Pipeline.named())).close()
    assert mentions(tmp_path / "c") == before


def test_building_anew_leaves_no_places_of_other_captions(tmp_path: Path) -> None:
    table = tmp_path / "captions.csv"
    table.write_text("name,caption\na.jpg,Houston\n")
    index([str(table)], tmp_path / "c").close()
    name_places(tmp_path / "c")
    table.write_text("name,caption\na.jpg,a river\n")
    index([str(table)], tmp_path / "c", BuildOptions(overwrite=True)).close()
    assert mentions(tmp_path / "c") == {}
