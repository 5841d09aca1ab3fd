"""Where on Earth a scene may stand: real places and what is found near them, read from `places.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import utm

_CLIMATES = {
    "temperate": ("temperate",),
    "mediterranean": ("temperate", "arid"),
    "arid": ("arid",),
    "tropical": ("tropical",),
    "boreal": ("temperate", "polar"),
    "alpine": ("mountain",),
    "polar": ("polar", "mountain"),
}
"""Climate of the table -> climates of the scenes."""

FEATURES: dict[str, tuple[str, ...]] = {
    "airport": ("city",),
    "baseball_diamond": ("baseball",),
    "beach": ("coast",),
    "bridge": ("bridge", "river"),
    "canyon": ("canyon",),
    "container_port": ("port",),
    "castle": ("castle",),
    "cemetery": ("town", "city"),
    "centre_pivot_fields": ("pivot",),
    "dam": ("dam",),
    "dense_urban": ("city",),
    "desert_dunes": ("desert",),
    "forest": ("forest",),
    "glacier": ("glacier",),
    "golf_course": ("golf",),
    "greenhouses": ("greenhouses",),
    "harbour": ("harbour",),
    "industrial": ("industry", "city"),
    "highway_interchange": ("city",),
    "island": ("island",),
    "lake": ("lake",),
    "orchard": ("orchard",),
    "parking_lot": ("city", "town"),
    "quarry": ("quarry",),
    "rice_terraces": ("terraces",),
    "rail_yard": ("rail", "city"),
    "residential": ("town", "city"),
    "river": ("river",),
    "river_delta": ("delta",),
    "roundabout": ("town", "city"),
    "salt_ponds": ("salt",),
    "sea_ice": ("ice",),
    "snow_mountain": ("mountain",),
    "solar_farm": ("solar",),
    "stadium": ("city",),
    "storage_tanks": ("tanks",),
    "strip_fields": ("farm",),
    "tennis_courts": ("town", "city"),
    "volcano_crater": ("volcano",),
    "wetland": ("wetland",),
    "wind_farm": ("wind",),
}
"""Kind of scene -> features of a place, any of which makes it plausible there."""

_SHORE = frozenset({"coast", "harbour", "island"})
_OPEN_COUNTRY = frozenset(
    {"centre_pivot_fields", "strip_fields", "forest", "desert_dunes", "wind_farm", "river", "wetland"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A town, region or landmark.

    Attributes:
        name: as captions write it.
        country: as FMoW's captions write it.
        latitude: degrees north.
        longitude: degrees east.
        climates: climates of the scenes seen there.
        features: what is found there; `ben` marks the ten countries that BigEarthNet covers.
    """

    name: str
    country: str
    latitude: float
    longitude: float
    climates: frozenset[str]
    features: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point near a place.

    Attributes:
        place: the place.
        latitude: degrees north, WGS 84.
        longitude: degrees east, WGS 84, in [-180, 180).
        utm_zone: 1 to 60.
        utm_band: latitude band letter, empty beyond the bands (south of 80 S, north of 84 N).
    """

    place: Place
    latitude: float
    longitude: float
    utm_zone: int
    utm_band: str

    @property
    def southern(self) -> bool:
        """Whether seasons run as in the southern hemisphere."""
        return self.latitude < 0


@cache
def all_places() -> tuple[Place, ...]:
    """Every place of the table."""
    text = files("indexer.demo").joinpath("places.csv").read_text(encoding="utf-8")
    return tuple(_place(row) for row in csv.DictReader(text.splitlines()))


def _place(row: dict[str, str]) -> Place:
    features = frozenset(row["features"].split())
    climates = set(_CLIMATES[row["climate"]]) | ({"coast"} if features & _SHORE else set())
    return Place(
        row["name"],
        row["country"],
        float(row["latitude"]),
        float(row["longitude"]),
        frozenset(climates),
        features,
    )


@cache
def places_for(kind: str, climates: frozenset[str], in_bigearthnet: bool = False) -> tuple[Place, ...]:
    """Places where a scene of `kind` is plausible, those of a fitting climate where there are any.

    Args:
        kind: the kind of scene.
        climates: the climates its scenes are drawn for.
        in_bigearthnet: only the countries that BigEarthNet covers.
    """
    wanted = set(FEATURES[kind])
    found = [
        place
        for place in all_places()
        if wanted & place.features and (not in_bigearthnet or "ben" in place.features)
    ]
    return tuple(place for place in found if climates & place.climates) or tuple(found)


def draw_spot(place: Place, kind: str, rng: np.random.Generator) -> Spot:
    """A point near `place`: close to it by the sea, anywhere in the region for scenes of the open country."""
    inland = 0.3 if kind in _OPEN_COUNTRY else 0.08
    spread = 0.02 if place.features & _SHORE else inland
    latitude = float(np.clip(place.latitude + rng.normal(0, spread), -84, 84))
    stretch = 1 / np.cos(np.radians(latitude))
    longitude = (place.longitude + float(rng.normal(0, spread) * stretch) + 180) % 360 - 180
    latitude, longitude = round(latitude, 5), round(longitude, 5)
    zone = utm.latlon_to_zone_number(latitude, longitude)
    return Spot(place, latitude, longitude, int(zone), utm.latitude_to_zone_letter(latitude) or "")
