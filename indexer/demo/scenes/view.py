"""How a scene was seen: season, light, clouds, resolution and sensor look."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

SEASONS = ("spring", "summer", "autumn", "winter")
CLIMATES = ("temperate", "arid", "tropical", "polar", "mountain", "coast")
LOOKS = ("aerial", "pan_sharpened", "medium_resolution", "hazy", "film", "compressed")
"""Sensor looks: a crisp colour camera; over-sharpened with a cast; soft; veiled; faded; blocky JPEG."""

_LOOK_WEIGHTS = (0.34, 0.2, 0.16, 0.12, 0.09, 0.09)


@dataclass(frozen=True, slots=True)
class View:
    """The circumstances of one acquisition; every value is visible in the picture.

    Attributes:
        season: one of `SEASONS`.
        climate: one of `CLIMATES`; decides plant and soil colours.
        cloud_cover: fraction of the picture behind cloud, 0 to 0.6.
        gsd_m: ground sample distance in metres per pixel; smaller shows the scene larger.
        sun_azimuth_deg: direction of the sun, clockwise from up (north).
        sun_elevation_deg: height of the sun; low sun casts long shadows.
        look: one of `LOOKS`.
        snow: whether snow lies on the ground.
    """

    season: str
    climate: str
    cloud_cover: float
    gsd_m: float
    sun_azimuth_deg: float
    sun_elevation_deg: float
    look: str
    snow: bool


def draw_view(
    rng: np.random.Generator, climates: Collection[str], gsd_m: tuple[float, float], snow: bool
) -> View:
    """Draw a plausible view.

    Args:
        rng: source of randomness.
        climates: where the scene occurs.
        gsd_m: range of ground sample distances at which it is recognisable.
        snow: whether its ground may lie under snow.
    """
    season = SEASONS[int(rng.integers(4))]
    climate = sorted(climates)[int(rng.integers(len(climates)))]
    chance = (
        {"polar": 0.8, "mountain": 0.7, "temperate": 0.35}.get(climate, 0.0) if season == "winter" else 0.0
    )
    cloudy = rng.random() < 0.3
    cover = float(rng.beta(1.2, 3.8)) * 0.45 if cloudy else 0.0
    low, high = np.log(gsd_m[0]), np.log(gsd_m[1])
    return View(
        season=season,
        climate=climate,
        cloud_cover=round(min(cover, 0.4), 2),
        gsd_m=round(float(np.exp(rng.uniform(low, high))), 2),
        sun_azimuth_deg=round(float(rng.uniform(95, 265)), 1),
        sun_elevation_deg=round(float(rng.uniform(32, 62)), 1),
        look=str(rng.choice(LOOKS, p=_LOOK_WEIGHTS)),
        snow=bool(snow and rng.random() < chance),
    )
