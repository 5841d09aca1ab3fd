"""The map as one HTML file: folium's own page with everything inside that it needs."""

from __future__ import annotations

import base64
import re
from dataclasses import asdict
from functools import cache
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import escape

from app.atlas import countries
from app.licence import LICENCE_NOTE
from app.query import BBox, Query, QueryVectors
from app.query.map import MapAnswer, MapPoint
from app.query.samples import fetch_rows
from app.templates import folder
from app.thumbnails import Thumbnails
from app.views.map_picture import MapPicture
from indexer.catalogue import Catalogue

PICTURES = 200
_THUMBNAIL = 128
_LEAFLET = "vendor/leaflet/leaflet"

_PAGE = """
{% macro header(this, kwargs) %}{% endmacro %}
{% macro html(this, kwargs) %}
<header><h1>{{ this.text.title }}</h1><p>{{ this.text.truth }}</p></header>
<div id="map"></div>
<footer>{{ this.text.licence }}</footer>
{% endmacro %}
{% macro script(this, kwargs) %}
drawMapFile(L.map("map", {worldCopyJump: true, zoomSnap: .5, maxZoom: 18}), {{ this.facts }});
{% endmacro %}
"""


@cache
def _map_class() -> type[Any]:
    import folium
    from folium.template import Template

    class MapFile(folium.Map):
        """A map whose scripts and styles stand in its own page."""

        _template = Template(_PAGE)
        default_js = []  # noqa: RUF012 - folium's own form
        default_css = []  # noqa: RUF012

        def __init__(self, text: dict[str, str], facts: dict[str, Any]) -> None:
            super().__init__(tiles=None)
            self.text = {name: _inert(escape(words), "&#123;") for name, words in text.items()}
            self.facts = _inert(htmlsafe_json_dumps(facts), "\\u007b")

    return MapFile


def map_file(
    catalogue: Catalogue,
    query: Query,
    vectors: QueryVectors,
    thumbnails: Thumbnails,
    view: BBox | None = None,
) -> bytes:
    """A page that shows what `/map` shows in `view`, by itself and without a connection.

    Args:
        catalogue: the catalogue drawn.
        query: what the URL asks for.
        vectors: for a query that ranks.
        thumbnails: pictures of the first `PICTURES` points, which travel inside.
        view: part of the Earth that is to be seen; None for where the samples are.
    """
    picture = MapPicture(catalogue, query, vectors, view)
    seen = picture.frame.view
    east = seen.east if seen.east > seen.west else seen.east + 360
    answer = picture.answer
    title, steps = picture.legend
    text = {
        "title": ", ".join(picture.conditions) or "All samples",
        "truth": f"{picture.truth} Catalogue {picture.catalogue_id}.",
        "licence": f"{LICENCE_NOTE} Outlines: Natural Earth.",
    }
    facts = {
        "view": [[seen.south, seen.west], [seen.north, east]],
        "land": [[ring.round(2).tolist() for ring in polygon] for polygon in countries()],
        "areas": picture.rings,
        "zones": [asdict(zone) for zone in answer.zones],
        "marks": _marks(picture, answer),
        "named": [
            {"latitude": cell.latitude, "longitude": cell.longitude, "count": cell.count, "radius": radius}
            for cell, (_, _, radius) in zip(answer.named, picture.named, strict=True)
        ],
        "points": _described(catalogue, answer.points, thumbnails),
        "legend": {
            "title": title,
            "steps": steps,
            "zones": picture.zone_samples,
            "named": picture.named_samples,
        },
    }
    drawn = _map_class()(text, facts)
    figure = drawn.get_root()
    figure.title = escape(f"{text['title']} - RS5M Explorer")
    from branca.element import Element

    for name, tag in ((f"{_LEAFLET}.css", "style"), ("css/map-file.css", "style")):
        figure.header.add_child(Element(f"<{tag}>{_asset(name)}</{tag}>"), name=name)
    for name in (f"{_LEAFLET}.js", "js/map/map-file.js"):
        figure.header.add_child(Element(f"<script>{_asset(name)}</script>"), name=name)
    return str(figure.render()).encode()


def _inert(text: str, brace: str) -> str:
    """`text` with nothing in it that a template would run: branca reads what a macro wrote as another one."""
    return re.sub(r"\{(?=[{%#])", lambda _: brace, str(text))


def _asset(name: str) -> str:
    """A file of static/, to stand inside a page; branca would read braces in it as its own."""
    text = (folder("static") / name).read_text(encoding="utf-8")
    return "{% raw %}" + text.replace("</script", "<\\/script") + "{% endraw %}"


def _marks(picture: MapPicture, answer: MapAnswer) -> list[dict[str, Any]]:
    marks = picture.marks
    points = [(point.latitude, point.longitude, 1) for point in answer.points]
    cells = [(cell.latitude, cell.longitude, cell.count) for cell in answer.cells]
    return [
        {"latitude": latitude, "longitude": longitude, "count": count, "radius": radius, "colour": colour}
        for (latitude, longitude, count), (_, _, radius, colour) in zip(points + cells, marks, strict=True)
    ]


def _described(catalogue: Catalogue, points: list[MapPoint], thumbnails: Thumbnails) -> list[dict[str, Any]]:
    """What a click on each point shows; in the order of the marks."""
    ids = [point.id for point in points]
    rows = fetch_rows(catalogue, ids, ("id", "source", "key", "url"))
    pictured = {point.id for point in [point for point in points if point.image][:PICTURES]}
    return [
        {
            "caption": point.caption,
            "name": f"{row['source'] or 'sample'} {row['key']}",
            "url": row["url"],
            "picture": _data_address(thumbnails, point.id) if point.id in pictured else None,
        }
        for point, row in zip(points, rows, strict=True)
    ]


def _data_address(thumbnails: Thumbnails, id_: int) -> str | None:
    picture = thumbnails.held(id_, _THUMBNAIL) or thumbnails.resized(id_, _THUMBNAIL)
    if not picture.lasting:
        return None
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"
