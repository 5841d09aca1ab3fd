"""View models of `/`: the gallery, its truth line, and what to do when nothing matches."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from app.query import Answer, Query, loosen
from app.views.cards import Card, cards
from app.views.chips import ChipView, applying, chip_views
from app.views.examples import Example, examples
from app.views.facets import facets_url
from app.views.paging import Pages, export_rows, pages_of
from app.views.text import counted, facet_label, sentence
from app.views.truth import truth
from indexer.catalogue import Catalogue

# Links inside an answer replace the answer and put their own address in the address bar.
SWAP = Markup('hx-boost="true" hx-target="#answer" hx-swap="outerHTML show:window:top"')

_SCORES = {
    "meaning": "cosine between the text and the picture",
    "likeness": "cosine between the two pictures",
    "words": "BM25 over the words of the caption",
    "list": "",
}


@dataclass(frozen=True, slots=True)
class Loosening:
    """One condition that could go, and what would then remain."""

    label: str
    value: str
    url: str
    count: int


def loosenings(catalogue: Catalogue, query: Query, path: str) -> list[Loosening]:
    """For an empty answer: every filter that could be removed, most promising first."""
    return [
        Loosening(
            option.chip.label,
            facet_label(option.chip.name, option.chip.value),
            option.chip.without.url(path),
            option.count,
        )
        for option in loosen(catalogue, query)
    ]


class SearchView:
    """What `search/answer.html` shows.

    Args:
        catalogue: the catalogue searched.
        query: what the URL asks for; the attribute of that name leaves out what does not apply.
        answer: what was found.
    """

    path = "/"
    swap = SWAP

    def __init__(self, catalogue: Catalogue, query: Query, answer: Answer) -> None:
        # A sample without a picture is likened by its words.
        self.by_cosine = answer.how is not None
        query = applying(query, by_cosine=self.by_cosine)
        self._catalogue = catalogue
        self.query = query
        self._answer = answer
        self.cards: list[Card] = cards(catalogue, answer.hits, query, by_cosine=self.by_cosine)
        self.mode = "caption" if answer.kind == "words" else "image"
        self.page_size = query.page_size
        self._by_words = answer.kind != "list" and not self.by_cosine
        self.score_meaning = _SCORES["words" if self._by_words else answer.kind]
        # A ranking's own best fills the bar, as scores of other queries are on another scale.
        self.score_top = max((hit.score or 0.0 for hit in answer.hits), default=0.0) or 1.0
        self.facets_url = facets_url(query, self.path)
        self.export_rows = export_rows(query, answer)
        self.export_url = query.with_(k=None).url("/export.csv") if answer.found else None
        self.pages: Pages | None = pages_of(query, answer, self.path)

    @property
    def title(self) -> str:
        """Title of the page."""
        if self.query.q:
            return self.query.q
        if self.query.like:
            return f"Like sample {', '.join(map(str, self.query.like))}"
        return "Like your picture" if self.query.image else "Search"

    @property
    def is_empty_state(self) -> bool:
        """Whether nothing was asked: the page then introduces the catalogue."""
        return not self.chips and self.query.cursor is None

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
    def numbers(self) -> str:
        """The catalogue in one line."""
        manifest = self._catalogue.manifest
        sources = {count.source for count in manifest.sources}
        removed = manifest.samples - manifest.kept
        return sentence(
            [
                counted(manifest.samples, "sample"),
                f"{removed:,} of them removed by the filters" if removed else None,
                counted(len(sources), "source"),
                self._pictures,
                f"encoder {manifest.encoder['name']}" if manifest.vectors else None,
            ]
        )

    @property
    def _pictures(self) -> str:
        manifest = self._catalogue.manifest
        if not manifest.vectors:
            return "captions without pictures"
        if manifest.vectors == manifest.samples:
            return "all with a picture"
        return counted(manifest.vectors, "picture")

    @property
    def examples(self) -> list[Example]:
        """Queries that find something here."""
        return examples(self._catalogue)

    def score_text(self, score: float) -> str:
        """A score with the digits that tell results apart: cosines have three, BM25 one."""
        return f"{score:.1f}" if self._by_words else f"{score:.3f}"

    @property
    def next_url(self) -> str | None:
        """The next page."""
        cursor = self._answer.next_cursor
        return self.query.after(cursor).url(self.path) if cursor else None

    def mode_url(self, mode: str) -> str:
        """The same text, searched in another mode."""
        return applying(self.query.with_(mode=mode), by_cosine=mode == "image").url(self.path)

    @property
    def grouped(self) -> bool:
        """Whether near-duplicates are gathered."""
        return self.query.group

    @property
    def group_url(self) -> str:
        """The same ranking, near-duplicates gathered or no longer so."""
        return self.query.with_(group=not self.query.group).url(self.path)

    @property
    def min_score(self) -> str:
        """The least cosine asked for, as its field shows it."""
        return "" if self.query.min_score is None else f"{self.query.min_score:g}"

    @property
    def without_min_score(self) -> list[tuple[str, str]]:
        """What a form that asks for another least cosine sends along."""
        return self.query.with_(min_score=None).to_params()

    @property
    def score_range(self) -> str:
        """The scores on this page, from the best to the last."""
        scores = [hit.score for hit in self._answer.hits if hit.score is not None]
        return f"{scores[0]:.3f} to {scores[-1]:.3f}" if scores else ""

    @property
    def loosen(self) -> list[Loosening]:
        """What to remove when nothing matches."""
        return loosenings(self._catalogue, self.query, self.path)

    @property
    def nothing_hint(self) -> str:
        """What to do when nothing matches and there is no filter to remove."""
        return "This catalogue holds no sample that was kept; look at its stages."
