"""A sample as the gallery shows it."""

from __future__ import annotations

from dataclasses import dataclass

from app.query import Query
from app.query.answer import Hit
from app.query.samples import Row
from app.templates import image_url
from indexer.catalogue import Catalogue
from indexer.catalogue.schema import KEPT

CARD_PIXELS = 256


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
    """

    id: int
    url: str
    image: str | None
    caption: str
    source: str | None
    stage: str | None
    score: float | None
    like_url: str | None


def card(catalogue: Catalogue, row: Row, score: float | None, query: Query) -> Card:
    """The card of one row; "more like this" keeps the filters of `query`."""
    id_ = int(row["id"])
    like = query.with_(q="", image=None, mode=None, like=(id_,), sort="spread")
    return Card(
        id=id_,
        url=f"/samples/{id_}",
        image=image_url(catalogue, id_, CARD_PIXELS) if row["file"] is not None else None,
        caption=row["generated_caption"] or row["caption"] or "",
        source=row["source"],
        stage=None if row["stage"] == KEPT else row["stage"],
        score=score,
        like_url=like.url("/") if row["has_vector"] or row["caption"] else None,
    )


def cards(catalogue: Catalogue, hits: list[Hit], query: Query) -> list[Card]:
    """The cards of a page of results."""
    return [card(catalogue, hit.row, hit.score, query) for hit in hits]
