from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.catalogue.image_index import ImageIndex
from indexer.catalogue.index_choice import FLAT_ROWS, IndexChoice, choose_index, explain
from indexer.catalogue.inverted import write_lists
from indexer.catalogue.search_settings import SearchSettings
from indexer.catalogue.tuning import exact_nearest, tune
from indexer.catalogue.vectors import open_index, write_index
from tests.listed import clustered

COUNT, LISTS = 6_000, 48


def on_disk(folder: Path, vectors: np.ndarray) -> np.memmap:
    np.save(folder / "vectors.npy", vectors.astype(np.float16))
    return np.load(folder / "vectors.npy", mmap_mode="r")  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> np.memmap:
    drawn = clustered(COUNT)
    drawn[::10] = 0
    return on_disk(tmp_path_factory.mktemp("vectors"), drawn)


@pytest.fixture(scope="module")
def index(vectors: np.memmap, tmp_path_factory: pytest.TempPathFactory) -> ImageIndex:
    path = tmp_path_factory.mktemp("index") / "images.faiss"
    write_lists(vectors, IndexChoice("lists", LISTS, 16), path, lambda rows: None)
    return ImageIndex(open_index(path), vectors)


def test_few_vectors_get_a_flat_index_and_many_get_lists() -> None:
    assert choose_index(FLAT_ROWS, 512) == IndexChoice("flat")
    many = choose_index(5_070_186, 512)
    assert (many.kind, many.lists, many.code_bytes) == ("lists", 8192, 128)
    assert choose_index(FLAT_ROWS + 1, 513).subquantizers == 513
    assert "8,192 inverted lists" in explain(5_070_186, 512)
    assert "exact" in explain(10, 512)


def test_every_vector_is_in_one_list_and_rows_of_zeros_in_none(index: ImageIndex) -> None:
    assert index.sizes.sum() == COUNT - COUNT // 10
    assert len(index.sizes) == index.lists == LISTS
    assert index.holding(np.arange(COUNT) == 0).sum() == 0
    assert index.holding(np.arange(COUNT) == 1).sum() == 1
    assert index.holding(np.ones(COUNT, np.bool_)).all()


def test_scanning_all_lists_and_scoring_again_finds_the_truth(index: ImageIndex, vectors: np.memmap) -> None:
    queries = clustered(20, seed=5)
    truth = exact_nearest(vectors, queries, 10)
    for query, true in zip(queries, truth, strict=True):
        scores = index.list_scores(query)
        found = index.candidates(query, np.arange(LISTS), scores, 2_000, None)
        best = found[np.argsort(-index.exact(query, found), kind="stable")[:10]]
        assert set(best) == set(true)


def test_a_selector_lets_nothing_else_through(index: ImageIndex) -> None:
    query = clustered(1, seed=6)[0]
    passing = np.zeros(COUNT, np.bool_)
    passing[1::7] = True
    bitmap = np.packbits(passing, bitorder="little")

    found = index.candidates(query, np.arange(LISTS), index.list_scores(query), COUNT, bitmap)

    assert len(found) and passing[found].all()
    assert set(found) == {row for row in range(1, COUNT, 7) if row % 10}


def test_the_same_vectors_give_the_same_bytes(vectors: np.memmap, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_lists(vectors, IndexChoice("lists", LISTS, 16), tmp_path / name, lambda rows: None)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_more_lists_than_vectors_are_not_made(tmp_path: Path) -> None:
    few = on_disk(tmp_path, clustered(20, dimension=8))
    write_lists(few, IndexChoice("lists", 64, 4), tmp_path / "index", lambda rows: None)

    assert ImageIndex(open_index(tmp_path / "index"), few).sizes.sum() == 20


def test_exact_search_of_blocks_is_exact_search(vectors: np.memmap) -> None:
    queries = clustered(5, seed=8)
    scores = queries @ np.asarray(vectors, np.float32).T
    scores[:, ::10] = -np.inf

    assert (exact_nearest(vectors, queries, 7) == np.argsort(-scores, axis=1, kind="stable")[:, :7]).all()


def test_tuning_chooses_the_cheapest_setting_that_reaches_the_target(
    index: ImageIndex, vectors: np.memmap
) -> None:
    settings = tune(index, vectors, [clustered(40, seed=2), clustered(40, seed=3)], 1.0, 1.0)

    assert settings.chosen is not None
    assert settings.chosen.recall_10 == 1
    assert settings.chosen.recall_100 == 1
    total = int(index.sizes.sum())
    cheaper = [point for point in settings.curve if point.cost(total) < settings.chosen.cost(total)]
    assert cheaper and not any(point.reaches(1.0, 1.0) for point in cheaper)
    scanned = [point.scanned for point in settings.curve]
    assert scanned == sorted(scanned) and scanned[-1] <= 1


def test_a_target_out_of_reach_gives_the_best_there_is(index: ImageIndex, vectors: np.memmap) -> None:
    settings = tune(index, vectors, [clustered(30, seed=4)], 1.01, 1.01)

    assert max(point.probes for point in settings.curve) == LISTS
    assert settings.chosen is not None
    assert settings.chosen.recall_10 == max(point.recall_10 for point in settings.curve)


def test_a_flat_index_needs_no_settings(vectors: np.memmap, tmp_path: Path) -> None:
    reached: list[int] = []
    write_index(vectors, tmp_path / "flat", reached.append)
    flat = ImageIndex(open_index(tmp_path / "flat"), vectors)

    assert flat.is_flat and reached[-1] == COUNT
    assert tune(flat, vectors, [clustered(3)]) == SearchSettings()
