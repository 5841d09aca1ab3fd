"""The vectors of all parts laid one after the other, and hashed on the way."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from indexer.build.part import Parts


def write_vectors(
    path: Path, parts: Parts, shards: int, samples: int, dimension: int, reached: Callable[[int], None]
) -> str:
    """Write the new file `path`: float16 (samples, dimension), as `numpy.save` lays it out.

    Args:
        path: where.
        parts: one of each shard.
        shards: their number.
        samples: rows of all parts together.
        dimension: values in a row.
        reached: told how many rows are written.

    Returns:
        SHA-256 of the file.
    """
    hasher = hashlib.sha256()
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f2", "fortran_order": False, "shape": (samples, dimension)}
    )
    hasher.update(header.getvalue())
    done = 0
    # Not through a memory map: on a full disk that ends the process instead of raising an error.
    with path.open("wb") as stream, ThreadPoolExecutor(1, "hash") as beside:
        stream.write(header.getvalue())
        for number in range(shards):
            part = np.load(parts.vectors(number), allow_pickle=False).astype("<f2", copy=False)
            content = np.ascontiguousarray(part).reshape(-1).view(np.uint8).data
            hashed = beside.submit(hasher.update, content)
            stream.write(content)
            hashed.result()
            reached(done := done + len(part))
    return hasher.hexdigest()
