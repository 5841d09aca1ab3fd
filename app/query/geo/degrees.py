"""Numbers of a URL that are degrees or kilometres."""

from __future__ import annotations

import math

from indexer.errors import UserError

Ring = list[tuple[float, float]]
"""(longitude, latitude) of each corner, the last one the first; past 180 degrees longitudes run on."""
DECIMALS = 6
"""Of a degree, in a URL: a decimetre."""


def numbers(name: str, text: str, hint: str) -> list[float]:
    """The finite numbers of `text`, commas between.

    Args:
        name: the parameter, for the error.
        text: its value.
        hint: what to write instead.

    Raises:
        UserError: a part is no finite number.
    """
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        raise UserError(f"{name}={text[:80]!r} is not made of numbers.", hint) from None
    if not all(map(math.isfinite, found)):
        raise UserError(f"{name}={text[:80]!r} is not made of finite numbers.", hint)
    return found


def written(value: float) -> str:
    """A number to `DECIMALS` decimals, without zeros that say nothing."""
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def wrapped(longitude: float) -> float:
    """The same meridian, from -180 to 180."""
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
