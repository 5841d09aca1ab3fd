"""Colours: ramps, and the tones that season, climate and snow give to plants and soil."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.demo.scenes.noise import Field
from indexer.demo.scenes.view import View

Colour = tuple[int, int, int]
Ramp = NDArray[np.float32]
"""(256, 3) colours from dark or low to light or high, 0..255."""
Pixels = NDArray[np.float32]
"""(256, 256, 3) in 0..255."""

ASPHALT: Colour = (98, 99, 102)
CONCRETE: Colour = (176, 174, 166)
WHITE_PAINT: Colour = (228, 228, 222)
YELLOW_PAINT: Colour = (222, 188, 84)
SHADOW: Colour = (22, 27, 40)
TERRACOTTA: tuple[Colour, ...] = (
    (168, 98, 70),
    (180, 112, 82),
    (152, 86, 64),
    (190, 126, 96),
    (160, 106, 84),
)
SHINGLE: tuple[Colour, ...] = (
    (112, 106, 102),
    (132, 122, 112),
    (96, 92, 94),
    (142, 116, 100),
    (150, 146, 142),
)
FLAT_ROOF: tuple[Colour, ...] = (
    (196, 194, 188),
    (168, 166, 162),
    (146, 146, 146),
    (210, 206, 196),
    (182, 172, 156),
)
METAL_ROOF: tuple[Colour, ...] = (
    (206, 210, 214),
    (120, 146, 176),
    (172, 178, 182),
    (150, 92, 78),
    (128, 152, 138),
)
CARS: tuple[Colour, ...] = (
    (232, 232, 232), (40, 42, 46), (150, 152, 156), (190, 192, 196),
    (158, 44, 40), (44, 70, 120), (218, 214, 204), (86, 88, 92),
)  # fmt: skip


def tint(colour: Sequence[float], factor: float) -> Colour:
    """The colour made darker (0 <= factor < 1) or lighter (> 1)."""
    r, g, b = colour
    return min(255, int(r * factor)), min(255, int(g * factor)), min(255, int(b * factor))


def blend(below: Sequence[float], above: Sequence[float], t: float) -> Colour:
    """The colour a fraction `t` of the way from `below` to `above`."""
    (r, g, b), (x, y, z) = below, above
    return int(r + (x - r) * t), int(g + (y - g) * t), int(b + (z - b) * t)


def vary(rng: np.random.Generator, colour: Sequence[float], amount: float = 8) -> Colour:
    """The colour with a random change of brightness (mostly) and hue (a little), in 0..255 units."""
    shift = rng.normal(0, amount) + rng.normal(0, amount * 0.35, 3)
    r, g, b = (int(min(255, max(0, c + d))) for c, d in zip(colour, shift, strict=True))
    return r, g, b


def varied(rng: np.random.Generator, colours: Sequence[Colour], n: int, amount: float = 8) -> list[Colour]:
    """`n` colours drawn from `colours`, each changed as `vary` does."""
    base = np.array(colours, dtype=np.float64)[rng.integers(0, len(colours), n)]
    changed = base + rng.normal(0, amount, (n, 1)) + rng.normal(0, amount * 0.35, (n, 3))
    return [(r, g, b) for r, g, b in np.clip(changed, 0, 255).astype(int).tolist()]


def pick(rng: np.random.Generator, colours: Sequence[Colour]) -> Colour:
    """One of the colours."""
    return colours[int(rng.integers(len(colours)))]


def ramp(*stops: Sequence[float]) -> Ramp:
    """Colours interpolated through evenly spaced stops."""
    at = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(at, range(len(stops)), [stop[i] for stop in stops]) for i in range(3)]
    return np.stack(channels, axis=1).astype(np.float32)


def foliage(colour: Colour) -> Ramp:
    """Dark to light variants of a crown's colour; lit leaves are yellower."""
    return ramp(tint(colour, 0.55), colour, blend(tint(colour, 1.3), (190, 180, 90), 0.12))


def around(colour: Sequence[float], contrast: float = 0.25) -> Ramp:
    """Dark to light variants of one colour."""
    return ramp(tint(colour, 1 - contrast), colour, tint(colour, 1 + contrast * 0.8))


def colourise(field: Field, colours: Ramp) -> Pixels:
    """Look a 0..1 field up in a ramp."""
    return np.take(colours, (np.clip(field, 0, 1) * np.float32(255)).astype(np.intp), axis=0)


def mix(below: Pixels, above: Pixels | Colour, alpha: Field) -> Pixels:
    """`above` over `below` with opacity `alpha`."""
    if isinstance(above, tuple):
        keep = (1 - alpha)[..., None]
        return below * keep + alpha[..., None] * np.array(above, dtype=np.float32)
    return below + (above - below) * alpha[..., None]


