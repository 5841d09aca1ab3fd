"""Captions as a list: found by words, with the words marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from app.query.answer import Answer
from app.query.query import Query
from app.query.samples import COLUMNS
from app.query.search import search
from app.query.vectors import QueryVectors
from indexer.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class CaptionList:
    """A page of captions.

    Attributes:
        answer: the samples, ranked by words where words were asked for.
        texts: caption of each hit, escaped, its matching words inside `<mark>`.
    """

    answer: Answer
    texts: list[Markup]


def list_captions(
    catalogue: Catalogue,
    query: Query,
    vectors: QueryVectors | None = None,
    limit: int | None = None,
    columns: Sequence[str] = COLUMNS,
) -> CaptionList:
    """Captions of the samples that pass, those that hold the words of `query.q` first and alone.

    Raises:
        UserError: as `search`.
    """
    answer = search(catalogue, replace(query, mode="caption"), vectors, limit, ("caption", *columns))
    texts = [highlight(catalogue, query.q, hit.row["caption"] or "") for hit in answer.hits]
    return CaptionList(answer, texts)


def highlight(catalogue: Catalogue, words: str, caption: str) -> Markup:
    """`caption` escaped, what matches `words` inside `<mark>`."""
    if not words:
        return escape(caption)
    marked = Markup()
    end = 0
    for start, stop in catalogue.captions.highlight(words, caption):
        marked += escape(caption[end:start]) + Markup("<mark>{}</mark>").format(caption[start:stop])
        end = stop
    return marked + escape(caption[end:])
