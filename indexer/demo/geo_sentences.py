"""Captions that spell out metadata, as RS5M writes them for FMoW and BigEarthNet, and for YFCC's label file.

The sentences are this project's own; they carry the same facts in the same notation (`utm zone 18T`,
`15 o'clock, June 9, 2016`), so `indexer.captions` reads them like the real ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from indexer.demo.chance import pick
from indexer.demo.places import Spot

_SEASON_OF_MONTH = ("Winter", "Spring", "Summer", "Fall")
_ROWS = ("top", "center", "bottom")
_COLUMNS = ("left", "center", "right")

_FMOW_SCENE = (
    "looking down over {place} during {season}, the satellite recorded {label} at the {blocks} blocks.",
    "in an acquisition over {place} in {season}, one finds {label} in the {blocks} blocks of the frame.",
    "from orbit above {place} in {season}, the camera registered {label} located at the {blocks} blocks.",
    "this scene from {place}, taken during {season}, holds {label} situated in the {blocks} blocks.",
    "passing over {place} in {season}, one sees {label} clearly visible at the {blocks} blocks.",
    "{place}'s terrain in {season} was photographed from space, with {label} in the {blocks} blocks.",
)
_FMOW_RESOLUTION = (
    "the ground sample distance is {gsd}m.",
    "one pixel covers {gsd}m on the ground.",
    "its level of detail is given by a ground sample distance of {gsd}m.",
    "the picture was delivered at a ground sample distance of {gsd}m.",
)
_FMOW_TIME = (
    "it lies in utm zone {zone} and was acquired at {time}.",
    "the position is in utm zone {zone}, the time {time}.",
    "its record names utm zone {zone} and {time}.",
    "filed under utm zone {zone}, it dates from {time}.",
)
_FMOW_SKY = (
    "cloud cover was {cloud}% and the scan direction {scan}.",
    "clouds hid {cloud}% of the ground while the sensor scanned {scan}.",
    "the sky was {cloud}% cloudy, and scanning ran {scan}.",
)
_FMOW_ANGLES = (
    "the viewing geometry: target azimuth {azimuth}{degree}, off-nadir {off_nadir}{degree}.",
    "angles of the acquisition are target azimuth: {azimuth}{degree} and off-nadir: {off_nadir}{degree}.",
    "it was seen under a target azimuth of {azimuth}{degree} and an off-nadir angle of {off_nadir}{degree}.",
)
_BEN = (
    "this {season} satellite image with the classes '{labels}' lies in utm zone {zone}, taken at {time}.",
    "a satellite image of {season}, annotated '{labels}', from utm zone {zone}, acquired at {time}.",
    "in utm zone {zone}, this satellite image shows '{labels}' during {season}; it is stamped {time}.",
    "'{labels}' describe this satellite image from {season}, recorded in utm zone {zone} at {time}.",
    "taken in {season}, a satellite image labelled '{labels}'; it belongs to utm zone {zone}, date {time}.",
)
_YFCC = (
    "this picture was taken over {country} in {season}, at {time}.",
    "a view of {country} from {season}, dated {time}.",
    "photographed in {country} during {season}; the camera says {time}.",
)


@dataclass(frozen=True, slots=True)
class Acquisition:
    """What metadata say of one picture.

    Attributes:
        spot: where it was taken.
        taken_at: when, in UTC, to the hour.
        gsd_m: metres per pixel.
        cloud_cover: per cent.
        scan: `forward` or `reverse`.
        azimuth_deg: target azimuth, 0 to 360.
        off_nadir_deg: 0 to 40.
    """

    spot: Spot
    taken_at: datetime
    gsd_m: float
    cloud_cover: int
    scan: str
    azimuth_deg: float
    off_nadir_deg: float

    @property
    def season(self) -> str:
        """The calendar's northern season; FMoW's captions use it south of the equator too."""
        return _SEASON_OF_MONTH[self.taken_at.month % 12 // 3]

    @property
    def time(self) -> str:
        """As captions write it: `15 o'clock, June 9, 2016`."""
        return f"{self.taken_at.hour} o'clock, {self.taken_at:%B} {self.taken_at.day}, {self.taken_at.year}"


def fmow_meta(acquisition: Acquisition, label: str, rng: np.random.Generator) -> str:
    """FMoW's metadata sentences. As in the published captions, the degree sign is mostly lost to `?`.

    Args:
        acquisition: the facts.
        label: class label in FMoW's spelling (`crop_field`).
        rng: decides wording and which part of the picture the class fills.
    """
    spot = acquisition.spot
    return " ".join(pick(rng, part) for part in (_FMOW_SCENE, *_FMOW_REST)).format(
        place=f"{spot.place.name}, {spot.place.country}",
        season=acquisition.season,
        label=label,
        blocks=_blocks(rng),
        gsd=f"{acquisition.gsd_m:.2f}",
        zone=f"{spot.utm_zone}{spot.utm_band}",
        time=acquisition.time,
        cloud=acquisition.cloud_cover,
        scan=acquisition.scan,
        azimuth=f"{acquisition.azimuth_deg:.2f}",
        off_nadir=f"{acquisition.off_nadir_deg:.2f}",
        degree="?" if rng.random() < 0.9 else "°",
    )


_FMOW_REST = (_FMOW_RESOLUTION, _FMOW_TIME, _FMOW_SKY, _FMOW_ANGLES)


def ben_meta(acquisition: Acquisition, labels: Sequence[str], rng: np.random.Generator) -> str:
    """BigEarthNet's metadata sentence; the UTM zone carries the hemisphere, not a band."""
    return pick(rng, _BEN).format(
        season=acquisition.season,
        labels=", ".join(labels),
        zone=f"{acquisition.spot.utm_zone}{'S' if acquisition.spot.southern else 'N'}",
        time=acquisition.time,
    )


def yfcc_meta(acquisition: Acquisition, rng: np.random.Generator) -> str:
    """The sentence that YFCC's label file keeps in `meta_caption`."""
    return pick(rng, _YFCC).format(
        country=acquisition.spot.place.country, season=acquisition.season, time=acquisition.time
    )


def _blocks(rng: np.random.Generator) -> str:
    """The centre and one block beside it: `center and top-left`."""
    around = [
        f"{row}-{column}" for row in _ROWS for column in _COLUMNS if (row, column) != ("center", "center")
    ]
    return f"center and {pick(rng, around)}"
