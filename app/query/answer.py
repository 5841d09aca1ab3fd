"""What a search gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.query.samples import Row

Kind = Literal["meaning", "words", "likeness", "list"]
Method = Literal["exact", "approximate"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One result.

    Attributes:
        id: the sample.
        rank: place in the whole ranking, from 1.
        score: cosine (meaning, likeness) or BM25 (words); None in a list.
        row: value by column name of `samples`.
    """

    id: int
    rank: int
    score: float | None
    row: Row


@dataclass(frozen=True, slots=True)
class Ranking:
    """A stretch of a ranking, without the rows.

    Attributes:
        ids: samples, best first.
        scores: score of each; empty in a list.
        offset: place of the first one in the whole ranking, from 0.
        found: samples the whole ranking holds.
        matching: samples that pass the filters.
        next_cursor: where the next stretch begins; None at the end.
        encode_ms: time the encoder took for the query.
    """

    ids: list[int]
    scores: list[float]
    offset: int
    found: int
    matching: int
    next_cursor: str | None
    encode_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of results, and the truth about how it was found.

    Attributes:
        hits: the results of this page.
        kind: `meaning` (text to image), `words` (of captions), `likeness` (to a sample or image) or `list`.
        method: `exact` when every passing sample was compared.
        matching: samples that pass the filters.
        total: samples the catalogue has in the asked stage, filters aside.
        found: samples that can be ranked: those passing that have a vector, or that hold the words.
        milliseconds: time the search took, encoding the query aside.
        encode_ms: time the encoder took for the query.
        next_cursor: `cursor` of the next page; None on the last one.
    """

    hits: list[Hit]
    kind: Kind
    method: Method
    matching: int
    total: int
    found: int
    milliseconds: float
    encode_ms: float
    next_cursor: str | None
