"""Queries to tune with: texts as people ask them, and vectors of samples, as "more like this" asks them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import duckdb
import numpy as np
from numpy.typing import NDArray

TEXTS = 160
SAMPLES = 64
_WORDS = 6


class TextEncoder(Protocol):
    """The half of an encoder that reads texts."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of `texts`, float32 (n, d)."""
        ...


def draw_queries(
    connection: duckdb.DuckDBPyConnection, vectors: np.memmap, encoder: TextEncoder
) -> list[NDArray[np.float32]]:
    """Draw queries of a catalogue, the same ones each time.

    Args:
        connection: its database.
        vectors: float16 (samples, d).
        encoder: the one the vectors are of.

    Returns:
        Texts and samples, each float32 (n, d) of unit rows: half of the texts are class labels, as far as
        there are so many, the others words in a row from anywhere in a caption, which are harder to find.
    """
    texts = _texts(connection)
    drawn = connection.execute(f"SELECT id FROM samples WHERE {_DRAWN}", [SAMPLES]).fetchall()  # noqa: S608
    ids = sorted(id_ for (id_,) in drawn)
    rows = np.asarray(vectors[ids], dtype=np.float32)
    samples = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    if not texts:
        return [samples]
    return [np.asarray(encoder.encode_texts(texts), np.float32), samples]


# A multiplicative hash of the id (Knuth, TAOCP vol. 3, 6.4) draws the same rows each time.
_DRAWN = "stage = 'kept' AND has_vector ORDER BY (id * 2654435761) % 4294967296, id LIMIT ?"


def _texts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    labels = connection.execute(
        """
        SELECT "class" FROM samples WHERE stage = 'kept' AND "class" IS NOT NULL AND "class" NOT LIKE '%,%'
        GROUP BY "class" ORDER BY count(*) DESC, "class" LIMIT ?
        """,
        [TEXTS // 2],
    ).fetchall()
    captions = connection.execute(
        f"SELECT id, caption FROM samples WHERE caption <> '' AND {_DRAWN}",  # noqa: S608
        [TEXTS - len(labels)],
    ).fetchall()
    named = [re.sub(r"[_-]+", " ", label) for (label,) in labels]
    return [*named, *(_some_words(caption, id_) for id_, caption in captions)]


def _some_words(caption: str, id_: int) -> str:
    words = caption.split()
    first = id_ % max(1, len(words) - _WORDS + 1)
    return " ".join(words[first : first + _WORDS])
