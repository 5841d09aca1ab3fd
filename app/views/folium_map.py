"""A folium map that loads nothing from elsewhere; its script carries the page's nonce."""

from __future__ import annotations

from functools import cache
from typing import Any

from markupsafe import Markup

from app.query import BBox

LEAFLET_JS = "/static/vendor/leaflet/leaflet.js"
LEAFLET_CSS = "/static/vendor/leaflet/leaflet.css"
TOPOJSON_JS = "/static/vendor/topojson-client.min.js"
LARGEST_FIRST_ZOOM = 12

_MAP = """
{% macro header(this, kwargs) %}{% endmacro %}
{% macro html(this, kwargs) %}<div class="folium-map" id="{{ this.get_name() }}"></div>{% endmacro %}
{% macro script(this, kwargs) %}
const {{ this.get_name() }} = L.map("{{ this.get_name() }}", {
  center: {{ this.location | tojson }}, crs: L.CRS.{{ this.crs }}, ...{{ this.options | tojavascript }}
});
L.control.scale({imperial: false}).addTo({{ this.get_name() }});
{% endmacro %}
"""

_SAMPLES = """
{% macro script(this, kwargs) %}
import("/static/js/map/samples.js").then(({ showSamples }) =>
  showSamples({{ this._parent.get_name() }}, {{ this.options | tojson }}));
{% endmacro %}
"""


@cache
def _classes() -> tuple[type[Any], type[Any]]:
    """The map and its layer of samples; folium takes a third of a second to import, so only a map does."""
    import folium
    from folium.template import Template

    class OfflineMap(folium.Map):
        """A map whose size is a matter of CSS and whose assets are this site's own."""

        _template = Template(_MAP)
        default_js = [("leaflet", LEAFLET_JS), ("topojson", TOPOJSON_JS)]  # noqa: RUF012 - folium's own form
        default_css = [("leaflet_css", LEAFLET_CSS)]  # noqa: RUF012

    class Samples(folium.MacroElement):
        """Samples of the viewport, fetched from `/api/map` whenever it moves."""

        _template = Template(_SAMPLES)

        def __init__(self, options: dict[str, str]) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self._name = "Samples"
            self.options = options

    return OfflineMap, Samples


def folium_parts(box: BBox | None, options: dict[str, str], nonce: str) -> dict[str, Markup]:
    """The parts of a page that draw the map.

    Args:
        box: what it shows first; None for the whole Earth.
        options: passed to the layer of samples; `image` is the address of a thumbnail with `{id}` in it.
        nonce: the page's Content-Security-Policy nonce.

    Returns:
        `header` (links for `<head>`), `html` (the element) and `script` (runs after it).
    """
    offline_map, samples = _classes()
    drawn = offline_map(location=[20, 0], zoom_start=2, tiles=None, world_copy_jump=True, zoom_snap=0.5)
    if box:
        east = box.east if box.east >= box.west else box.east + 360
        drawn.fit_bounds(
            [[box.south, box.west], [box.north, east]], padding=(24, 24), max_zoom=LARGEST_FIRST_ZOOM
        )
    drawn.add_child(samples(options))
    figure = drawn.get_root()
    for child in figure._children.values():
        child.render()
    return {
        "header": Markup(figure.header.render()),  # noqa: S704 - folium's own links
        "html": Markup(figure.html.render()),  # noqa: S704
        "script": Markup('<script nonce="{}">{}</script>').format(nonce, Markup(figure.script.render())),  # noqa: S704
    }
