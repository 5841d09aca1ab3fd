"""The kinds of scene there are, and how a scene function becomes one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.demo.scenes.canvas import Canvas
from indexer.demo.scenes.view import CLIMATES, View

Facts = dict[str, str | int]
"""What a caption may truthfully say of a picture: {"planes": 5, "roof": "red"}."""
Painter = Callable[[Canvas], Facts]
OffTopicPainter = Callable[[np.random.Generator], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class SceneKind:
    """One kind of overhead scene.

    Attributes:
        name: `snake_case`, the class label.
        climates: where on Earth it is plausible, out of `view.CLIMATES`.
        gsd_m: range of ground sample distances in metres per pixel.
        snow: whether its ground may lie under snow in winter.
        upright: whether it is left unrotated (its light or layout has a direction of its own).
        paint: draws the scene and says what is true of it.
    """

    name: str
    climates: frozenset[str]
    gsd_m: tuple[float, float]
    snow: bool
    upright: bool
    paint: Painter


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture, how it was seen, and what is in it.

    Attributes:
        image: uint8 (256, 256, 3).
        view: the circumstances that were drawn.
        facts: what a caption may say.
    """

    image: NDArray[np.uint8]
    view: View
    facts: Facts


SCENES: dict[str, SceneKind] = {}
OFF_TOPIC: dict[str, OffTopicPainter] = {}


def scene(
    name: str, *climates: str, gsd_m: tuple[float, float], snow: bool = True, upright: bool = False
) -> Callable[[Painter], Painter]:
    """Register a scene function under `name`.

    Raises:
        ValueError: the name is taken or a climate unknown.
    """
    if name in SCENES:
        raise ValueError(f"scene {name!r} is registered twice")
    if not climates or not set(climates) <= set(CLIMATES):
        raise ValueError(f"scene {name!r}: climates must be some of {CLIMATES}")

    def register(paint: Painter) -> Painter:
        SCENES[name] = SceneKind(name, frozenset(climates), gsd_m, snow, upright, paint)
        return paint

    return register


def off_topic(name: str) -> Callable[[OffTopicPainter], OffTopicPainter]:
    """Register a picture that is no overhead scene."""

    def register(paint: OffTopicPainter) -> OffTopicPainter:
        OFF_TOPIC[name] = paint
        return paint

    return register
