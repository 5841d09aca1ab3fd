"""The figures of `/map/zones` as pictures for a paper, light and complete in themselves."""

from __future__ import annotations

from itertools import accumulate
from textwrap import wrap
from typing import Literal

from app.query import Query
from app.query.longtail import LongTail
from app.query.zones import ZoneCounts
from app.templates import templates
from app.views.chips import chip_views
from app.views.longtail import NOUNS, TailFigure
from app.views.text import printable
from app.views.zones_grid import ZonesGrid
from app.views.zones_words import counted_words, reading_words
from indexer.catalogue import Catalogue

_MARGIN = 20
_LINE = 18
# Width of a letter at 13 units, on the safe side.
_LETTER = 7.6


class ZonesPicture:
    """What `zones/picture.svg` draws.

    Args:
        catalogue: the catalogue drawn, for the caption.
        query: whose filters are named.
        shown: the counts, or the groups.
    """

    margin = _MARGIN

    def __init__(self, catalogue: Catalogue, query: Query, shown: ZoneCounts | LongTail) -> None:
        self.what: Literal["zones", "tail"] = "zones" if isinstance(shown, ZoneCounts) else "tail"
        self.figure: ZonesGrid | TailFigure
        notes = [f"Catalogue {catalogue.manifest.catalogue_id}."]
        if isinstance(shown, ZoneCounts):
            self.figure = ZonesGrid(shown)
            self.title = "Samples per UTM zone and latitude band"
            notes = [counted_words(shown), *reading_words(shown), f"{notes[0]} Outlines: Natural Earth."]
        else:
            self.figure = TailFigure(shown)
            self.title = f"Samples per {NOUNS[shown.by][0]}, by rank"
            notes = [self.figure.summary, *notes]
        self.width = self.figure.width + 2 * _MARGIN
        chips = [f"{chip.label}: {chip.value}" for chip in chip_views(catalogue, query, "/map/zones")]
        self.conditions = self._lines(printable(" - ".join(chips) or "All samples"), 2)
        self.notes = [line for note in notes for line in self._lines(note, 4)]

    @property
    def top(self) -> int:
        """Where the figure begins."""
        return 44 + 20 * len(self.conditions)

    @property
    def legend_y(self) -> int:
        """Base line of the legend."""
        return self.top + self.figure.height + 26

    @property
    def notes_y(self) -> int:
        """Base line of the first note."""
        return self.legend_y + 28 if self.what == "zones" else self.legend_y

    @property
    def height(self) -> int:
        """Of the whole picture."""
        return self.notes_y + _LINE * len(self.notes)

    @property
    def legend(self) -> list[tuple[float, str, str]]:
        """Place, colour and words of each step."""
        if not isinstance(self.figure, ZonesGrid):
            return []
        steps = self.figure.legend
        widths = [44 + _LETTER * len(words) for _, words in steps]
        places = accumulate(widths[:-1], initial=float(_MARGIN + self.figure.left))
        return [(round(x, 1), *step) for x, step in zip(places, steps, strict=False)]

    def svg(self) -> str:
        """The picture."""
        return templates.get_template("zones/picture.svg").render(picture=self)

    def _lines(self, text: str, most: int) -> list[str]:
        lines = wrap(text, int((self.width - 2 * _MARGIN) / _LETTER))
        return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]
