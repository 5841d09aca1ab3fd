"""Ranked full-text search over captions (tantivy, BM25), inside filters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import tantivy

from indexer.catalogue.caption_writer import facet_token
from indexer.errors import UserError

# What a query is made of: words, quotes, a hyphen, OR and brackets. The rest of tantivy's query language
# (fields, ranges, boosts, wildcards) would reach fields that are no captions, and scores that are no BM25.
_NOT_OURS = re.compile(r"[^\w\s\"()+'-]")


class Box(NamedTuple):
    """Degrees; `west > east` means the box crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Within:
    """What a caption's sample must satisfy besides the words.

    Attributes:
        facets: by name of facet, the values one of which it has; `MISSING` for none.
        box: part of the Earth its point lies in; None for anywhere.
        without: id of a sample that is left out; None for none.
    """

    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    box: Box | None = None
    without: int | None = None


@dataclass(frozen=True, slots=True)
class CaptionHits:
    """A stretch of the captions that match.

    Attributes:
        ids: samples, best or first ones first; ties fall to the smaller id.
        scores: BM25 of each; empty where a sort orders them.
        found: how many match altogether.
    """

    ids: list[int]
    scores: list[float]
    found: int


class CaptionIndex:
    """The caption index of one catalogue.

    Queries are what people type: words (all must occur), `"a phrase"`, `-word`, `OR`. A malformed query is
    read as well as it can be; it never raises.

    Raises:
        UserError: the index is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._index = tantivy.Index.open(str(folder))
        except (ValueError, OSError) as error:
            raise UserError(
                f"{folder} cannot be opened: {error}", "Build the catalogue again with --overwrite."
            ) from None
        self._searcher = self._index.searcher()

    def search(
        self,
        text: str,
        limit: int,
        *,
        offset: int = 0,
        within: Within | None = None,
        sort: str | None = None,
    ) -> CaptionHits:
        """The `limit` samples after the first `offset` ones whose captions match `text`.

        Args:
            text: the query.
            limit: number of samples.
            offset: how many of the best to pass over.
            within: what the samples must satisfy; None for nothing.
            sort: one of `SORTS` but the default one, to order by that; None orders by relevance.
        """
        query = self._within(self._parse(text), within or Within())
        # tantivy reserves memory for offset and limit, and takes no limit of 0.
        beyond = limit < 1 or offset >= self._searcher.num_docs
        limit, offset = (1, 0) if beyond else (min(limit, self._searcher.num_docs), offset)
        order = {} if sort is None else {"order_by_field": sort, "order": tantivy.Order.Asc}
        result = self._searcher.search(query, limit=limit, offset=offset, count=True, **order)
        hits = [] if beyond else result.hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        scores = [score for score, _ in hits] if sort is None else []
        return CaptionHits(ids, scores, result.count)

    def highlight(self, text: str, caption: str) -> list[tuple[int, int]]:
        """Character ranges [start, end) of `caption` that match the query `text`, in order."""
        if not caption:
            return []
        generator = tantivy.SnippetGenerator.create(
            self._searcher, self._parse(text), self._index.schema, "caption"
        )
        encoded = caption.encode()
        generator.set_max_num_chars(len(encoded))
        snippet = generator.snippet_from_doc(tantivy.Document(caption=caption))
        # tantivy counts bytes, and from the start of the fragment it chose.
        fragment = snippet.fragment().encode()
        shift = encoded.find(fragment)
        return [
            (_characters(encoded, shift + part.start), _characters(encoded, shift + part.end))
            for part in snippet.highlighted()
        ]

    def _parse(self, text: str) -> Any:
        words = _NOT_OURS.sub(" ", text)
        query, _errors = self._index.parse_query_lenient(words, ["caption"], conjunction_by_default=True)
        return query

    def _within(self, words: Any, within: Within) -> Any:
        """`words` and the conditions, which leave the score as the words made it."""
        schema = self._index.schema
        conditions = []
        for name, values in within.facets.items():
            tokens = [facet_token(name, value) for value in values]
            conditions.append((tantivy.Occur.Must, _any_of([_token(schema, token) for token in tokens])))
        if within.box:
            conditions.append((tantivy.Occur.Must, _in_box(schema, within.box)))
        if within.without is not None:
            conditions.append((tantivy.Occur.MustNot, _between(schema, "id", within.without, within.without)))
        if not conditions:
            return words
        unscored = [(occur, tantivy.Query.const_score_query(query, 0)) for occur, query in conditions]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, words), *unscored])


def _token(schema: Any, token: str) -> Any:
    return tantivy.Query.term_query(schema, "facet", token, index_option="basic")


def _any_of(queries: list[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _in_box(schema: Any, box: Box) -> Any:
    latitude = _between(schema, "latitude", box.south, box.north)
    if box.west <= box.east:
        longitude = _between(schema, "longitude", box.west, box.east)
    else:
        longitude = _any_of(
            [_between(schema, "longitude", box.west, None), _between(schema, "longitude", None, box.east)]
        )
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, latitude), (tantivy.Occur.Must, longitude)])


def _between(schema: Any, name: str, lower: float | None, upper: float | None) -> Any:
    kind = tantivy.FieldType.Integer if name == "id" else tantivy.FieldType.Float
    return tantivy.Query.range_query(schema, name, kind, lower, upper)


def _characters(encoded: bytes, position: int) -> int:
    return len(encoded[:position].decode("utf-8", "replace"))
