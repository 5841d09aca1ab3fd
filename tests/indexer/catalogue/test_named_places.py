"""Reading places named in captions: a file beside a catalogue that may be missing, foreign or damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexer.catalogue import Catalogue
from indexer.catalogue.layout import NAMED_PLACES
from indexer.catalogue.named_places import PLACE_KINDS, NamedPlace, carry_named_places, schema
from indexer.errors import UserError
from tests.catalogues import make_catalogue

HOUSTON = NamedPlace(2, "Houston", "Houston", "city", 29.76, -95.36, "US", 0.25, 0, "gazetteer")
TEXAS = NamedPlace(2, "Texas", "Texas", "region", 31.0, -97.5, "US", 0.0, 1, "upstream")
CHAD = NamedPlace(3, "Chad", "Chad", "country", 12.1, 16.3, "TD", 0.0, 0, "gazetteer")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return make_catalogue(tmp_path / "c", [{"caption": "a port"}] * 5)


def write(catalogue: Catalogue, places: list[NamedPlace], catalogue_id: str | None = None) -> Path:
    columns = schema({"catalogue_id": catalogue_id or catalogue.manifest.catalogue_id, "gazetteer": "mine 1"})
    rows = [{name: getattr(place, name) for name in columns.names} for place in places]
    path = catalogue.path / NAMED_PLACES
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, columns), path)
    return path


def test_the_best_place_of_each_sample_is_in_arrays(catalogue: Catalogue) -> None:
    write(catalogue, [HOUSTON, TEXAS, CHAD])
    named = catalogue.named_places
    assert named.ids.tolist() == [2, 3]
    assert named.ids.dtype == np.int32
    assert named.latitude.tolist() == [29.76, 12.1]
    assert named.longitude.tolist() == [-95.36, 16.3]
    assert named.ambiguity.tolist() == [0.25, 0.0]
    assert [PLACE_KINDS[kind] for kind in named.kind] == ["city", "country"]
    assert named.note is not None
    assert named.note["gazetteer"] == "mine 1"


def test_all_places_of_a_sample_are_listed_the_most_specific_first(catalogue: Catalogue) -> None:
    write(catalogue, [HOUSTON, TEXAS, CHAD])
    assert catalogue.named_places.of(2) == [HOUSTON, TEXAS]
    assert catalogue.named_places.of(3) == [CHAD]
    assert [catalogue.named_places.of(id_) for id_ in (0, 1, 4, 99, -1)] == [[]] * 5


def test_without_a_file_nothing_is_named(catalogue: Catalogue) -> None:
    assert catalogue.named_places.ids.tolist() == []
    assert catalogue.named_places.note is None
    assert catalogue.named_places.of(0) == []


def test_a_file_of_another_catalogue_is_not_read(catalogue: Catalogue) -> None:
    write(catalogue, [HOUSTON], catalogue_id="another")
    assert catalogue.named_places.ids.tolist() == []
    assert catalogue.named_places.of(2) == []


def test_a_file_that_takes_the_place_of_the_one_that_was_read_changes_nothing(catalogue: Catalogue) -> None:
    path = write(catalogue, [HOUSTON, TEXAS])
    named = catalogue.named_places
    path.unlink()
    write(catalogue, [CHAD])
    assert named.of(2) == [HOUSTON, TEXAS]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no Parquet at all"])
def test_a_damaged_file_says_what_to_do(content: bytes, catalogue: Catalogue) -> None:
    write(catalogue, [CHAD]).write_bytes(content)
    with pytest.raises(UserError, match=r"places.parquet is damaged.*Run `rs5m places` again"):
        _ = catalogue.named_places


def test_a_parquet_file_without_a_note_is_damaged(catalogue: Catalogue) -> None:
    pq.write_table(pa.table({"id": [1]}), write(catalogue, [CHAD]))
    with pytest.raises(UserError, match="damaged"):
        _ = catalogue.named_places


def test_the_file_is_carried_on_under_the_new_identity(catalogue: Catalogue, tmp_path: Path) -> None:
    write(catalogue, [HOUSTON, TEXAS, CHAD])
    rows = [{"caption": "a port"}] * 4 + [{"caption": "a port", "stage": "vlm"}]
    with make_catalogue(tmp_path / "d", rows) as other:
        assert other.manifest.catalogue_id != catalogue.manifest.catalogue_id
        carry_named_places(
            catalogue.path, catalogue.manifest.catalogue_id, other.path, other.manifest.catalogue_id
        )
        assert other.named_places.of(2) == [HOUSTON, TEXAS]
        assert other.named_places.note == (catalogue.named_places.note or {}) | {
            "catalogue_id": other.manifest.catalogue_id
        }


def test_a_foreign_file_is_left_behind(catalogue: Catalogue, tmp_path: Path) -> None:
    write(catalogue, [HOUSTON], catalogue_id="another")
    carry_named_places(catalogue.path, catalogue.manifest.catalogue_id, tmp_path, "new")
    assert not (tmp_path / NAMED_PLACES).exists()
