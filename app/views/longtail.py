"""The long tail as a picture: samples of every group by rank, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.query.geo import Zone
from app.query.longtail import By, Group, LongTail
from app.views.text import counted, facet_label, printable
from app.views.zones_grid import Box, Label, zone_name

# Groups beyond these are a block at the end: a bar is to be wide enough to be met.
BARS = 200
_WIDTH, _HEIGHT = 640, 300
_LEFT, _RIGHT, _TOP, _BELOW = 52, 12, 12, 44
_NAMES_BELOW = 104
_NAMED = 16
_NAME_CHARS = 16
_REST = 60
# A single sample is to be seen as well, and its logarithm is nothing.
_FLOOR = 0.6

NOUNS: dict[By, tuple[str, str]] = {
    "zone": ("part of the UTM grid", "parts of the UTM grid"),
    "class": ("class", "classes"),
    "source": ("source", "sources"),
    "month": ("month", "months"),
    "country": ("country", "countries"),
}


@dataclass(frozen=True, slots=True)
class TailBar:
    """One group.

    Attributes:
        words: its rank, name and number of samples.
        box: where it is drawn.
        first: whether it is one of the groups that hold half of the samples.
        url: its samples; None in a picture.
    """

    words: str
    box: Box
    first: bool
    url: str | None


class TailFigure:
    """What the macro `tail` of `zones/tail.svg` draws.

    Args:
        tail: the groups.
        url_of: address of a group's samples; without it nothing is a link.
    """

    width = _WIDTH

    def __init__(self, tail: LongTail, url_of: Callable[[Group], str] | None = None) -> None:
        self._tail = tail
        self._shown = tail.groups[:BARS]
        self.named = len(tail.groups) <= _NAMED
        self.height = _HEIGHT + (_NAMES_BELOW if self.named else _BELOW)
        self.floor = float(_HEIGHT)
        self.left = _LEFT
        self.right = _WIDTH - _RIGHT
        self._largest = max((group.samples for group in self._shown), default=1)
        room = self.right - _LEFT - (_REST if self.more else 0)
        self._step = min(room / max(len(self._shown), 1), 48.0)
        self.bars = [self._bar(place, group, url_of) for place, group in enumerate(self._shown)]

    @property
    def summary(self) -> str:
        """What it shows, in a sentence."""
        return f"{tail_words(self._tail)} Bars are groups by rank; their height is on a logarithmic scale."

    @property
    def more(self) -> int:
        """Groups that have no bar of their own."""
        return len(self._tail.groups) - len(self._shown)

    @property
    def rest(self) -> tuple[Box, str] | None:
        """The block of the groups without a bar, and what it stands for."""
        if not self.more:
            return None
        rest = self._tail.groups[BARS:]
        x, y = self.right - _REST + 24, self._y(rest[0].samples)
        samples = counted(sum(group.samples for group in rest), "sample")
        words = f"{counted(len(rest), 'smaller group')}: {samples} in all, {rest[0].samples:,} at most"
        return Box(x, y, _REST - 24, round(self.floor - y, 1)), words

    @property
    def half(self) -> float | None:
        """Where the groups that hold half of the samples end; None if that is not among the bars."""
        return self._x(self._tail.half) if 0 < self._tail.half <= len(self._shown) else None

    @property
    def amounts(self) -> list[Label]:
        """Powers of ten, on the left."""
        powers = range(math.floor(math.log10(self._top)) + 1)
        return [Label(_LEFT - 8, self._y(10**power), f"{10**power:,}") for power in powers]

    @property
    def ranks(self) -> list[Label]:
        """Some ranks, or the names where they are few, below."""
        if self.named:
            return [
                Label(self._middle(place), self.floor + 14, _short(group_name(self._tail.by, group)))
                for place, group in enumerate(self._shown)
            ]
        every = next(step for step in (2, 5, 10, 20, 50) if len(self._shown) / step <= 10)
        places = [0, *range(every - 1, len(self._shown), every)]
        return [Label(self._middle(place), self.floor + 18, f"{place + 1:,}") for place in places]

    @property
    def _top(self) -> float:
        return max(self._largest * 1.15, 10.0)

    def _bar(self, place: int, group: Group, url_of: Callable[[Group], str] | None) -> TailBar:
        y = self._y(group.samples)
        gap = min(self._step * 0.2, 3.0)
        box = Box(self._x(place), y, round(self._step - gap, 2), round(self.floor - y, 1))
        words = f"{place + 1:,}. {group_name(self._tail.by, group)}: {counted(group.samples, 'sample')}"
        return TailBar(words, box, place < self._tail.half, url_of(group) if url_of else None)

    def _x(self, place: int) -> float:
        return round(_LEFT + place * self._step, 2)

    def _middle(self, place: int) -> float:
        return round(_LEFT + (place + 0.4) * self._step, 1)

    def _y(self, samples: float) -> float:
        share = math.log(samples / _FLOOR) / math.log(self._top / _FLOOR)
        return round(self.floor - share * (_HEIGHT - _TOP), 1)


def group_name(by: By, group: Group) -> str:
    """A group as a person reads it."""
    if by == "zone":
        return zone_name(Zone.parse(group.name))
    return printable(facet_label(by, group.name))


def tail_words(tail: LongTail) -> str:
    """`268 parts of the UTM grid hold 5,193 samples; the 15 largest hold half of them.`"""
    groups = len(tail.groups)
    if not groups:
        return f"No sample here has a {'UTM zone' if tail.by == 'zone' else NOUNS[tail.by][0]}."
    held = f"{counted(groups, *NOUNS[tail.by])} {'holds' if groups == 1 else 'hold'} "
    held += counted(tail.grouped, "sample")
    if groups == 1:
        return f"{held}."
    largest = "the largest holds" if tail.half == 1 else f"the {tail.half:,} largest hold"
    return f"{held}; {largest} half of them."


def _short(name: str) -> str:
    return name if len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS - 1]}…"
