"""The geometry of drawn vectors: as hard and as easy to search as a CLIP model's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from indexer.encoders import open_encoder
from indexer.encoders.base import Vectors
from indexer.synth.shard import synth_shards
from indexer.synth.space import space
from indexer.synth.topics import topics

ROWS = 20_000


@dataclass(frozen=True)
class Drawn:
    """Rows of a scale catalogue: float32 (n, d) vectors, and FMoW's labels where there are any."""

    vectors: Vectors
    labels: np.ndarray
    sources: np.ndarray


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    samples = [sample for shard in synth_shards(ROWS) for sample in shard.read() if sample.vector is not None]
    return Drawn(
        np.stack([sample.vector for sample in samples if sample.vector is not None]).astype(np.float32),
        np.array([str(sample.columns.get("class", "")) for sample in samples]),
        np.array([sample.name.split("_")[0] for sample in samples]),
    )


def cosines(first: Vectors, second: Vectors) -> np.ndarray:
    return np.einsum("nd,nd->n", first, second)


def pairs(among: np.ndarray, count: int = 20_000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Random pairs of different rows."""
    rng = np.random.default_rng(seed)
    first, second = rng.choice(among, count), rng.choice(among, count)
    return first[first != second], second[first != second]


def test_vectors_have_unit_length_in_half_precision(drawn: Drawn) -> None:
    assert drawn.vectors.shape[1] == 512
    np.testing.assert_allclose(np.linalg.norm(drawn.vectors, axis=1), 1, atol=2e-3)


def test_random_pictures_have_a_cosine_of_a_third_to_two_thirds(drawn: Drawn) -> None:
    first, second = pairs(np.arange(len(drawn.vectors)))
    low, middle, high = np.quantile(cosines(drawn.vectors[first], drawn.vectors[second]), [0.05, 0.5, 0.95])
    assert 0.33 < low < middle < high < 0.62
    assert 0.42 < middle < 0.52


def test_pictures_of_one_class_are_clearly_nearer(drawn: Drawn) -> None:
    fmow = np.flatnonzero(drawn.sources == "fmow")
    first, second = pairs(fmow)
    same = drawn.labels[first] == drawn.labels[second]
    found = cosines(drawn.vectors[first], drawn.vectors[second])
    assert np.median(found[same]) > np.median(found[~same]) + 0.1
    assert np.mean(found[same] > np.quantile(found[~same], 0.9)) > 0.8


def test_pictures_of_one_scene_are_nearly_alike() -> None:
    known = space(512, 0)
    rng = np.random.default_rng(2)
    concepts = np.repeat(known.concepts[:50], 20, axis=0)
    scenes = np.repeat(np.arange(50, dtype=np.uint64), 20)
    found = known.images(concepts, scenes, rng).reshape(50, 20, 512)
    alike = np.concatenate([(scene @ scene.T)[np.triu_indices(20, 1)] for scene in found])
    low, high = np.quantile(alike, [0.05, 0.95])
    assert 0.78 < low < high < 0.93


def test_a_small_share_are_near_duplicates(drawn: Drawn) -> None:
    near = 0
    for start in range(0, len(drawn.vectors), 2000):
        found = drawn.vectors[start : start + 2000] @ drawn.vectors.T
        found[np.arange(len(found)), start + np.arange(len(found))] = 0
        near += int((found.max(axis=1) > 0.97).sum())
    assert 0.03 < near / len(drawn.vectors) < 0.09


def test_the_spectrum_decays(drawn: Drawn) -> None:
    values = np.linalg.eigvalsh(np.cov(drawn.vectors, rowvar=False))[::-1]
    assert values[:50].sum() > 0.45 * values.sum()
    effective = values.sum() ** 2 / (values**2).sum()
    assert 20 < effective < 200


def test_texts_lie_apart_from_all_pictures_and_nearer_to_their_own(drawn: Drawn) -> None:
    names = [label for label in topics().fmow if (drawn.labels == label).sum() >= 20]
    texts = open_encoder("synthetic-512-0").encode_texts([f"an aerial view of a {name}" for name in names])
    fmow = np.flatnonzero(drawn.sources == "fmow")
    scores = texts @ drawn.vectors[fmow].T
    fitting = drawn.labels[fmow] == np.array(names)[:, None]
    own = np.median([np.median(row[fits]) for row, fits in zip(scores, fitting, strict=True)])
    low, high = np.quantile(scores[~fitting], [0.1, 0.9])
    assert 0.25 < own < 0.35
    assert 0.08 < low < high < 0.22


def test_the_word_of_a_class_finds_that_class(drawn: Drawn) -> None:
    fmow = np.flatnonzero(drawn.sources == "fmow")
    names = [label for label in topics().fmow if (drawn.labels[fmow] == label).sum() >= 20]
    texts = open_encoder("synthetic-512-0").encode_texts([name.replace("_", " ") for name in names])
    best = np.argsort(-(texts @ drawn.vectors[fmow].T), axis=1)[:, :10]
    right = drawn.labels[fmow][best] == np.array(names)[:, None]
    # Not all: a road bridge and a railway bridge share most of their words and their looks.
    assert right.mean() > 0.7


def test_another_seed_is_another_space() -> None:
    assert abs(float(space(64, 0).concepts[0] @ space(64, 1).concepts[0])) < 0.9
    assert not np.array_equal(space(64, 0).codebook, space(64, 1).codebook)
