"""View model of `/map/zones`: the UTM grid, the long tail, and how to see them otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from app.query import Query
from app.query.longtail import BYS, By, long_tail
from app.query.zones import Reading, ZoneCount, zone_counts
from app.views.chips import ChipView, chip_views
from app.views.facets import facets_url
from app.views.flow import share
from app.views.longtail import NOUNS, TailFigure, group_name, tail_words
from app.views.search import SWAP, Loosening, loosenings
from app.views.text import counted
from app.views.zones_grid import ZonesGrid, zone_name
from app.views.zones_words import counted_words, reading_words
from indexer.catalogue import Catalogue
from indexer.catalogue.facets import MISSING

PATH = "/map/zones"
LISTED = 12
_FORMS = ("svg", "png", "csv")


class Link(NamedTuple):
    """Another view of the same samples, or a file of them."""

    words: str
    url: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One of the largest groups: its rank, name, samples, share and gallery."""

    rank: int
    name: str
    samples: int
    share: str
    url: str


class ZonesView:
    """What `zones/answer.html` shows.

    Args:
        catalogue: the catalogue counted.
        query: its filters say which samples; what ranks says nothing here.
        by: what the long tail groups by.
        reading: how letters behind zone numbers are read.
    """

    swap = SWAP
    title = "UTM zones"

    def __init__(
        self, catalogue: Catalogue, query: Query, by: By = "zone", reading: Reading = "hemisphere"
    ) -> None:
        self.query = Query(filters=query.filters)
        self.text_left_aside = query.ranks
        self._catalogue = catalogue
        self._by = by
        self._reading = reading
        self.counts = zone_counts(catalogue, query.filters, reading)
        self._tail = long_tail(catalogue, query.filters, by, reading, self.counts)
        self.path = _address(PATH, by, reading)
        self.chips: list[ChipView] = chip_views(catalogue, self.query, self.path)
        self.facets_url = facets_url(self.query, self.path)

    @property
    def truth(self) -> str:
        """How many samples have a UTM zone, and how many have not."""
        return counted_words(self.counts)

    @cached_property
    def grid(self) -> ZonesGrid | None:
        """The grid; None where no sample has a zone."""
        return ZonesGrid(self.counts, self._zone_url) if self.counts.located else None

    @property
    def notes(self) -> list[str]:
        """How letters are read."""
        return reading_words(self.counts)

    @property
    def elsewhere(self) -> list[Link]:
        """What has no place on the grid, with the samples behind it."""
        return [
            Link(f"{zone_name(part.zone)}: {counted(part.samples, 'sample')}", self._zone_url(part))
            for part in self.counts.elsewhere
        ]

    @property
    def other_reading(self) -> Link | None:
        """The grid with letters read the other way; None where that changes nothing."""
        if not self.counts.half_sources:
            return None
        if self._reading == "upstream":
            return Link("Letters as they are meant", self._url(self._by, "hemisphere"))
        return Link("Letters as upstream's plot reads them", self._url(self._by, "upstream"))

    @cached_property
    def tail(self) -> TailFigure | None:
        """The groups by rank; None without any."""
        figure = TailFigure(self._tail, lambda group: self._tail.url(self.query, group))
        return figure if figure.bars else None

    @property
    def tail_words(self) -> str:
        """How many groups there are, and how few hold half of the samples."""
        return tail_words(self._tail)

    @property
    def without(self) -> Link | None:
        """Samples that are in no group; without an address where no filter selects them."""
        if not self._tail.without or not self._tail.groups:
            return None
        words = f"{counted(self._tail.without, 'sample')} {'has' if self._tail.without == 1 else 'have'} no "
        if self._by == "zone":
            return Link(f"{words}UTM zone.", "")
        nothing = replace(self._tail.groups[0], values=(MISSING,))
        return Link(f"{words}{NOUNS[self._by][0]}.", self._tail.url(self.query, nothing))

    @property
    def largest(self) -> list[Line]:
        """The first groups."""
        return [
            Line(
                rank,
                group_name(self._by, group),
                group.samples,
                share(group.samples, self._tail.grouped),
                self._tail.url(self.query, group),
            )
            for rank, group in enumerate(self._tail.groups[:LISTED], 1)
        ]

    @property
    def left_out(self) -> int:
        """Groups that are not listed."""
        return max(len(self._tail.groups) - LISTED, 0)

    @property
    def bys(self) -> list[Link]:
        """What the long tail may group by."""
        return [Link(by.capitalize(), self._url(by, self._reading), by == self._by) for by in BYS]

    @property
    def map_url(self) -> str:
        """The map of the same samples."""
        return self.query.url("/map")

    @property
    def zone_files(self) -> list[Link]:
        """The grid as files."""
        return [
            Link(form.upper(), self.query.url(_address(f"{PATH}.{form}", "zone", self._reading)))
            for form in _FORMS
        ]

    @property
    def tail_files(self) -> list[Link]:
        """The long tail as files."""
        return [
            Link(form.upper(), self.query.url(_address(f"/map/longtail.{form}", self._by, self._reading)))
            for form in _FORMS
        ]

    @property
    def loosen(self) -> list[Loosening]:
        """What to remove when nothing matches."""
        return loosenings(self._catalogue, self.query, self.path)

    @property
    def nothing_hint(self) -> str:
        """What to do when nothing matches and there is no filter to remove."""
        return "This catalogue holds no sample that was kept; look at its stages."

    def _url(self, by: By, reading: Reading) -> str:
        return self.query.url(_address(PATH, by, reading))

    def _zone_url(self, part: ZoneCount) -> str:
        return self.query.with_(zone=part.filters).url("/")


def _address(path: str, by: By, reading: Reading) -> str:
    """`path` with the page's own parameters, defaults left out."""
    pairs = {"by": by, "reading": reading}.items() - {"by": "zone", "reading": "hemisphere"}.items()
    return f"{path}?{urlencode(sorted(pairs))}" if pairs else path
