"""Ranked full-text search over captions (tantivy, BM25)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from indexer.errors import UserError

# English stemming: "airports" finds "airport". Phrases need the positions that this field keeps by default.
_TOKENIZER = "en_stem"
_WRITER_BYTES = 128_000_000


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    builder.add_text_field("caption", tokenizer_name=_TOKENIZER)
    return builder.build()


def write_captions(folder: Path, captions: Iterable[tuple[int, str]]) -> None:
    """Index `captions` (id, text) into the new folder `folder`."""
    folder.mkdir()
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    for number, caption in captions:
        document = tantivy.Document()
        document.add_unsigned("id", number)
        document.add_text("caption", caption)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


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

    def search(self, text: str, limit: int) -> list[tuple[int, float]]:
        """The best `limit` samples as (id, BM25 score), best first."""
        ids, scores = self._hits(text, limit)
        return list(zip(ids.tolist(), scores.tolist(), strict=True))

    def matches(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Every sample that matches, best first: ids int64 (m,) and BM25 scores float32 (m,)."""
        return self._hits(text, self._searcher.num_docs)

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
        query, _errors = self._index.parse_query_lenient(text, ["caption"], conjunction_by_default=True)
        return query

    def _hits(self, text: str, limit: int) -> tuple[np.ndarray, np.ndarray]:
        if limit < 1 or not text.strip():
            return np.empty(0, np.int64), np.empty(0, np.float32)
        found = self._searcher.search(self._parse(text), limit=limit, count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in found])
        scores = np.array([score for score, _ in found], np.float32)
        return np.array(ids, np.int64), scores


def _characters(encoded: bytes, position: int) -> int:
    return len(encoded[:position].decode("utf-8", "replace"))
