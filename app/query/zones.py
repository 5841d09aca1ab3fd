"""Samples by UTM zone and latitude band, and by half a zone where no band is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.query.filters import Filters
from app.query.geo import Zone
from app.query.geo.utm_grid import cell_edges
from app.query.geo.zone import NO_BAND
from app.query.passing import passing
from indexer.catalogue import Catalogue
from indexer.catalogue.places import HEMISPHERES

Reading = Literal["hemisphere", "upstream"]
"""What the letter of a zone stands for where a source writes a hemisphere, as BigEarthNet's `34N`: that, or,
as RS5M's own plot has it, a latitude band."""

_LETTERS = 128


@dataclass(frozen=True, slots=True)
class ZoneCount:
    """The samples of one part of the UTM grid.

    Attributes:
        zone: the part; without a band (`NO_BAND`) it is a half, or a whole zone.
        samples: how many.
        filters: values of `zone=` that select them, alternatives.
    """

    zone: Zone
    samples: int
    filters: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class ZoneCounts:
    """The samples that pass the filters, by part of the UTM grid.

    Attributes:
        reading: how letters are read.
        matching: samples that pass.
        cells: those of which the band is known, by zone and band.
        halves: those of which only zone and hemisphere are known.
        elsewhere: those of a cell that does not exist, or of which only the number is known.
        half_sources: the samples of only a zone and hemisphere by source, whatever the reading.
    """

    reading: Reading
    matching: int
    cells: list[ZoneCount]
    halves: list[ZoneCount]
    elsewhere: list[ZoneCount]
    half_sources: dict[str, int]

    @property
    def parts(self) -> list[ZoneCount]:
        """All parts of the grid that have samples."""
        return [*self.cells, *self.halves, *self.elsewhere]

    @property
    def located(self) -> int:
        """Samples whose UTM zone is known."""
        return _sum(self.parts)

    @property
    def without(self) -> int:
        """Samples whose UTM zone is not known."""
        return self.matching - self.located


def zone_counts(catalogue: Catalogue, filters: Filters, reading: Reading = "hemisphere") -> ZoneCounts:
    """Count the samples that pass `filters` by part of the UTM grid.

    Args:
        catalogue: whose samples they are.
        filters: what they pass.
        reading: `upstream` draws hemispheres as the bands of that letter.
    """
    places, matching = catalogue.places, passing(catalogue, filters)
    held = matching.contains(places.utm_ids)
    zones, bands = places.utm_zones[held], places.utm_bands[held]
    parts = _counted(zones, bands)
    halves = [part for part in parts if part.zone.band == NO_BAND and part.zone.hemisphere]
    sources: dict[str, int] = {}
    if halves:
        alone = (bands == 0) & (zones % len(HEMISPHERES) != 0)
        counts = catalogue.cube.counts_of(places.utm_ids[held][alone])
        sources = catalogue.cube.totals("source", counts)
    if reading == "upstream":
        parts = _as_bands(parts)
    return ZoneCounts(
        reading=reading,
        matching=matching.count,
        cells=[part for part in parts if _exists(part.zone)],
        halves=[] if reading == "upstream" else halves,
        elsewhere=[part for part in parts if not _exists(part.zone) and part not in halves],
        half_sources=dict(sorted(sources.items(), key=lambda item: (-item[1], item[0]))),
    )


def _counted(zones: NDArray[np.int16], bands: NDArray[np.uint8]) -> list[ZoneCount]:
    """How many samples each zone, hemisphere and band has, in their order; a band says its hemisphere."""
    counts = np.bincount(zones.astype(np.int32) * _LETTERS + bands)
    found: dict[Zone, int] = {}
    for key in np.flatnonzero(counts):
        place, letter = divmod(int(key), _LETTERS)
        number, hemisphere = divmod(place, len(HEMISPHERES))
        zone = Zone(number, None, chr(letter)) if letter else Zone(number, HEMISPHERES[hemisphere], NO_BAND)
        found[zone] = found.get(zone, 0) + int(counts[key])
    return [ZoneCount(zone, samples, (zone,)) for zone, samples in found.items()]


def _as_bands(parts: Iterable[ZoneCount]) -> list[ZoneCount]:
    """As RS5M's own plot: the N or S of a hemisphere taken for the band of that letter."""
    drawn: dict[Zone, list[ZoneCount]] = {}
    for part in parts:
        zone = part.zone
        if zone.band == NO_BAND and zone.hemisphere:
            zone = Zone(zone.number, None, zone.hemisphere)
        drawn.setdefault(zone, []).append(part)
    return [
        ZoneCount(zone, _sum(merged), tuple(value for part in merged for value in part.filters))
        for zone, merged in drawn.items()
    ]


def _exists(zone: Zone) -> bool:
    return zone.band not in (None, NO_BAND) and cell_edges(zone.number, str(zone.band)) is not None


def _sum(parts: Iterable[ZoneCount]) -> int:
    return sum(part.samples for part in parts)
