"""The samples that are where the filters ask for."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.query.filters import Filters
from app.query.geo import Area
from indexer.catalogue import Catalogue


class _Points(Protocol):
    ids: NDArray[np.int32]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]


def located(catalogue: Catalogue, filters: Filters) -> NDArray[np.int32] | None:
    """The samples in all areas, in one of the zones and of one of the tiers that `filters` name.

    Returns:
        Their ids, int32, ascending; None where nothing is asked about their place.
    """
    conditions: list[NDArray[np.int32]] = []
    if filters.areas:
        points = inside(catalogue.places, filters.areas)
        conditions.append(points)
    if filters.zone:
        places = catalogue.places
        held = np.logical_or.reduce([zone.holds(places) for zone in filters.zone])
        conditions.append(places.utm_ids[held])
    if filters.tier:
        conditions.append(of_tiers(catalogue, filters.tier))
    if not conditions:
        return None
    found = conditions[0]
    for others in conditions[1:]:
        found = np.intersect1d(found, others, assume_unique=True)
    return found


def inside(points: _Points, areas: tuple[Area, ...]) -> NDArray[np.int32]:
    """Ids of the points that lie in all `areas`, int32, ascending."""
    held = np.logical_and.reduce([area.holds(points.latitude, points.longitude) for area in areas])
    return points.ids[held]


def of_tiers(catalogue: Catalogue, tiers: tuple[str, ...]) -> NDArray[np.int32]:
    """Ids of the samples of one of `tiers`, int32, ascending."""
    cube = catalogue.cube
    cells = cube.holding("geo_tier", tiers)
    return np.flatnonzero(cells[cube.cells]).astype(np.int32)
