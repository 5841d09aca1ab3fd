"""A sample as the gallery shows it."""

from __future__ import annotations

from dataclasses import dataclass

from app.query import Query
from app.query.answer import Hit
from app.query.groups import NEAR_DUPLICATE
from app.query.query import MAX_LIKE
from app.templates import image_url
from indexer.catalogue import Catalogue
from indexer.catalogue.schema import KEPT

CARD_PIXELS = 256
CARD_COLUMNS = ("caption", "generated_caption", "source", "stage", "file", "has_vector")
"""What a card shows of a sample."""


@dataclass(frozen=True, slots=True)
class Card:
    """One thumbnail, or the caption in its place.

    Attributes:
        id: the sample.
        url: its page.
        image: address of its thumbnail; None without a picture.
        caption: the sentence to read: the generated one where the caption has two parts.
        source: dataset it came from.
        stage: stage that removed it; None for a kept sample.
        score: cosine or BM25; None in a list.
        like_url: the view of samples like it, under the same filters; None without picture and caption.
        also_url: the view of samples like it and what the query is like already; None if it is like nothing.
        alike: number of near-duplicates gathered behind it.
        alike_url: the view of them.
    """

    id: int
    url: str
    image: str | None
    caption: str
    source: str | None
    stage: str | None
    score: float | None
    like_url: str | None
    also_url: str | None
    alike: int
    alike_url: str | None


def card(catalogue: Catalogue, hit: Hit, query: Query, *, by_cosine: bool) -> Card:
    """The card of one result; its links keep the filters of `query`."""
    row, id_ = hit.row, hit.id
    like = query.with_(q="", image=None, mode=None, like=(id_,), sort="spread", min_score=None)
    several = by_cosine and 0 < len(query.like) < MAX_LIKE
    return Card(
        id=id_,
        url=f"/samples/{id_}",
        image=image_url(catalogue, id_, CARD_PIXELS) if row["file"] is not None else None,
        caption=row["generated_caption"] or row["caption"] or "",
        source=row["source"],
        stage=None if row["stage"] == KEPT else row["stage"],
        score=hit.score,
        like_url=like.url("/") if row["has_vector"] or row["caption"] else None,
        also_url=query.with_(like=(*query.like, id_)).url("/") if several else None,
        alike=len(hit.alike),
        alike_url=like.with_(group=False, min_score=NEAR_DUPLICATE).url("/") if hit.alike else None,
    )


def cards(catalogue: Catalogue, hits: list[Hit], query: Query, *, by_cosine: bool) -> list[Card]:
    """The cards of a page of results."""
    return [card(catalogue, hit, query, by_cosine=by_cosine) for hit in hits]
