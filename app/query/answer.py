"""What a search gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.query.nearest import How
from app.query.samples import Row

Kind = Literal["meaning", "words", "likeness", "list"]
Method = Literal["exact", "approximate"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One result.

    Attributes:
        id: the sample.
        rank: place in the whole ranking, from 1.
        score: cosine (meaning, likeness) or BM25 (words); None in a list, and of words put in another order.
        row: value by column name of `samples`.
        alike: ids of the near-duplicates gathered behind it.
    """

    id: int
    rank: int
    score: float | None
    row: Row
    alike: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """A stretch of a ranking, without the rows.

    Attributes:
        ids: samples, best first.
        scores: score of each; empty in a list, and of words put in another order than by relevance.
        offset: place of the first one in the whole ranking, from 0.
        found: samples the whole ranking holds.
        matching: samples that pass the filters.
        next_cursor: where the next stretch begins; None at the end.
        encode_ms: time the encoder took for the query.
        how: how a ranking by cosine was found; None for the others, which are exact.
        alike: near-duplicates gathered behind each of `ids`; empty where none are gathered.
        at_least: whether the whole ranking may hold more than `found`.
    """

    ids: list[int]
    scores: list[float]
    offset: int
    found: int
    matching: int
    next_cursor: str | None
    encode_ms: float = 0.0
    how: How | None = None
    alike: list[tuple[int, ...]] = field(default_factory=list)
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of results, and the truth about how it was found.

    Attributes:
        hits: the results of this page.
        kind: `meaning` (text to image), `words` (of captions), `likeness` (to a sample or image) or `list`.
        method: `exact` when every passing sample was compared.
        how: how a ranking by cosine was found; None for the others.
        matching: samples that pass the filters.
        total: samples the catalogue has in the asked stage, filters aside.
        found: samples that can be ranked: those passing that have a vector, or that hold the words.
        milliseconds: time the search took, encoding the query aside.
        encode_ms: time the encoder took for the query.
        next_cursor: `cursor` of the next page; None on the last one.
        at_least: whether there may be more than `found`.
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
    how: How | None = None
    at_least: bool = False
