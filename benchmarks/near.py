"""How the search for near-duplicates grows with the number of vectors: `python -m benchmarks.near`.

Draws vectors like those of a real set, of which one in twenty is a near copy of another, and looks for the
pairs as the duplicate stage does, each size in a process of its own. Beside it, all are compared with all: a
share of the vectors is held against every vector, and the time taken for it is scaled up to the whole.
The pairs found there tell how many the search misses.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import WORK, megabytes, number, parser, ratio, run, say, show
from benchmarks.growth import exponent
from benchmarks.timing import machine
from indexer.errors import UserError
from indexer.near import NearPairs, NearQuery, find_near_pairs
from indexer.near import cells as near_cells
from indexer.synth.space import DEFAULT_DIMENSION, Space

ROWS = (50_000, 200_000, 1_000_000)
FLOOR = 0.85
NEIGHBOURS = 5
_ONE_IN = 20
# Length of what is added to a copy: cosines of 0.99 down to 0.91.
_STRENGTH = (0.14, 0.45)
_HELD_AGAINST_ALL = 2_000
_DRAWN_AT_ONCE = 50_000
_LOOKED_EVERY = 0.05


@dataclass(frozen=True)
class Found:
    """What came of one size.

    Attributes:
        rows: vectors.
        seconds: the search.
        exact: seconds that comparing all with all would take, scaled up from a share.
        pairs: pairs found.
        planted: of the near copies, the share found.
        recall: of the pairs that the exact search found in its share, the share found.
        memory: most that the search held beside the mapped vectors, in bytes.
    """

    rows: int
    seconds: float
    exact: float
    pairs: int
    planted: float
    recall: float
    memory: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__, catalogue=False)
    made.add_argument("--rows", type=int, nargs="+", default=list(ROWS), help="sizes, in vectors")
    made.add_argument("--dimension", type=int, default=DEFAULT_DIMENSION, help="length of a vector")
    made.add_argument(
        "--in-a-cell", type=int, default=near_cells.IN_A_CELL, help="vectors to a cell, on average"
    )
    made.add_argument("--one", action="store_true", help="measure one size here and print it as JSON")
    asked = made.parse_args(arguments)
    if asked.one:
        near_cells.IN_A_CELL = asked.in_a_cell
        print(json.dumps(asdict(measure(asked.rows[0], asked.dimension))))
        return
    report([_apart(rows, asked.dimension, asked.in_a_cell) for rows in sorted(asked.rows)], asked.in_a_cell)


def measure(rows: int, dimension: int) -> Found:
    """Draw `rows` vectors, look for near-duplicates among them, and compare a share of them with all."""
    folder = WORK / "near"
    folder.mkdir(parents=True, exist_ok=True)
    vectors, copies, originals = drawn(folder / f"{rows}-{dimension}.npy", rows, dimension)
    query = NearQuery(np.arange(rows), NEIGHBOURS, FLOOR)
    with TemporaryDirectory(dir=folder) as aside, _memory() as most:
        began = perf_counter()
        pairs = find_near_pairs(vectors, query, Path(aside))
        seconds = perf_counter() - began
    looked = np.random.default_rng(1).choice(rows, min(rows, _HELD_AGAINST_ALL), replace=False)
    began = perf_counter()
    truth = _exact(vectors, looked)
    exact = (perf_counter() - began) * rows / len(looked)
    known = _keys(pairs, rows)
    planted = np.isin(_key(copies, originals, rows), known)
    recalled = np.isin(truth, known)
    return Found(
        rows,
        seconds,
        exact,
        len(pairs),
        float(planted.mean()),
        float(recalled.mean()) if len(recalled) else 1.0,
        most[0],
    )


def drawn(
    path: Path, rows: int, dimension: int
) -> tuple[NDArray[np.float16], NDArray[np.int64], NDArray[np.int64]]:
    """Vectors in a file at `path`, float16 (rows, dimension); near copies among them; their originals."""
    space, rng = Space(dimension), np.random.default_rng(0)
    vectors = np.lib.format.open_memmap(path, "w+", np.float16, (rows, dimension))
    for start in range(0, rows, _DRAWN_AT_ONCE):
        count = min(_DRAWN_AT_ONCE, rows - start)
        topics = rng.integers(len(space.concepts), size=count)
        scenes = np.arange(start, start + count, dtype=np.uint64)
        vectors[start : start + count] = space.images(space.concepts[topics], scenes, rng)
    shuffled = rng.permutation(rows)[: 2 * (rows // _ONE_IN)]
    copies, originals = shuffled[::2], shuffled[1::2]
    for start in range(0, len(copies), _DRAWN_AT_ONCE):
        which = slice(start, start + _DRAWN_AT_ONCE)
        strength = rng.uniform(*_STRENGTH, len(copies[which])).astype(np.float32)
        vectors[copies[which]] = space.copies(vectors[originals[which]].astype(np.float32), strength, rng)
    vectors.flush()
    return np.load(path, mmap_mode="r"), copies, originals


def report(found: Sequence[Found], in_a_cell: int) -> None:
    """Print what came of each size, and how time grows from one to the next."""
    first = found[0]
    show(
        f"near-duplicates among vectors, {in_a_cell:,} to a cell; {machine()}",
        (
            "vectors",
            "seconds",
            "µs a vector",
            "to the smallest",
            "all with all",
            "all with all / it",
            "pairs",
            "planted found",
            "recall",
            "memory",
        ),
        [
            (
                f"{one.rows:,}",
                number(one.seconds),
                number(one.seconds / one.rows * 1e6),
                ratio(one.seconds / one.rows, first.seconds / first.rows),
                f"{number(one.exact)} s",
                ratio(one.exact, one.seconds),
                f"{one.pairs:,}",
                f"{one.planted:.2%}",
                f"{one.recall:.2%}",
                megabytes(one.memory),
            )
            for one in found
        ],
        "`all with all` is scaled up from a share of the vectors; `recall` is of the pairs it found there",
    )
    if len(found) > 1:
        rows = [one.rows for one in found]
        say(
            f"growth exponent: {exponent(rows, [one.seconds for one in found]):.2f}; "
            f"all with all: {exponent(rows, [one.exact for one in found]):.2f}"
        )


def _apart(rows: int, dimension: int, in_a_cell: int) -> Found:
    command = [sys.executable, "-m", "benchmarks.near", "--one", "--rows", str(rows)]
    command += ["--dimension", str(dimension), "--in-a-cell", str(in_a_cell)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    shutil.rmtree(WORK / "near", ignore_errors=True)
    if done.returncode:
        raise UserError(f"Measuring {rows:,} vectors failed.", "See what it wrote above.")
    return Found(**json.loads(done.stdout))


def _exact(vectors: NDArray[np.float16], looked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keys of the pairs that `looked` make with their nearest neighbours among all."""
    import faiss

    best = np.full((len(looked), NEIGHBOURS + 1), -2, np.float32)
    nearest = np.zeros((len(looked), NEIGHBOURS + 1), np.int64)
    asked = vectors[looked].astype(np.float32)
    for start in range(0, len(vectors), _DRAWN_AT_ONCE):
        block = vectors[start : start + _DRAWN_AT_ONCE].astype(np.float32)
        places = min(NEIGHBOURS + 1, len(block))
        cosines, found = faiss.knn(asked, block, places, metric=faiss.METRIC_INNER_PRODUCT)
        both = np.hstack([best, cosines])
        order = np.argsort(-both, axis=1)[:, : NEIGHBOURS + 1]
        best = np.take_along_axis(both, order, 1)
        nearest = np.take_along_axis(np.hstack([nearest, found + start]), order, 1)
    row, column = np.nonzero((best >= FLOOR) & (nearest != looked[:, np.newaxis]))
    return np.unique(_key(looked[row], nearest[row, column], len(vectors)))


def _key(one: NDArray[np.int64], other: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    return np.asarray(np.minimum(one, other) * rows + np.maximum(one, other), np.int64)


def _keys(pairs: NearPairs, rows: int) -> NDArray[np.int64]:
    return _key(pairs.first, pairs.second, rows)


@contextmanager
def _memory() -> Iterator[list[int]]:
    """The most memory, mapped files aside, above what there was at first: the only item of the list."""
    before, most, ended = _anonymous(), [0], threading.Event()

    def look() -> None:
        while not ended.wait(_LOOKED_EVERY):
            most[0] = max(most[0], _anonymous() - before)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield most
    finally:
        ended.set()
        looking.join()


def _anonymous() -> int:
    """Resident bytes that are not of mapped files."""
    resident, shared = Path("/proc/self/statm").read_text("ascii").split()[1:3]
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    run(main)
