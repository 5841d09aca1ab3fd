"""The recall curve of a catalogue's vector index, as a drawing and as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass

from indexer.catalogue.search_settings import CurvePoint, SearchSettings

# The drawing's own units; it is scaled to the width there is.
WIDTH, HEIGHT = 480, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 16, 12, 44
_STEP = 0.05
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place on it and what it says."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One measured setting."""

    x: float
    y: float
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """Recall among the first results, over the share of vectors that was scanned.

    Attributes:
        name: `recall@10`.
        tone: CSS class.
        path: `points` of a polyline.
        dots: the measured settings on it.
        target: height of the recall that was aimed at.
    """

    name: str
    tone: str
    path: str
    dots: list[Dot]
    target: float


class RecallView:
    """What `about/recall.html` shows.

    Args:
        settings: what tuning measured and chose; not those of a flat index.
    """

    width, height = WIDTH, HEIGHT
    left, right, top, bottom = _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM

    def __init__(self, settings: SearchSettings) -> None:
        self.points = settings.curve
        self.chosen = settings.chosen
        # One curve for one number of candidates, the chosen one: another axis would hide the trade.
        drawn = [point for point in settings.curve if point.candidates == settings.candidates]
        lowest = min(min(point.recall_10, point.recall_100) for point in drawn)
        self._floor = min(0.9, math.floor(lowest / _STEP) * _STEP)
        # Rounds even out how much is scanned, so what they begin with tells settings apart.
        probes = [point.probes for point in drawn]
        self._low, self._high = math.log2(min(probes)) - 0.3, math.log2(max(probes)) + 0.3
        self.columns = _thinned([Tick(self._x(point), f"{point.probes:,}") for point in drawn])
        self.rows = [Tick(self._y(value), f"{value:.2f}") for value in _steps(self._floor)]
        self.curves = [
            self._curve(
                "recall@10", "first", [(point, point.recall_10) for point in drawn], settings.target_10
            ),
            self._curve(
                "recall@100", "second", [(point, point.recall_100) for point in drawn], settings.target_100
            ),
        ]

    @property
    def summary(self) -> str:
        """The drawing in a sentence."""
        return (
            "Recall at ten and at a hundred results by the number of lists that a search begins with: "
            + "; ".join(
                f"{point.probes:,}: {point.recall_10:.3f} and {point.recall_100:.3f}"
                for point in self.points
                if self.chosen and point.candidates == self.chosen.candidates
            )
        )

    def _curve(self, name: str, tone: str, points: list[tuple[CurvePoint, float]], target: float) -> Curve:
        dots = [
            Dot(self._x(point), self._y(recall), _words(name, point, recall), point == self.chosen)
            for point, recall in points
        ]
        path = " ".join(f"{dot.x},{dot.y}" for dot in dots)
        return Curve(name, tone, path, dots, self._y(max(target, self._floor)))

    def _x(self, point: CurvePoint) -> float:
        share = (math.log2(point.probes) - self._low) / (self._high - self._low)
        return round(self.left + share * (self.right - self.left), 1)

    def _y(self, recall: float) -> float:
        share = (recall - self._floor) / (1 - self._floor)
        return round(self.bottom - share * (self.bottom - self.top), 1)


def _words(name: str, point: CurvePoint, recall: float) -> str:
    return f"{point.probes:,} lists at first, {100 * point.scanned:.2g} % of the vectors: {name} {recall:.3f}"


def _steps(floor: float) -> list[float]:
    count = round((1 - floor) / _STEP)
    each = math.ceil(count / _MOST_TICKS)
    return [1 - number * _STEP for number in range(0, count + 1, each)]


def _thinned(ticks: list[Tick]) -> list[Tick]:
    """Every second, third, ... of the ticks, the last one among them, so that their labels have room."""
    return ticks[::-1][:: math.ceil(len(ticks) / _MOST_TICKS)][::-1]
