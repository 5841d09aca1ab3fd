"""What folium makes of many places by itself: the page of each way, as a person would write it."""

from __future__ import annotations

from collections.abc import Callable

import folium
from folium.plugins import FastMarkerCluster

from benchmarks.map_points import Places


def markers(places: Places) -> str:
    """A marker each."""
    drawn = _map()
    for place in places.tolist():
        folium.Marker(place).add_to(drawn)
    return str(drawn.get_root().render())


def cluster(places: Places) -> str:
    """FastMarkerCluster: the places as an array, gathered by the browser."""
    drawn = _map()
    FastMarkerCluster(places.tolist()).add_to(drawn)  # type: ignore[no-untyped-call]
    return str(drawn.get_root().render())


def geojson(places: Places) -> str:
    """One layer of GeoJSON with a circle each."""
    drawn = _map()
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        }
        for latitude, longitude in places.tolist()
    ]
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features}, marker=folium.CircleMarker(radius=4)
    )
    layer.add_to(drawn)
    return str(drawn.get_root().render())


def _map() -> folium.Map:
    return folium.Map(location=[20, 0], zoom_start=2, tiles=None, prefer_canvas=True, maxZoom=18)


# How each is made, what shows that it has drawn, and how many places at most; None for --markers.
RIVALS: dict[str, tuple[Callable[[Places], str], str, int | None]] = {
    "folium.Marker": (markers, ".leaflet-marker-icon", None),
    "folium FastMarkerCluster": (cluster, ".marker-cluster", 10**9),
    "folium.GeoJson": (geojson, "canvas.leaflet-zoom-animated", 10**9),
}
