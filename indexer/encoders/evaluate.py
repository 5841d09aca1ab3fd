"""Examine an encoder on scenes it has never seen: `python -m indexer.encoders.evaluate --help`.

New pictures are drawn from a seed of their own; the queries are `HELD_OUT_QUERIES`, sentences that no caption
holds.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.demo.scenes import SCENES
from indexer.demo.vocabulary import HELD_OUT_QUERIES
from indexer.encoders import DEFAULT_ENCODER, open_encoder
from indexer.encoders.base import Encoder, Vectors
from indexer.encoders.prompts import remote_sensing_vector
from indexer.encoders.training_pairs import KINDS, draw_pairs

EVALUATION_SEED = 77_001
DEPTH = 10
BATCH = 64


@dataclass(frozen=True, slots=True)
class Examination:
    """How well an encoder does.

    Attributes:
        hits: kind -> query -> how many of the first `DEPTH` results are of that kind.
        confused: kind -> query -> the kinds of the results that are not.
        topic_auc: probability that a scene scores above an off-topic picture on RS5M's score s.
        scene_scores: score s of each scene, float32 (n,).
        off_topic_scores: score s of each off-topic picture, float32 (m,).
    """

    hits: Mapping[str, Mapping[str, int]]
    confused: Mapping[str, Mapping[str, list[str]]]
    topic_auc: float
    scene_scores: NDArray[np.float32]
    off_topic_scores: NDArray[np.float32]

    @property
    def worst(self) -> int:
        """Fewest hits of any query."""
        return min(min(queries.values()) for queries in self.hits.values())


def examine(
    encoder: Encoder,
    seed: int,
    per_kind: int = 40,
    queries: Mapping[str, Sequence[str]] = HELD_OUT_QUERIES,
    workers: int = 1,
) -> Examination:
    """Draw a pool of new pictures, off-topic ones included, and search it.

    Args:
        encoder: the one examined.
        seed: of the pool.
        per_kind: pictures of each kind; every kind of scene must have at least `DEPTH`.
        queries: kind -> texts that ask for it.
        workers: processes that draw.
    """
    vectors, kinds = _pool(encoder, seed, per_kind, workers)
    hits: dict[str, dict[str, int]] = {}
    confused: dict[str, dict[str, list[str]]] = {}
    for kind, texts in queries.items():
        hits[kind], confused[kind] = {}, {}
        for text, scores in zip(texts, encoder.encode_texts(texts) @ vectors.T, strict=True):
            found = [KINDS[number] for number in kinds[np.argsort(-scores, kind="stable")[:DEPTH]]]
            hits[kind][text] = found.count(kind)
            confused[kind][text] = [other for other in found if other != kind]
    scores = (vectors @ remote_sensing_vector(encoder).T)[:, 0]
    scenes, others = scores[kinds < len(SCENES)], scores[kinds >= len(SCENES)]
    return Examination(hits, confused, area_under_curve(scenes, others), scenes, others)


def area_under_curve(higher: NDArray[np.float32], lower: NDArray[np.float32]) -> float:
    """Probability that a random element of `higher` exceeds one of `lower`, ties counting half."""
    differences = higher[:, None] - lower[None, :]
    return float((differences > 0).mean() + (differences == 0).mean() / 2)


def table(result: Examination) -> str:
    """Write an examination as a Markdown table with a line per kind and the separation below."""
    lines = ["| kind | hits in the first 10, per query | confused with |", "|---|---|---|"]
    for kind, queries in result.hits.items():
        others = sorted({other for found in result.confused[kind].values() for other in found})
        lines.append(f"| {kind} | {', '.join(map(str, queries.values()))} | {', '.join(others)} |")
    count = sum(len(queries) for queries in result.hits.values())
    good = sum(hits >= 9 for queries in result.hits.values() for hits in queries.values())
    low, high = np.percentile(result.scene_scores, 5), np.percentile(result.off_topic_scores, 95)
    lines += [
        "",
        f"{good} of {count} queries find at least 9 of 10; the worst finds {result.worst}.",
        f"Remote sensing or not: AUC {result.topic_auc:.4f}; the 5th percentile of scenes is {low:.3f}, "
        f"the 95th of off-topic pictures {high:.3f}.",
    ]
    return "\n".join(lines)


def _pool(encoder: Encoder, seed: int, per_kind: int, workers: int) -> tuple[Vectors, NDArray[np.int64]]:
    images, kinds = [], []
    for picture, _, kind in draw_pairs(seed, per_kind, per_kind, encoder.image_size, workers):
        images.append(picture)
        kinds.append(kind)
    batches = [np.stack(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
    return np.concatenate([encoder.encode_images(batch) for batch in batches]), np.array(kinds, np.int64)


def main() -> None:
    """Examine the encoder and print the table."""
    parser = argparse.ArgumentParser(prog="python -m indexer.encoders.evaluate", description=__doc__)
    parser.add_argument("--encoder", default=DEFAULT_ENCODER, help="name as for rs5m index")
    parser.add_argument("--seed", type=int, default=EVALUATION_SEED, help="of the pictures")
    parser.add_argument("--per-kind", type=int, default=40, help="pictures of each kind")
    parser.add_argument("--workers", type=int, default=2, help="processes that draw")
    options = parser.parse_args()
    encoder = open_encoder(options.encoder)
    print(table(examine(encoder, options.seed, options.per_kind, workers=options.workers)))


if __name__ == "__main__":
    main()
