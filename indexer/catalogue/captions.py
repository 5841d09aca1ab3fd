"""Ranked full-text search over captions (tantivy, BM25), inside filters."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import tantivy

from indexer.catalogue.caption_conditions import Conditions, Within
from indexer.errors import UserError

# tantivy keeps as many hits in memory as the last one's place says: 32 bytes each.
MAX_PLACES = 1_000_000
# What a query is made of: words, quotes, a hyphen, OR and brackets. The rest of tantivy's query language
# (fields, ranges, boosts, wildcards) would reach fields that are no captions, and scores that are no BM25.
_NOT_OURS = re.compile(r"[^\w\s\"()+'-]")
# What tantivy calls "en_stem".
_ANALYZER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(40))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


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
        self._conditions = Conditions(self._searcher, self._index.schema)

    def search(
        self,
        text: str,
        limit: int,
        *,
        offset: int = 0,
        within: Within | None = None,
        sort: str | None = None,
        without: int | None = None,
    ) -> CaptionHits:
        """The `limit` samples after the first `offset` ones whose captions match `text`.

        Args:
            text: the query.
            limit: number of samples; 0 only counts.
            offset: how many of the first ones to pass over.
            within: what the samples must satisfy; None for nothing.
            sort: one of `SORTS` but the default one, to order by that; None orders by relevance.
            without: id of a sample to leave out; None for none.

        Raises:
            UserError: more than the first `MAX_PLACES` places are asked for.
        """
        if not re.search(r"\w", text):
            return CaptionHits([], [], 0)
        query = self._query(text, within)
        left_out = without is not None and self._matches(query, without)
        if not left_out:
            return self._hits(query, offset, limit, sort)
        hits = self._hits(query, 0, offset + limit + 1, sort)
        kept = [place for place, id_ in enumerate(hits.ids) if id_ != without][offset : offset + limit]
        scores = [hits.scores[place] for place in kept] if hits.scores else []
        return CaptionHits([hits.ids[place] for place in kept], scores, hits.found - 1)

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

    def frequency(self, word: str) -> int:
        """Number of captions that hold the single word `word`."""
        return sum(self._searcher.doc_freq("caption", stem) for stem in _ANALYZER.analyze(word)[:1])

    def _parse(self, text: str) -> tantivy.Query:
        words = _NOT_OURS.sub(" ", text)
        query, _errors = self._index.parse_query_lenient(words, ["caption"], conjunction_by_default=True)
        return query

    def _query(self, text: str, within: Within | None) -> tantivy.Query:
        words = self._parse(text)
        clauses = self._conditions.clauses(within or Within())
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, words), *clauses]) if clauses else words

    def _hits(self, query: tantivy.Query, offset: int, limit: int, sort: str | None) -> CaptionHits:
        captions = self._searcher.num_docs
        beyond = limit < 1 or offset >= captions
        # tantivy takes no limit of 0.
        offset, limit = (0, 1) if beyond else (offset, min(limit, captions))
        if offset + limit > MAX_PLACES:
            raise UserError(
                f"Only the first {MAX_PLACES:,} captions of a ranking can be looked at.",
                "Add words or filters.",
            )
        # Counting also keeps tantivy from skipping what cannot reach the top. Where it skips, it adds up the
        # words' shares of a score in another order, and a score would change with the page it is on.
        result = self._searcher.search(
            query, limit, count=True, order_by_field=sort, offset=offset, order=tantivy.Order.Asc
        )
        hits = [] if beyond else result.hits
        return CaptionHits(
            ids=self._ids([address for _, address in hits]),
            scores=[score for score, _ in hits] if sort is None else [],
            found=result.count,  # type: ignore[attr-defined]
        )

    def _ids(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        return self._searcher.fast_field_values("id", addresses)  # type: ignore[return-value]

    def _matches(self, query: tantivy.Query, id_: int) -> bool:
        captions = range(self._searcher.num_docs)
        place = bisect_left(captions, id_, key=lambda place: self._ids([tantivy.DocAddress(0, place)])[0])
        address = tantivy.DocAddress(0, place)
        if place == len(captions) or self._ids([address]) != [id_]:
            return False
        try:
            query.explain(self._searcher, address)
        except ValueError:
            return False
        return True


def _characters(encoded: bytes, position: int) -> int:
    return len(encoded[:position].decode("utf-8", "replace"))
