"""Land and countries of Natural Earth, from the atlas that the browser's map draws, too."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import UnavailableError
from app.templates import folder

Lines = NDArray[np.float64]
Polygon = list[Lines]
"""Rings of (longitude, latitude), float64 (corners, 2) each, the outer one first; each ends where it begins.
Past 180 degrees longitudes run on."""


@cache
def countries(metres: int = 110) -> list[Polygon]:
    """Every country's polygons.

    Args:
        metres: scale, 1 to so many millions: 110 for the world, 50 for a closer look.

    Raises:
        UnavailableError: the assets are not installed.
    """
    return _polygons(metres, "countries")


@cache
def land(metres: int = 110) -> list[Polygon]:
    """The polygons of all land, without borders.

    Args:
        metres: as for `countries`.

    Raises:
        UnavailableError: the assets are not installed.
    """
    return _polygons(metres, "land")


def _polygons(metres: int, kind: str) -> list[Polygon]:
    path = folder("static") / "vendor" / "world-atlas" / f"countries-{metres}m.json"
    try:
        topology = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise UnavailableError(f"{path.name} is not installed.", "Run make setup.") from None
    arcs = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    found: list[Polygon] = []
    for shape in topology["objects"][kind]["geometries"]:
        several = shape.get("arcs", [])
        for rings in [several] if shape["type"] == "Polygon" else several:
            found.append([_unrolled(_joined(ring, arcs)) for ring in rings])  # noqa: PERF401 - three deep
    return found


def _arc(steps: list[list[int]], transform: dict[str, Any]) -> Lines:
    """An arc of a quantised TopoJSON (specification, section 2.1.4): steps from corner to corner."""
    return np.asarray(np.cumsum(steps, axis=0) * transform["scale"] + transform["translate"], np.float64)


def _joined(numbers: list[int], arcs: list[Lines]) -> Lines:
    """A ring from its arcs; `~n` is arc n backwards. Each begins where the one before ends."""
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _unrolled(ring: Lines) -> Lines:
    """The ring without jumps from 180 to -180 degrees; one around a pole is closed along the map's edge."""
    turns = np.cumsum(np.round(np.diff(ring[:, 0]) / -360)) * 360
    flat = ring.copy()
    flat[1:, 0] += turns
    if len(turns) and turns[-1]:
        pole = np.copysign(90.0, ring[0, 1])
        flat = np.vstack([flat, [flat[-1, 0], pole], [flat[0, 0], pole], flat[0]])
    return flat
