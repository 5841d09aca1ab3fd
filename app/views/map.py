"""View model of `/map`: what has a place, what has not, and the folium map that draws it."""

from __future__ import annotations

from urllib.parse import urlencode

from markupsafe import Markup

from app.query import BBox, MapAnswer, Query, QueryVectors, map_cells
from app.query.map import extent
from app.views.chips import ChipView, chip_views
from app.views.facets import facets_url
from app.views.folium_map import folium_parts
from app.views.search import SWAP
from app.views.text import counted, sentence
from indexer.catalogue import Catalogue

WORLD = BBox(-180.0, -85.0, 180.0, 85.0)


class MapView:
    """What `map/answer.html` shows beside the map itself.

    Args:
        catalogue: the catalogue drawn.
        query: what the URL asks for.
        vectors: for a query that ranks.
    """

    path = "/map"
    swap = SWAP

    def __init__(self, catalogue: Catalogue, query: Query, vectors: QueryVectors) -> None:
        self._catalogue = catalogue
        self._query = query
        self._answer = map_cells(catalogue, query, WORLD, 0, vectors)
        self.chips: list[ChipView] = chip_views(catalogue, query, self.path)
        self.facets_url = facets_url(query, self.path)
        self.parameters = urlencode(query.after(None).to_params())
        self.search_parameters = urlencode(query.with_(bbox=None).to_params())

    @property
    def title(self) -> str:
        """Title of the page."""
        return f"Map: {self._query.q}" if self._query.q else "Map"

    @property
    def truth(self) -> str:
        """How many samples the map can show, and how many it cannot."""
        return placed(self._answer)

    def folium(self, nonce: str) -> dict[str, Markup]:
        """Header, element and script of the map, opened on the filtered area or on all points."""
        box = self._query.filters.bbox or extent(self._catalogue, self._query)
        version = self._catalogue.manifest.catalogue_id
        return folium_parts(box, {"image": f"/images/{{id}}?size=128&v={version}"}, nonce)


def placed(answer: MapAnswer) -> str:
    """`4,021 of 6,000 samples have a point - 812 only a UTM zone - 1,167 have no place to draw`."""
    tiers = answer.tiers
    everything = sum(tiers.values())
    points = tiers.get("point", 0)
    rest = everything - points - tiers.get("zone", 0)
    best = f"of the {answer.ranked:,} best results" if answer.ranked is not None else None
    have = "has" if points == 1 else "have"
    subject = f"{points:,} {best}" if best else f"{points:,} of {counted(everything, 'sample')}"
    return sentence(
        [
            f"{subject} {have} a point",
            f"{tiers['zone']:,} only a UTM zone" if tiers.get("zone") else None,
            f"{rest:,} no place to draw" if rest else None,
        ]
    )
