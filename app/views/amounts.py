"""Amounts in seven colours, on a logarithmic scale; `static/js/map/legend.js` has the same steps."""

from __future__ import annotations

from bisect import bisect_right
from math import floor, log10

# Viridis at even steps, as in static/css/tokens.css.
COLOURS = ("#440154", "#443983", "#31688e", "#21918c", "#35b779", "#90d743", "#fde725")


def breaks(largest: int) -> list[int]:
    """Round numbers that grow evenly on a logarithmic scale from 1 to `largest`: the least of each step."""
    found = [1]
    for step in range(1, len(COLOURS)):
        raw = largest ** (step / len(COLOURS))
        unit = 10 ** floor(log10(raw))
        number = max(1, int(floor(raw / unit + 0.5) * unit))
        if number > found[-1]:
            found.append(number)
    return found


def colour(count: int, steps: list[int]) -> str:
    """Colour of `count` samples; few steps still span all colours."""
    if len(steps) == 1:
        return COLOURS[3]
    place = bisect_right(steps, count) - 1
    return COLOURS[floor(place * (len(COLOURS) - 1) / (len(steps) - 1) + 0.5)]


def ranges(steps: list[int]) -> list[tuple[str, str]]:
    """Colour and words of each step: `2 to 4`, `5 or more`."""
    words = []
    for place, least in enumerate(steps):
        above = steps[place + 1] if place + 1 < len(steps) else None
        up_to = " or more" if above is None else f" to {above - 1:,}" if above - 1 > least else ""
        words.append((colour(least, steps), f"{least:,}{up_to}"))
    return words
