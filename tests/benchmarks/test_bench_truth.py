from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.query.passing import Passing
from benchmarks.truth import Group, find_truth

RNG = np.random.default_rng(5)
VECTORS = RNG.normal(size=(40_000, 8)).astype(np.float16)
QUERIES = RNG.normal(size=(6, 8)).astype(np.float32)


def group(passing: Passing) -> Group:
    found = Group(QUERIES, passing)
    find_truth(VECTORS, [found], k=20)
    return found


def best(passing: Passing, k: int) -> list[np.ndarray]:
    ids = passing.ids()
    scores = QUERIES @ VECTORS[ids].astype(np.float32).T
    return [ids[row] for row in np.argsort(-scores, axis=1)[:, :k]]


EVERYTHING = Passing.of_ids(len(VECTORS), np.arange(len(VECTORS)))
SOME = Passing.of_ids(len(VECTORS), np.arange(3, len(VECTORS), 7))
FEW = Passing.of_ids(len(VECTORS), np.array([1, 9, 17, 39_999]))


@given(st.sampled_from([EVERYTHING, SOME, FEW]), st.sampled_from([1, 10, 20]))
def test_the_recall_of_exact_search_is_one(passing: Passing, k: int) -> None:
    assert group(passing).recall(VECTORS, best(passing, k), k).tolist() == [1.0] * len(QUERIES)


def test_truth_is_in_order_and_ends_where_samples_end() -> None:
    scores = group(FEW).best
    assert (np.diff(scores[:, :4]) <= 0).all()
    assert np.isneginf(scores[:, 4:]).all()


def test_what_was_missed_lowers_recall() -> None:
    half = [ids[:5] for ids in best(SOME, 10)]
    assert group(SOME).recall(VECTORS, half, 10).tolist() == [0.5] * len(QUERIES)


def test_what_does_not_pass_does_not_count() -> None:
    outside = [ids[~SOME.contains(ids)] for ids in best(EVERYTHING, 20)]
    assert group(SOME).recall(VECTORS, outside, 10).tolist() == [0.0] * len(QUERIES)


def test_the_same_sample_counts_once_and_a_gap_not_at_all() -> None:
    repeated = [np.array([ids[0]] * 9 + [-1]) for ids in best(SOME, 10)]
    np.testing.assert_allclose(group(SOME).recall(VECTORS, repeated, 10), 0.1)


def test_of_equal_samples_any_will_do() -> None:
    vectors = np.repeat(np.eye(4, dtype=np.float16), 30, axis=0)
    query = np.array([[1, 0, 0, 0]], np.float32)
    alike = Group(query, Passing.of_ids(120, np.arange(120)))
    find_truth(vectors, [alike], k=10)
    assert alike.recall(vectors, [np.arange(20, 30)], 10).tolist() == [1.0]
    assert alike.recall(vectors, [np.arange(25, 35)], 10).tolist() == [0.5]
