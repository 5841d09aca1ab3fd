"""How, where and when one scene of the demo world was taken; the parts agree with each other."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from indexer.demo.chance import pick
from indexer.demo.geo_sentences import Acquisition
from indexer.demo.places import Spot, draw_spot, places_for
from indexer.demo.scenes import SCENES, View
from indexer.demo.scenes.view import draw_view

_FIRST_MONTH = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9}
_OVERPASS_HOUR = 10.5
"""Local solar time at which sun-synchronous imaging satellites pass."""


def draw_scene(kind: str, rng: np.random.Generator, in_bigearthnet: bool = False) -> tuple[Spot, View]:
    """A plausible spot for a scene of `kind`, and a view in a climate of that spot."""
    known = SCENES[kind]
    place = pick(rng, places_for(kind, known.climates, in_bigearthnet))
    climates = known.climates & place.climates or known.climates
    return draw_spot(place, kind, rng), draw_view(rng, climates, known.gsd_m, known.snow)


def acquire(spot: Spot, view: View, rng: np.random.Generator, in_bigearthnet: bool = False) -> Acquisition:
    """Date and geometry that fit the spot and what the view shows.

    The month lies in the season that the picture shows, south of the equator half a year apart.
    BigEarthNet's tiles are from June 2017 to May 2018.
    """
    shift = 6 if spot.southern else 0
    month = (_FIRST_MONTH[view.season] + int(rng.integers(3)) + shift - 1) % 12 + 1
    year = int(rng.integers(2009, 2018))
    if in_bigearthnet:
        year = 2017 if month >= 6 else 2018
    hour = round(_OVERPASS_HOUR - spot.longitude / 15 + float(rng.normal(0, 0.4))) % 24
    return Acquisition(
        spot=spot,
        taken_at=datetime(year, month, int(rng.integers(1, 29)), hour),
        gsd_m=view.gsd_m,
        cloud_cover=round(view.cloud_cover * 100),
        scan=pick(rng, ("forward", "reverse")),
        azimuth_deg=round(float(rng.uniform(0, 360)), 2),
        off_nadir_deg=round(float(rng.beta(2, 3)) * 40, 2),
    )
