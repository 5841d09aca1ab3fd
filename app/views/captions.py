"""View model of `/captions`: captions as a list to read, with what was looked for marked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from app.query import Query
from app.query.answer import Hit
from app.query.captions import CaptionList
from app.templates import image_url
from app.views.chips import ChipView, applying, chip_views
from app.views.facets import facets_url
from app.views.paging import Pages, export_rows, pages_of
from app.views.search import SWAP, Loosening, loosenings
from app.views.text import WRITTEN
from app.views.truth import truth
from indexer.catalogue import Catalogue
from indexer.catalogue.schema import KEPT

THUMB_PIXELS = 128
CAPTION_COLUMNS = ("caption", "caption_chars", "caption_origin", "source", "stage", "file")
"""What a row shows of a sample."""
_SORTS = {"spread": "Spread", "longest": "Longest", "shortest": "Shortest", "id": "Id"}


@dataclass(frozen=True, slots=True)
class CaptionRow:
    """One caption.

    Attributes:
        id: the sample.
        url: its page.
        image: address of its thumbnail; None without a picture.
        text: the caption, escaped, what was looked for inside `<mark>`.
        chars: its length in characters.
        source: dataset it came from.
        origin: who wrote it, where that is known (`by a model`).
        stage: stage that removed the sample; None for a kept one.
        score: BM25; None in a list.
        like_url: samples like it.
    """

    id: int
    url: str
    image: str | None
    text: Markup
    chars: int
    source: str | None
    origin: str | None
    stage: str | None
    score: float | None
    like_url: str | None


@dataclass(frozen=True, slots=True)
class SortLink:
    """One order the list can have."""

    label: str
    url: str
    chosen: bool


class CaptionsView:
    """What `captions/answer.html` shows.

    Args:
        catalogue: the catalogue searched.
        query: what the URL asks for; the attribute of that name leaves out what does not apply.
        found: the captions, with what was looked for marked.
    """

    path = "/captions"
    swap = SWAP

    def __init__(self, catalogue: Catalogue, query: Query, found: CaptionList) -> None:
        answer = found.answer
        query = applying(query, by_cosine=answer.how is not None)
        self._catalogue = catalogue
        self.query = query
        self._answer = answer
        self.rows = [self._row(hit, text) for hit, text in zip(answer.hits, found.texts, strict=True)]
        self.page_size = query.page_size
        self.facets_url = facets_url(query, self.path)
        self.export_rows = export_rows(query, answer)
        caption_query = query.with_(mode="caption" if query.q else None, k=None)
        self.export_url = caption_query.url("/export.csv") if answer.found else None
        self.pages: Pages | None = pages_of(query, answer, self.path)

    @property
    def title(self) -> str:
        """Title of the page."""
        return f"Captions: {self.query.q}" if self.query.q else "Captions"

    @cached_property
    def chips(self) -> list[ChipView]:
        """Active conditions."""
        return chip_views(self._catalogue, self.query, self.path)

    @property
    def truth(self) -> str:
        """The line under the search box."""
        return truth(self._answer, self.query, self._catalogue.manifest.search)

    @property
    def approximate(self) -> bool:
        """Whether the answer may miss something, which `/about` explains."""
        return self._answer.method == "approximate"

    @property
    def sorts(self) -> list[SortLink]:
        """The orders on offer; the first one is by relevance where words were looked for."""
        return [
            SortLink(
                "Relevance" if name == "spread" and self.query.ranks else label,
                self.query.with_(sort=name).url(self.path),
                self.query.sort == name,
            )
            for name, label in _SORTS.items()
        ]

    @property
    def next_url(self) -> str | None:
        """The next page."""
        cursor = self._answer.next_cursor
        return self.query.after(cursor).url(self.path) if cursor else None

    @property
    def loosen(self) -> list[Loosening]:
        """What to remove when nothing matches."""
        return loosenings(self._catalogue, self.query.with_(mode="caption"), self.path)

    @property
    def nothing_hint(self) -> str:
        """What to do when nothing matches and there is no filter to remove."""
        return "This catalogue holds no sample that was kept; look at its stages."

    def _row(self, hit: Hit, text: Markup) -> CaptionRow:
        row, id_ = hit.row, hit.id
        return CaptionRow(
            id=id_,
            url=f"/samples/{id_}",
            image=image_url(self._catalogue, id_, THUMB_PIXELS) if row["file"] is not None else None,
            text=text or Markup("(no caption)"),
            chars=row["caption_chars"] or 0,
            source=row["source"],
            origin=WRITTEN.get(row["caption_origin"]),
            stage=None if row["stage"] == KEPT else row["stage"],
            score=hit.score,
            like_url=Query(like=(id_,)).url("/"),
        )
