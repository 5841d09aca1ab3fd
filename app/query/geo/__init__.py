"""Conditions on where a sample is, one file each; none of them knows of HTTP."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.query.geo.box import BBox
from app.query.geo.degrees import Ring
from app.query.geo.near import Near
from app.query.geo.polygon import Polygon
from app.query.geo.zone import Zone

__all__ = ["Area", "BBox", "Near", "Polygon", "Ring", "Zone"]


class Area(Protocol):
    """A part of the Earth; a URL has it as `str` of it."""

    @property
    def bounds(self) -> BBox:
        """The smallest box around it."""

    def outline(self) -> Ring:
        """Its edge as a closed ring that is drawn straight from corner to corner on a Mercator map."""

    def holds(self, latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.bool_]:
        """For each point whether it lies in it, edges included: bool (points,)."""
