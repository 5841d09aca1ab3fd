"""A catalogue of samples in UTM zones: with a band, in half a zone, in a cell that is none, or nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue

SAMPLES = 600
HOSTILE = ('<script>alert("1")</script>', "=1+1", 'a "quote" & more', "bell \x07 and \x1b", "évora ]]> 中")
CLASSES = ("airport", "port", "crop_field", *HOSTILE)


def make_zoned_catalogue(folder: Path) -> Catalogue:
    """Of five samples two have a band, one a hemisphere only, one has nothing, one is in 31X, 32X or so."""
    random = np.random.default_rng(7)
    return make_catalogue(folder, [_row(number, random) for number in range(SAMPLES)])


def _row(number: int, random: np.random.Generator) -> dict[str, Any]:
    row: dict[str, Any] = {
        "caption": f"A picture, number {number}.",
        "class": CLASSES[int(random.zipf(1.6) - 1) % len(CLASSES)] if number % 7 else None,
        "source": "FMoW",
        "country": ("France", "Chad", None)[number % 3],
        "month": int(random.integers(1, 13)) if number % 4 else None,
        "stage": "duplicate" if number % 29 == 28 else "kept",
    }
    kind = number % 5
    if kind < 2:
        band = "CDEFGHJKLMNPQRSTUVW"[int(random.integers(19))]
        zone = int(random.integers(1, 61))
        return row | _located(zone, band) | {"geo_tier": ("point", "zone")[kind]}
    if kind == 2:
        half = "S" if number % 15 == 2 else "N"
        row |= {"source": "BigEarthNet" if half == "N" else "Elsewhere"}
        return row | {"utm_zone": 29 + number % 7, "utm_hemisphere": half, "geo_tier": "zone"}
    if kind == 3:
        return row | {"source": "MillionAID"}
    return row | _located((31, 32, 34, 37)[number % 4], "X") | {"geo_tier": "zone"}


def _located(zone: int, band: str) -> dict[str, Any]:
    return {"utm_zone": zone, "utm_band": band, "utm_hemisphere": "N" if band >= "N" else "S"}
