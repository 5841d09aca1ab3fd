"""The samples that are where the filters ask for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.query.filters import Filters
from app.query.geo import Area
from indexer.catalogue import Catalogue
from indexer.catalogue.places import Points

_NONE = "none"
_PLACE = "place"


def located(catalogue: Catalogue, filters: Filters) -> NDArray[np.int32] | None:
    """The samples in all areas, in one of the zones and of one of the tiers that `filters` name.

    Returns:
        Their ids, int32, ascending; None where nothing is asked about their place.
    """
    conditions: list[NDArray[np.int32]] = []
    if filters.areas:
        conditions.append(_in_areas(catalogue, filters))
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


def of_tiers(catalogue: Catalogue, tiers: tuple[str, ...]) -> NDArray[np.int32]:
    """Ids of the samples of one of `tiers`, int32, ascending.

    A sample of which the catalogue knows no place at all is of the tier `place` if its caption names one.
    """
    cube = catalogue.cube
    held = cube.holding("geo_tier", tiers)[cube.cells]
    if (_PLACE in tiers) != (_NONE in tiers):
        held[named_only(catalogue)] = _PLACE in tiers
    return np.flatnonzero(held).astype(np.int32)


def named_only(catalogue: Catalogue) -> NDArray[np.int32]:
    """Samples of whose place nothing but a name in the caption tells: ids, int32, ascending."""
    ids = catalogue.named_places.ids
    return ids[_known_as(catalogue, ids, (_NONE,))]


def drawn_by_name(catalogue: Catalogue) -> NDArray[np.bool_]:
    """Which of `catalogue.named_places` are drawn where their name is: those not known more closely."""
    return _known_as(catalogue, catalogue.named_places.ids, (_PLACE, _NONE))


def _known_as(catalogue: Catalogue, ids: NDArray[np.int32], tiers: tuple[str, ...]) -> NDArray[np.bool_]:
    cube = catalogue.cube
    held: NDArray[np.bool_] = cube.holding("geo_tier", tiers)[cube.cells[ids]]
    return held


def _in_areas(catalogue: Catalogue, filters: Filters) -> NDArray[np.int32]:
    found = _inside(catalogue.places, filters.areas)
    if _PLACE not in filters.tier:
        return found
    named = catalogue.named_places
    held = np.logical_and.reduce([area.holds(named.latitude, named.longitude) for area in filters.areas])
    return np.union1d(found, named.ids[held & drawn_by_name(catalogue)])


def _inside(points: Points, areas: tuple[Area, ...]) -> NDArray[np.int32]:
    held = np.logical_and.reduce([area.holds(points.latitude, points.longitude) for area in areas])
    return points.ids[held]
