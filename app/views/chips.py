"""The active conditions of a view, each a link to the view without it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.query import Query
from app.query.cells import Cell
from app.query.geo.zone import NO_BAND
from app.query.query import Chip
from app.query.samples import fetch_rows
from app.templates import image_url
from app.views.text import area, degrees, facet_label
from indexer.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ChipView:
    """One condition.

    Attributes:
        label: what it is about.
        value: what it asks for.
        url: the view without it.
        picture: address of the query picture, where the condition is one.
    """

    label: str
    value: str
    url: str
    picture: str | None = None


def applying(query: Query, *, by_cosine: bool) -> Query:
    """`query` without what only rankings by cosine know, where it is none: no link is to carry it on."""
    return query if by_cosine else replace(query, min_score=None, group=False)


def chip_views(catalogue: Catalogue, query: Query, path: str) -> list[ChipView]:
    """The chips of `query` on the page at `path`."""
    liked = fetch_rows(catalogue, query.like, ("file",)) if query.like else []
    pictures = {row["id"]: image_url(catalogue, row["id"], 128) for row in liked if row["file"] is not None}
    chips = [_view(pictures, query, chip, path) for chip in query.chips()]
    if query.group:
        chips.append(ChipView("Near-duplicates", "gathered", query.with_(group=False).url(path)))
    return chips


def place_chips(cell: Cell, path: str) -> list[ChipView]:
    """The chips of a cell's place on the page at `path`."""
    asked = Query(filters=cell.place)
    return [
        ChipView(chip.label, _value(asked, chip), cell.with_(place=chip.without.filters).url(path))
        for chip in asked.chips()
    ]


def _view(pictures: dict[int, str], query: Query, chip: Chip, path: str) -> ChipView:
    url = applying(chip.without, by_cosine=chip.without.ranks).url(path)
    if chip.name == "like":
        return ChipView("Like sample", chip.value, url, pictures.get(int(chip.value)))
    if chip.name == "image":
        return ChipView("Like your picture", "", url, f"/query-images/{query.image}")
    return ChipView(chip.label, _value(query, chip), url)


def _value(query: Query, chip: Chip) -> str:
    filters = query.filters
    match chip.name:
        case "bbox" if filters.bbox:
            return area(filters.bbox)
        case "around" if query.around:
            return area(query.around)
        case "polygon" if filters.polygon:
            return f"{len(filters.polygon.corners)} corners, {area(filters.polygon.bounds)}"
        case "near" if filters.near:
            where = filters.near.name or degrees(filters.near.latitude, filters.near.longitude)
            return f"{where}, {filters.near.km:g} km"
        case "zone" if chip.value.endswith(NO_BAND):
            return f"{chip.value.removesuffix(NO_BAND).rstrip('-')}, no band known"
        case _:
            return facet_label(chip.name, chip.value)
