"""What a caption's sample must satisfy besides the words, as queries of the caption index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import NamedTuple

import tantivy

from indexer.catalogue.caption_writer import CELL_DEGREES, facet_token

_MUST, _MUST_NOT, _SHOULD = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should
_Clause = tuple[tantivy.Occur, tantivy.Query]


class Box(NamedTuple):
    """Degrees; `west > east` means the box crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Within:
    """Conditions on samples.

    Attributes:
        facets: by name of facet, the values one of which a sample has; `MISSING` for none.
        box: part of the Earth its point lies in, edges included; None for anywhere.
    """

    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    box: Box | None = None


class _Cell(NamedTuple):
    """A square of `CELL_DEGREES` with captions in it; row 0 begins at the equator, column 0 at Greenwich."""

    token: str
    row: int
    column: int

    @classmethod
    def parse(cls, token: str) -> _Cell:
        row, column = token.split()
        return cls(token, int(row), int(column))


class Conditions:
    """Turns `Within` into queries, the cheapest that say the same."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self._schema = schema
        self._captions = searcher.num_docs
        self._values: dict[str, dict[str, int]] = {}
        for token, captions in searcher.terms_with_prefix("facet", ""):
            self._values.setdefault(token.partition("=")[0], {})[token] = captions
        self._cells = [_Cell.parse(token) for token, _ in searcher.terms_with_prefix("cell", "")]

    def clauses(self, within: Within) -> list[_Clause]:
        """Clauses of a boolean query; they add nothing to a score."""
        clauses = [clause for name, values in within.facets.items() for clause in self._facet(name, values)]
        if within.box:
            clauses += self._box(within.box)
        return [(occur, tantivy.Query.const_score_query(query, 0)) for occur, query in clauses]

    def _facet(self, name: str, values: Sequence[str]) -> Iterator[_Clause]:
        """A sample has one value of each facet, so most of them are found by leaving out the others."""
        wanted = {facet_token(name, value) for value in values}
        captions = self._values.get(name, {})
        if 2 * sum(captions.get(token, 0) for token in wanted) <= self._captions:
            yield _MUST, self._any_of("facet", sorted(wanted))
        elif others := captions.keys() - wanted:
            yield _MUST_NOT, self._any_of("facet", sorted(others))

    def _box(self, box: Box) -> Iterator[_Clause]:
        """The cells that the box touches are few captions to look at; the coordinates decide."""
        across = box.west > box.east
        south, north = floor(box.south / CELL_DEGREES), floor(box.north / CELL_DEGREES)
        west, east = floor(box.west / CELL_DEGREES), floor(box.east / CELL_DEGREES)
        touched = [
            cell.token
            for cell in self._cells
            if south <= cell.row <= north
            and (cell.column >= west or cell.column <= east if across else west <= cell.column <= east)
        ]
        yield _MUST, self._any_of("cell", touched)
        yield _MUST, self._between("latitude", box.south, box.north)
        if across:
            sides = self._between("longitude", box.west, None), self._between("longitude", None, box.east)
            yield _MUST, tantivy.Query.boolean_query([(_SHOULD, side) for side in sides])
        else:
            yield _MUST, self._between("longitude", box.west, box.east)

    def _any_of(self, name: str, tokens: list[str]) -> tantivy.Query:
        if len(tokens) == 1:
            return tantivy.Query.term_query(self._schema, name, tokens[0], index_option="basic")
        return tantivy.Query.term_set_query(self._schema, name, tokens)

    def _between(self, name: str, lower: float | None, upper: float | None) -> tantivy.Query:
        # tantivy tells -0.0 from 0.0; adding 0 makes them one, here as where the index is written.
        lower, upper = (None if bound is None else bound + 0.0 for bound in (lower, upper))
        return tantivy.Query.range_query(self._schema, name, tantivy.FieldType.Float, lower, upper)