@dataclass(frozen=True, slots=True)
class Tones:
    """Plant and soil colours of one place on one day.

    Attributes:
        grass: meadow or whatever covers open ground.
        tree: crowns.
        other_tree: crowns of a second species.
        soil: bare ground.
        crops: what fields may look like.
        water: deep water; `shallow` is near its shore.
        shallow: water over a light bed.
        snow: whether snow lies.
    """

    grass: Colour
    tree: Colour
    other_tree: Colour
    soil: Colour
    crops: tuple[Colour, ...]
    water: Colour
    shallow: Colour
    snow: bool

    @property
    def grass_ramp(self) -> Ramp:
        """Dark to light grass."""
        return around(self.grass, 0.06 if self.snow else 0.2)

    @property
    def tree_ramp(self) -> Ramp:
        """Dark to light crowns."""
        return foliage(self.tree)

    @property
    def soil_ramp(self) -> Ramp:
        """Dark to light soil."""
        return around(self.soil, 0.08 if self.snow else 0.22)


_GRASS: dict[str, Colour] = {
    "spring": (112, 134, 70), "summer": (106, 120, 68), "autumn": (134, 124, 80), "winter": (126, 118, 90),
}  # fmt: skip
_TREE: dict[str, tuple[Colour, ...]] = {
    "spring": ((78, 106, 52), (88, 112, 56)),
    "summer": ((54, 78, 44), (62, 86, 46)),
    "autumn": ((142, 98, 48), (156, 122, 54), (96, 88, 46), (124, 88, 50)),
    "winter": ((104, 94, 82), (86, 82, 70)),
}
_CROPS: dict[str, tuple[Colour, ...]] = {
    "spring": (
        (116, 142, 66),
        (92, 124, 60),
        (190, 182, 72),
        (140, 112, 84),
        (134, 152, 78),
        (156, 132, 100),
    ),
    "summer": (
        (194, 170, 108),
        (98, 124, 60),
        (126, 138, 72),
        (170, 150, 94),
        (72, 102, 54),
        (210, 190, 128),
    ),
    "autumn": (
        (150, 118, 86),
        (128, 100, 74),
        (176, 150, 104),
        (112, 122, 66),
        (186, 164, 116),
        (104, 82, 64),
    ),
    "winter": ((136, 112, 86), (120, 108, 80), (108, 124, 68), (150, 130, 102), (112, 94, 76)),
}
_SNOW: Colour = (226, 231, 238)


def tones(view: View, rng: np.random.Generator) -> Tones:
    """Draw the tones of a place in `view.climate` and `view.season`."""
    grass, tree, crops = _GRASS[view.season], pick(rng, _TREE[view.season]), _CROPS[view.season]
    soil: Colour = (150, 122, 94)
    water: Colour = (40, 66, 78)
    shallow: Colour = (84, 116, 112)
    if view.climate == "arid":
        grass, tree, soil = (178, 154, 118), (98, 98, 66), (192, 160, 122)
        crops = ((122, 138, 74), (86, 116, 62), (176, 160, 106), (168, 134, 100), (150, 150, 92))
        shallow = (104, 150, 142)
    elif view.climate == "tropical":
        grass, tree, soil = (98, 126, 62), (44, 82, 42), (162, 108, 76)
        crops = ((92, 132, 62), (126, 152, 72), (76, 112, 58), (150, 118, 84), (168, 160, 92))
        water, shallow = (24, 82, 104), (78, 170, 168)
    elif view.climate == "polar":
        grass, tree, soil = (134, 124, 96), (62, 72, 54), (138, 126, 112)
        water, shallow = (26, 50, 66), (58, 92, 100)
    elif view.climate == "mountain":
        tree = (44, 64, 46) if view.season == "winter" else blend(tree, (44, 66, 46), 0.6)
    elif view.climate == "coast":
        water, shallow = (28, 74, 98), (92, 160, 158)
    if view.snow:
        grass, soil = _SNOW, (206, 208, 212)
        crops = ((228, 232, 238), (218, 222, 228), (232, 234, 238), (206, 208, 208), (222, 226, 234))
        tree = blend(tree, (150, 152, 154), 0.3)
    crops = tuple(vary(rng, crop, 7) for crop in crops)
    second = blend(tree, pick(rng, _TREE[view.season]), 0.7)
    return Tones(
        vary(rng, grass, 7 if not view.snow else 3), vary(rng, tree, 6), vary(rng, second, 10),
        vary(rng, soil, 7), crops, vary(rng, water, 6), vary(rng, shallow, 8), view.snow,
    )  # fmt: skip
