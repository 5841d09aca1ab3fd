"""Finding near-duplicates."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.errors import UserError
from indexer.near import NearPairs, NearQuery, cells, components, find_near_pairs


def crowd(count: int, copies: int, seed: int = 0, dimension: int = 16) -> NDArray[np.float16]:
    """`count` random unit vectors, the last `copies` of which are slightly turned copies of the first."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, dimension))
    vectors[count - copies :] = vectors[:copies] + rng.normal(0, 0.03, (copies, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


def everything(vectors: NDArray[np.float16], neighbours: int = 5, floor: float = 0.9) -> NearQuery:
    return NearQuery(np.arange(len(vectors)), neighbours, floor)


def as_set(pairs: NearPairs) -> set[tuple[int, int]]:
    return set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))


def by_brute_force(vectors: NDArray[np.float16], query: NearQuery) -> set[tuple[int, int]]:
    rows = vectors[query.ids].astype(np.float64)
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -1)
    found = set()
    for place in range(len(rows)):
        for other in np.argsort(-cosines[place])[: query.neighbours]:
            if cosines[place, other] >= query.floor:
                found.add(tuple(sorted((int(query.ids[place]), int(query.ids[other])))))
    return found  # type: ignore[return-value]


def test_a_small_crowd_is_compared_whole(tmp_path: Path) -> None:
    vectors = crowd(500, 60)
    found = find_near_pairs(vectors, everything(vectors), tmp_path)
    assert as_set(found) == by_brute_force(vectors, everything(vectors))
    assert {(place, 440 + place) for place in range(60)} <= as_set(found)


def test_pairs_come_once_in_order_with_their_cosine(tmp_path: Path) -> None:
    vectors = crowd(300, 50)
    found = find_near_pairs(vectors, everything(vectors), tmp_path)
    keys = found.first * len(vectors) + found.second
    assert np.all(np.diff(keys) > 0)
    assert np.all(found.first < found.second)
    exact = np.sum(vectors[found.first].astype(np.float32) * vectors[found.second], axis=1)
    assert found.cosine == pytest.approx(exact, abs=1e-3)


def test_only_the_asked_samples_are_compared(tmp_path: Path) -> None:
    vectors = crowd(300, 60)
    query = NearQuery(np.arange(0, 300, 3), 5, 0.9)
    found = find_near_pairs(vectors, query, tmp_path)
    assert as_set(found) == by_brute_force(vectors, query)
    assert len(found)


def test_a_large_crowd_falls_into_cells_and_its_copies_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "FLAT", 1_000)
    monkeypatch.setattr(cells, "IN_A_CELL", 200)
    vectors = crowd(6_000, 900)
    made = cells.make_cells(vectors, np.arange(6_000))
    assert made.number == 30
    assert np.bincount(made.members).tolist() == [2] * 6_000

    found = as_set(find_near_pairs(vectors, everything(vectors), tmp_path))

    true = by_brute_force(vectors, everything(vectors))
    assert found <= true
    assert len(found) >= 0.99 * len(true)


def test_copies_to_the_last_bit_do_not_crowd_out_other_neighbours(tmp_path: Path) -> None:
    # With five neighbours each, twenty equal ones would see only each other.
    vectors = np.repeat(crowd(2, 0), [20, 1], axis=0)
    near = vectors[0].astype(np.float32) + np.float32(0.02)
    vectors[20] = near / np.linalg.norm(near)
    found = find_near_pairs(vectors, everything(vectors), tmp_path)
    assert {(0, copy) for copy in range(1, 20)} <= as_set(found)
    assert (0, 20) in as_set(found)
    assert set(found.cosine[found.second < 20].tolist()) == {1.0}


def test_a_search_that_was_stopped_goes_on_and_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "FLAT", 500)
    monkeypatch.setattr(cells, "IN_A_CELL", 100)
    monkeypatch.setattr("indexer.near.search._STRETCH", 1_000)
    vectors = crowd(3_000, 500)
    query = everything(vectors)
    at_once = find_near_pairs(vectors, query, tmp_path / "whole")
    stretches = len(list((tmp_path / "whole" / query.key).glob("0*.npz")))
    assert stretches >= 5

    done: list[int] = []

    def stop_half_way(reached: int) -> None:
        done.append(reached)
        if reached > 3_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_near_pairs(vectors, query, tmp_path / "stopped", reached=stop_half_way)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "stopped").rglob("*.npz")}
    assert 1 < len(kept) < stretches + 1
    again = find_near_pairs(vectors, query, tmp_path / "stopped")

    assert as_set(again) == as_set(at_once)
    assert np.array_equal(again.cosine, at_once.cosine)
    assert all(path.stat().st_mtime_ns == when for path, when in kept.items())


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_samples_are_no_error(count: int, tmp_path: Path) -> None:
    vectors = np.eye(4, dtype=np.float16)[:count]
    assert len(find_near_pairs(vectors, everything(vectors), tmp_path)) == 0


def test_another_query_has_another_key() -> None:
    ids = np.arange(5)
    keys = {
        NearQuery(ids, 5, 0.9).key,
        NearQuery(ids[:4], 5, 0.9).key,
        NearQuery(ids, 6, 0.9).key,
        NearQuery(ids, 5, 0.91).key,
    }
    assert len(keys) == 4
    assert NearQuery(ids.copy(), 5, 0.9).key in keys


def test_pairs_survive_a_file(tmp_path: Path) -> None:
    pairs = NearPairs.of(np.array([3, 1, 3]), np.array([1, 2, 1]), np.array([0.9, 0.95, 0.9], np.float32))
    assert as_set(pairs) == {(1, 2), (1, 3)}
    pairs.save(tmp_path / "pairs.npy")
    again = NearPairs.load(tmp_path / "pairs.npy")
    assert as_set(again) == as_set(pairs)
    assert np.array_equal(again.cosine, pairs.cosine)


@pytest.mark.parametrize("content", [b"", b"junk"])
def test_a_damaged_file_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "pairs.npy").write_bytes(content)
    with pytest.raises(UserError, match=r"pairs\.npy"):
        NearPairs.load(tmp_path / "pairs.npy")


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(lambda link: link[0] != link[1])))
def test_components_are_those_that_spreading_finds(links: list[tuple[int, int]]) -> None:
    neighbours = defaultdict(set)
    for one, other in links:
        neighbours[one].add(other)
        neighbours[other].add(one)
    expected = {}
    for start in neighbours:
        reached, waiting = {start}, [start]
        while waiting:
            for other in neighbours[waiting.pop()] - reached:
                reached.add(other)
                waiting.append(other)
        expected[start] = min(reached)
    first = np.array([one for one, _ in links], np.int64)
    second = np.array([other for _, other in links], np.int64)
    assert dict(components(first, second).tolist()) == expected
