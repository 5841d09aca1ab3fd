"""UTM zones to filter by."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue.places import HEMISPHERES, Places
from indexer.errors import UserError

BANDS = "CDEFGHJKLMNPQRSTUVWX"
NO_BAND = "none"
_ZONE = re.compile(
    rf"(?P<number>[0-9]{{1,2}})(?:-(?P<band>[{BANDS}])|(?P<hemisphere>[NS])?(?P<no_band>-NONE)?)"
)


class Zone(NamedTuple):
    """A zone, or the part of it in one hemisphere or latitude band.

    `N` and `S` are hemispheres and bands at once, so a band has a hyphen before it: `34N` is the northern
    half of zone 34, `34-N` its band from 0 to 8 degrees north. `34N-none` are the samples of the northern
    half of which no band is known, `34-none` those of which only the number is.

    Attributes:
        number: 1 to 60.
        hemisphere: N, S, or None for both (with `NO_BAND`, for an unknown one).
        band: C to X, `NO_BAND` for an unknown one, or None for all.
    """

    number: int
    hemisphere: str | None = None
    band: str | None = None

    @classmethod
    def parse(cls, text: str) -> Zone:
        """Read `34`, `34N`, `18-T`, `34N-none` or `34-none`.

        Raises:
            UserError: it is none of these.
        """
        match = _ZONE.fullmatch(text.strip().upper())
        if match is None or not 1 <= int(match["number"]) <= 60:
            hint = "Write a number from 1 to 60, then N or S for a hemisphere, or a band as in 18-T."
            raise UserError(f"zone={text[:20]!r} is no UTM zone.", hint)
        return cls(int(match["number"]), match["hemisphere"], NO_BAND if match["no_band"] else match["band"])

    def holds(self, places: Places) -> NDArray[np.bool_]:
        """For each of `places.utm_ids` whether it lies in the zone, bool (known,)."""
        held: NDArray[np.bool_] = places.utm_zones // len(HEMISPHERES) == self.number
        if self.band is not None:
            held &= places.utm_bands == (0 if self.band == NO_BAND else ord(self.band))
        if self.hemisphere is not None or self.band == NO_BAND:
            held &= places.utm_zones % len(HEMISPHERES) == HEMISPHERES.index(self.hemisphere)
        return held

    def __str__(self) -> str:
        return f"{self.number}{self.hemisphere or ''}{'-' + self.band if self.band else ''}"
