"""The filter panel: every value a link to the view with that value switched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress
from operator import not_
from urllib.parse import urlencode

from markupsafe import Markup

from app.query import Query, facets
from app.query.facets import FacetCounts
from app.views.text import facet_label
from indexer.catalogue import Catalogue
from indexer.catalogue.schema import KEPT

TOP = 8
SEVERAL = 12


@dataclass(frozen=True, slots=True)
class ValueLink:
    """One value, the number of samples it would give, and the view with it switched."""

    label: str
    url: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet.

    Attributes:
        name: URL parameter.
        label: heading.
        chosen: number of values picked.
        open: whether its list is unfolded at first.
        top: values always shown.
        rest: the others, behind "show all".
        total: number of values listed.
    """

    name: str
    label: str
    chosen: int
    open: bool
    top: list[ValueLink]
    rest: list[ValueLink]
    total: int


def facets_url(query: Query, path: str) -> str:
    """Where the filter panel of the page at `path` is fetched from."""
    return f"/facets?{urlencode([('page', path), *query.after(None).to_params()])}"


class FacetsView:
    """What `facets/list.html` shows.

    Args:
        catalogue: the catalogue counted.
        query: what the page's URL asks for.
        path: the page whose view the links change.
        swap: attributes that make a link replace the answer in place.
        unfolded: whether every facet is open, as on a page of their own.
    """

    def __init__(
        self, catalogue: Catalogue, query: Query, path: str, swap: Markup, *, unfolded: bool
    ) -> None:
        self.swap = swap
        self.unfolded = unfolded
        counts = facets(catalogue, query)
        self.facets = [_facet(facet, query, path) for facet in counts.values() if _worth_showing(facet)]


def _worth_showing(facet: FacetCounts) -> bool:
    """A facet without a choice tells nothing."""
    values = list(facet)
    return len(values) > 1 or any(value.selected for value in values)


def _addresses(facet: FacetCounts, query: Query, path: str) -> Callable[[str], str]:
    """Gives the address of the view with a value of `facet` switched.

    Where none is picked, addresses differ in the one value only: hundreds are written in the time of a few.
    """
    first = next(iter(facet), None)
    if first is None or facet.name in ("coordinates", "stage") or any(value.selected for value in facet):
        return lambda value: query.toggled(facet.name, value).url(path)
    address = query.toggled(facet.name, first.value).url(path)
    before, _, after = address.partition(urlencode({facet.name: first.value}))
    return lambda value: f"{before}{urlencode({facet.name: value})}{after}"


def _facet(facet: FacetCounts, query: Query, path: str) -> FacetView:
    address = _addresses(facet, query, path)
    links = [
        ValueLink(
            facet_label(facet.name, value.value),
            address(value.value),
            value.samples,
            value.selected or (facet.name == "stage" and value.value == query.filters.stage == KEPT),
        )
        for value in facet
    ]
    long = len(links) > SEVERAL
    shown = [not long or place < TOP or link.chosen for place, link in enumerate(links)]
    chosen = sum(value.selected for value in facet)
    return FacetView(
        name=facet.name,
        label=facet.label,
        chosen=chosen,
        open=bool(chosen) or facet.name in ("source", "class"),
        top=list(compress(links, shown)),
        rest=list(compress(links, map(not_, shown))),
        total=len(links) + facet.more,
    )
