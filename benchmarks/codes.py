"""What each way of coding vectors finds and costs: `python -m benchmarks.codes CATALOGUE`.

Every code gets the same inverted lists over the same vectors and scans the same ones of them; what differs is
how well the codes order what they hold, so how many of the best must be scored again exactly. The time is
that of the processor in one thread, which other work on the machine does not lengthen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import thread_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.query.passing import Passing
from benchmarks.command import about, megabytes, number, parser, run, say, show
from benchmarks.truth import Group, find_truth
from benchmarks.vector_queries import QuerySource
from indexer.catalogue import Catalogue
from indexer.catalogue.half import inner_products
from indexer.catalogue.index_choice import choose_index
from indexer.catalogue.inverted import draw_sample, train_centroids
from indexer.errors import UserError

DEPTH = 100
CANDIDATES = (250, 1_000, 3_000)
SHARE = 1 / 64
"""Of the lists, scanned by every query."""
_BLOCK = 1 << 16

Index = Any
Codes = dict[str, tuple[int, Callable[[Index, int, int], Index]]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__)
    made.add_argument("--rows", type=int, default=1_000_000, help="vectors, the first of the catalogue")
    made.add_argument("--queries", type=int, default=100)
    asked = made.parse_args(arguments)
    with Catalogue.open(asked.catalogue) as catalogue:
        if not catalogue.manifest.vectors:
            raise UserError(f"{asked.catalogue} has no image vectors.", "Give one that has.")
        measure(catalogue, asked.rows, asked.queries)


def measure(catalogue: Catalogue, rows: int, queries: int) -> None:
    """Build lists of each code over the first `rows` vectors, and search them for texts."""
    import faiss

    vectors = catalogue.vectors[:rows]
    present = np.asarray(vectors.any(axis=1))
    group = Group(np.empty(0, np.float32), Passing.of_mask(present))
    everywhere = Passing.of_ids(catalogue.manifest.samples, np.flatnonzero(present))
    group.queries = QuerySource(catalogue, np.random.default_rng(0)).texts(everywhere, queries)
    find_truth(vectors, [group], DEPTH)
    lists = choose_index(max(len(vectors), 1 << 17), vectors.shape[1]).lists
    sample = draw_sample(vectors, 32 * lists)
    centroids = train_centroids(sample, lists)
    probes = max(1, round(SHARE * len(centroids)))
    table = []
    for name, (code_bytes, make) in codes(vectors.shape[1]).items():
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(centroids)
        index = make(flat, vectors.shape[1], len(centroids))
        index.quantizer_trains_alone = 2
        index.train(sample)
        for first in range(0, len(vectors), _BLOCK):
            index.add(np.asarray(vectors[first : first + _BLOCK], np.float32))
        for candidates in CANDIDATES:
            found, scan, score = _searched(index, vectors, group.queries, probes, candidates)
            shares = [group.recall(vectors, found, depth).mean() for depth in (10, DEPTH)]
            size = megabytes(code_bytes * len(vectors))
            figures = (number(1000 * scan), number(1000 * score), *(f"{share:.3f}" for share in shares))
            table.append((name, size, f"{candidates:,}", *figures))
    headings = ["code", "size", "scored again", "scan ms", "score ms", "recall@10", "recall@100"]
    title = f"{about(catalogue)}; the first {len(vectors):,}"
    show(title, headings, table, f"{queries} texts, {probes:,} of {len(centroids):,} lists scanned")
    say("Recall is held against exact search; what the lists scanned do not hold, no code can find.")


def codes(dimension: int) -> Codes:
    """Ways of coding by name: bytes of a code, and what makes an empty index of lists with it."""
    import faiss

    metric = faiss.METRIC_INNER_PRODUCT

    def product(quantizer: Index, d: int, lists: int, *, residual: bool) -> Index:
        index = faiss.IndexIVFPQFastScan(quantizer, d, lists, d // 2, 4, metric)
        index.by_residual = residual
        return index

    def scalar(quantizer: Index, d: int, lists: int, *, kind: int) -> Index:
        return faiss.IndexIVFScalarQuantizer(quantizer, d, lists, kind, metric, True)

    return {
        "4-bit product, residual (used)": (dimension // 4, partial(product, residual=True)),
        "4-bit product": (dimension // 4, partial(product, residual=False)),
        "RaBitQ, 1 bit": (
            dimension // 8 + 8,
            lambda quantizer, d, lists: faiss.IndexIVFRaBitQFastScan(quantizer, d, lists, metric),
        ),
        "scalar, 8 bits": (dimension, partial(scalar, kind=faiss.ScalarQuantizer.QT_8bit)),
        "scalar, 4 bits": (dimension // 2, partial(scalar, kind=faiss.ScalarQuantizer.QT_4bit)),
    }


def _searched(
    index: Index, vectors: NDArray[np.float16], queries: NDArray[np.float32], probes: int, candidates: int
) -> tuple[list[NDArray[np.int64]], float, float]:
    """What each query finds, and the median seconds of scanning and of scoring again."""
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    index.nprobe = probes
    found, scans, scores = [], [], []
    for query in queries:
        start = thread_time()
        ids = np.sort(index.search(query[None], candidates)[1][0])
        between = thread_time()
        ids = ids[ids >= 0]
        best = np.argsort(-inner_products(vectors, query, ids), kind="stable")[:DEPTH]
        scans.append(between - start)
        scores.append(thread_time() - between)
        found.append(ids[best])
    faiss.omp_set_num_threads(threads)
    return found, float(np.median(scans)), float(np.median(scores))


if __name__ == "__main__":
    run(main)
