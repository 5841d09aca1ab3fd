"""Procedural overhead scenes of the demo world, and the off-topic pictures that a filter should remove.

Every picture is a function of its kind and a NumPy generator's state: same kind and seed, same pixels.
"""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from indexer.demo.scenes import (
    airport,
    bridge,
    energy,
    farmland,
    golf,
    graphics,
    ice,
    industry,
    leisure,
    monuments,
    offtopic,
    quarry,
    rail,
    roads,
    settlement,
    shore,
    stadium,
    terrain,
    water,
)
from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.registry import OFF_TOPIC, SCENES, Facts, Rendered, SceneKind
from indexer.demo.scenes.sensor import expose
from indexer.demo.scenes.surface import Placement
from indexer.demo.scenes.view import CLIMATES, LOOKS, SEASONS, View, draw_view

__all__ = [
    "CLIMATES", "LOOKS", "OFF_TOPIC", "SCENES", "SEASONS", "Facts", "Rendered", "SceneKind", "View",
    "render", "render_off_topic", "view_of",
]  # fmt: skip

_THEMES = (
    energy,
    farmland,
    golf,
    graphics,
    industry,
    leisure,
    offtopic,
    quarry,
    roads,
    settlement,
    shore,
    stadium,
    terrain,
    airport,
    bridge,
    ice,
    monuments,
    rail,
    water,
)


def view_of(kind: str, rng: np.random.Generator) -> View:
    """Draw a view under which `kind` may be seen; change fields with `dataclasses.replace` if need be."""
    known = SCENES[kind]
    return draw_view(rng, known.climates, known.gsd_m, known.snow)


def render(kind: str, rng: np.random.Generator, view: View | None = None) -> Rendered:
    """Draw one scene.

    Args:
        kind: a name in `SCENES`.
        rng: decides everything that `view` leaves open.
        view: how it is seen; drawn when None.

    Raises:
        KeyError: there is no such kind.
    """
    known = SCENES[kind]
    seen = view_of(kind, rng) if view is None else view
    scale = sqrt(known.gsd_m[0] * known.gsd_m[1]) / seen.gsd_m
    angle = 0.0 if known.upright else float(rng.uniform(0, 2 * pi))
    canvas = Canvas(rng, seen, Placement(scale, angle))
    facts = known.paint(canvas)
    return Rendered(expose(canvas), seen, facts)


def render_off_topic(kind: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw one picture that is no overhead scene, uint8 (256, 256, 3).

    Raises:
        KeyError: there is no such kind.
    """
    return OFF_TOPIC[kind](rng)
