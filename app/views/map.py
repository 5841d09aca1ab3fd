"""View model of `/map`: what has a place, what has not, and the folium map that draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from markupsafe import Markup

from app.query import BBox, MapAnswer, Query, QueryVectors, map_cells
from app.query.geo import Ring
from app.query.map import extent, shows_similarity, similarity_scale
from app.settings import Settings
from app.views.chips import ChipView, chip_views
from app.views.facets import facets_url
from app.views.folium_map import folium_parts
from app.views.search import SWAP
from app.views.text import counted, sentence
from indexer.catalogue import Catalogue

WORLD = BBox(-180.0, -90.0, 180.0, 90.0)
_INHABITED = BBox(-180.0, -58.0, 180.0, 78.0)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Map tiles of somebody's own.

    Attributes:
        url: their address, as `Settings.tile_url`.
        attribution: whom they are owed to, HTML.
    """

    url: str
    attribution: str

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Those of `settings`; None for the outlines that the app brings along."""
        return cls(settings.tile_url, settings.tile_attribution) if settings.tile_url else None


class AreaView(NamedTuple):
    """A part of the Earth that the query names: the parameter that names it, and its outline."""

    name: str
    ring: Ring


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A link that takes the map's viewport along, which only the browser knows.

    Attributes:
        words: what it says.
        path: where it leads.
        name: parameter that the viewport becomes.
        parameters: the others, as a query string.
    """

    words: str
    path: str
    name: str
    parameters: str

    @property
    def href(self) -> str:
        """Where it leads without JavaScript: as if everything were in view."""
        return f"{self.path}?{self.parameters}" if self.parameters else self.path


class MapView:
    """What `map/answer.html` shows beside the map itself.

    Args:
        catalogue: the catalogue drawn.
        query: what the URL asks for.
        vectors: for a query that ranks.
        tiles: drawn below the samples instead of outlines.
    """

    path = "/map"
    swap = SWAP

    def __init__(
        self, catalogue: Catalogue, query: Query, vectors: QueryVectors, tiles: Tiles | None = None
    ) -> None:
        self.by_cosine = shows_similarity(catalogue, query)
        # Without a text there is nothing to be like: a link that took the text away took the colours along.
        query = query if self.by_cosine else query.with_(colour="count")
        self._catalogue = catalogue
        self.query = query
        self._tiles = tiles
        self._answer = map_cells(catalogue, query, WORLD, 0, vectors)
        self.colour = query.colour
        self.scale = similarity_scale(catalogue, query, vectors) if query.colour == "similarity" else None
        self.chips: list[ChipView] = chip_views(catalogue, query, self.path)
        self.facets_url = facets_url(query, self.path)
        self.parameters = urlencode(query.after(None).to_params())

    @property
    def title(self) -> str:
        """Title of the page."""
        return f"Map: {self.query.q}" if self.query.q else "Map"

    @property
    def truth(self) -> list[TierLink]:
        """How many samples the map can show, and how many it cannot, each leading to them."""
        parts = placed_parts(self._answer)
        alone = self._answer.ranked is not None or len(parts) == 1
        return [
            TierLink(words, None if alone else self._plain.with_(tier=tiers).url("/"))
            for words, tiers in parts
        ]

    @property
    def zones_url(self) -> str:
        """The same samples by UTM zone."""
        return Query(filters=self.query.filters).url("/map/zones")

    @property
    def areas(self) -> list[AreaView]:
        """Outlines of what is filtered by, and of what is looked around in."""
        filters = self.query.filters
        named = [("bbox", filters.bbox), ("polygon", filters.polygon), ("near", filters.near)]
        named.append(("around", self.query.around))
        return [AreaView(name, area.outline()) for name, area in named if area is not None]

    @property
    def opened_on(self) -> BBox:
        """What is shown first: the area that is filtered by, else all points, else the world."""
        areas = self.query.filters.areas
        return (areas[0].bounds if areas else extent(self._catalogue, self.query)) or _INHABITED

    def colour_url(self, colour: str) -> str:
        """The map with its colours telling something else."""
        return self.query.with_(colour=colour).url(self.path)

    @property
    def search(self) -> ViewLink:
        """The gallery of what is in view."""
        return ViewLink("Gallery", "/", "bbox", _parameters(self._plain))

    @property
    def only(self) -> ViewLink:
        """The map of nothing but what is in view."""
        return ViewLink("Filter", self.path, "bbox", self.parameters)

    @property
    def around(self) -> ViewLink | None:
        """A search for scenes like those in view; None without vectors."""
        if not self._catalogue.manifest.vectors:
            return None
        like = self._plain.with_(q="", like=(), image=None, min_score=None, group=False, bbox=None)
        return ViewLink("Similar scenes", "/", "around", _parameters(like))

    @property
    def exports(self) -> list[ViewLink]:
        """The samples in view, and the view itself, as files."""
        here = _parameters(self._plain.with_(coordinates="yes"))
        return [
            ViewLink("Samples, CSV", "/export.csv", "bbox", here),
            ViewLink("Samples, GeoJSON", "/export.geojson", "bbox", here),
            ViewLink("Map, one HTML file", "/map.html", "view", self.parameters),
            ViewLink("Picture, PNG", "/map.png", "view", self.parameters),
            ViewLink("Picture, SVG", "/map.svg", "view", self.parameters),
        ]

    @property
    def _plain(self) -> Query:
        """The query as other pages know it."""
        return self.query.after(None).with_(colour="count")

    def folium(self, nonce: str) -> dict[str, Markup]:
        """Header, element and script of the map, opened on the filtered area or on all points."""
        version = self._catalogue.manifest.catalogue_id
        options: dict[str, Any] = {"image": f"/images/{{id}}?size=128&v={version}"}
        if self._tiles is not None:
            options["tiles"] = {"url": self._tiles.url, "attribution": self._tiles.attribution}
        return folium_parts(self.opened_on, options, nonce)


class TierLink(NamedTuple):
    """So many samples of a tier, and where they are; no address where a search would find others."""

    words: str
    url: str | None


def placed(answer: MapAnswer) -> str:
    """`4,021 of 6,000 samples have a point - 812 only a UTM zone - 1,167 have no place to draw`."""
    return sentence(words for words, _ in placed_parts(answer))


def placed_parts(answer: MapAnswer) -> list[tuple[str, tuple[str, ...]]]:
    """The parts of what `placed` says, each with the tiers that it is about."""
    tiers = answer.tiers
    everything = sum(tiers.values())
    points = tiers.get("point", 0)
    rest = everything - points - tiers.get("zone", 0) - tiers.get("place", 0)
    best = f"of the {answer.ranked:,} best results" if answer.ranked is not None else None
    have = "has" if points == 1 else "have"
    subject = f"{points:,} {best}" if best else f"{points:,} of {counted(everything, 'sample')}"
    parts: list[tuple[str, tuple[str, ...]]] = [(f"{subject} {have} a point", ("point",))]
    if tiers.get("zone"):
        parts.append((f"{tiers['zone']:,} only a UTM zone", ("zone",)))
    if tiers.get("place"):
        parts.append((f"{tiers['place']:,} only the name of a place", ("place",)))
    if rest:
        parts.append((f"{rest:,} no place to draw", ("none",)))
    return parts


def _parameters(query: Query) -> str:
    return urlencode(query.to_params())
