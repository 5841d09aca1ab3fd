"""View model of `/stages/what-if`: histograms, counts under other thresholds, samples at the edge."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode

import numpy as np

from app.query.judged import SCORES, Population, ScoreName, population
from app.query.samples import fetch_rows
from app.query.whatif import Edge, Outcome, Threshold, WhatIf, boundary, decided, histogram, what_if
from app.templates import image_url
from app.views.cards import CARD_COLUMNS
from app.views.detector import detector_sentence
from app.views.flow import share
from app.views.reasons import tone
from app.views.text import counted, milliseconds
from indexer.catalogue import Catalogue

BINS = 64
PIXELS = 128
# The drawing's own units.
WIDTH, HEIGHT, BASE, INSET = 560, 150, 124, 8
_TITLES: dict[ScoreName, tuple[str, str]] = {
    "vlm": ("Score s", "cosine of the picture with the mean of RS5M's 33 templates"),
    "detector": ("Score c", "probability of being a remote-sensing image"),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """A number below the histogram."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Control:
    """One score: its histogram and where it is cut.

    Attributes:
        name: of the score, and of its parameter.
        title: what it is called.
        meaning: what it measures.
        path: outline of the histogram's bars.
        ticks: numbers below it.
        lowest, highest, step: range of the slider.
        cut: place of the threshold in the drawing.
        own_cut: place of the catalogue's own threshold; None without one.
        least: value of the threshold.
        keep: share that it keeps.
        by_share: whether the address gives the share.
        tone: CSS class of what it removes.
        summary: the histogram in a sentence.
    """

    name: ScoreName
    title: str
    meaning: str
    path: str
    ticks: list[Tick]
    lowest: str
    highest: str
    step: str
    cut: float
    own_cut: float | None
    least: str
    keep: str
    by_share: bool
    tone: str
    summary: str


@dataclass(frozen=True, slots=True)
class Row:
    """Counts of one source."""

    source: str
    counts: Outcome
    remain_share: str

    @property
    def change(self) -> int:
        """How many more than now would remain."""
        return self.counts.remain - self.counts.decided[-1]


@dataclass(frozen=True, slots=True)
class EdgeCard:
    """A sample at a threshold."""

    id: int
    url: str
    image: str | None
    caption: str
    score: str


class WhatIfView:
    """What `stages/what_if/page.html` and its answer show.

    Args:
        catalogue: whose scores they are.
        asked: thresholds of the address.
        moved: the score whose edge is shown; the first one there is by default.
    """

    width, height, base, inset = WIDTH, HEIGHT, BASE, INSET

    def __init__(
        self, catalogue: Catalogue, asked: Mapping[ScoreName, Threshold], moved: ScoreName | None = None
    ) -> None:
        start = perf_counter()
        self._catalogue, self._asked = catalogue, asked
        self._judged: Population = population(catalogue)
        self.empty = len(self._judged) == 0
        if self.empty:
            return
        self.answer: WhatIf = what_if(catalogue, asked)
        scores = list(self._judged.scores)
        self.moved: ScoreName = moved if moved in scores else scores[0]
        self.has = {name: name in scores for name in SCORES}
        edge = boundary(self._judged, self.answer.thresholds, self.moved)
        cards = self._cards([*edge.removed, *edge.kept])
        self.removed, self.kept = cards[: len(edge.removed)], cards[len(edge.removed) :]
        self.time = milliseconds((perf_counter() - start) * 1000)

    @property
    def population(self) -> str:
        """Who is judged, in a sentence."""
        subsets = self._judged.subsets
        whose = "every subset" if subsets is None else " and ".join(subsets)
        return (
            f"Judged are the {counted(len(self._judged), 'sample')} of {whose} with a score that no earlier "
            "stage removed. A share is one of these, whatever the other score does; a sample below both "
            "counts as removed by score s, which comes first."
        )

    @property
    def detector(self) -> str:
        """How good the detector is; empty where nothing is known of it."""
        return detector_sentence(self._catalogue)

    @property
    def controls(self) -> list[Control]:
        """One a score."""
        return [self._control(name) for name in self._judged.scores]

    @property
    def rows(self) -> list[Row]:
        """Counts by source."""
        return [_row(outcome, outcome.source or "unknown") for outcome in self.answer.rows]

    @property
    def total(self) -> Row:
        """Their sum."""
        return _row(self.answer.total, "All")

    @property
    def moved_title(self) -> str:
        """The score whose edge is shown."""
        return _TITLES[self.moved][0].lower()

    @property
    def moved_tone(self) -> str:
        """CSS class of what it removes."""
        return tone(self.moved)

    @property
    def edges(self) -> list[tuple[str, str, bool]]:
        """Title and address of the edges there are, and which one is shown."""
        return [
            (f"Edge of {_TITLES[name][0].lower()}", self._url(strip=name), name == self.moved)
            for name in self._judged.scores
        ]

    @property
    def command(self) -> str:
        """What to type to have it so."""
        sets = [f"--set {name}.{value}" for name in self._judged.scores if (value := self._setting(name))]
        return " ".join(["rs5m stages", shlex.quote(str(self._catalogue.path)), *sets])

    @property
    def state(self) -> list[tuple[ScoreName, str, str]]:
        """Score, threshold and share it keeps, for the controls to follow."""
        return [(name, self._least(name), self._keep(name)) for name in self._judged.scores]

    def _setting(self, name: ScoreName) -> str:
        threshold = self._asked.get(name) or decided(self._catalogue, name)
        if threshold.keep is not None:
            # No stage keeps a share of 0: that is a threshold above every score.
            nothing = math.isinf(self.answer.thresholds[name])
            return f"least={self._least(name)}" if nothing else f"keep={threshold.keep}"
        return "" if threshold.least is None else f"least={_digits(threshold.least)}"

    def _url(self, **more: str) -> str:
        pairs: list[tuple[str, str]] = []
        for name, threshold in self._asked.items():
            if threshold.keep is not None:
                pairs.append((f"{name}_keep", threshold.keep))
            elif threshold.least is not None:
                pairs.append((name, _digits(threshold.least)))
        return f"/stages/what-if?{urlencode([*pairs, *more.items()])}"

    def _least(self, name: ScoreName) -> str:
        """The threshold as the slider has it: one below everything where all is kept, or above."""
        scored = self._judged.scores[name]
        lowest, highest = float(scored.ascending[0]), float(scored.ascending[-1])
        return _digits(min(max(self.answer.thresholds[name], lowest), _above(highest)))

    def _keep(self, name: ScoreName) -> str:
        asked = self._asked.get(name)
        if asked is not None and asked.keep is not None:
            return asked.keep
        return f"{self.answer.shares[name]:.4f}".rstrip("0").rstrip(".") or "0"

    def _control(self, name: ScoreName) -> Control:
        scored = self._judged.scores[name]
        counts, edges = histogram(scored, BINS)
        lowest, highest = float(edges[0]), float(edges[-1])
        own = decided(self._catalogue, name).value(scored)
        title, meaning = _TITLES[name]
        by_share = name in self._asked and self._asked[name].keep is not None

        def place(value: float) -> float:
            inside = min(max((value - lowest) / (highest - lowest), 0.0), 1.0)
            return round(INSET + inside * (WIDTH - 2 * INSET), 2)

        return Control(
            name=name,
            title=title,
            meaning=meaning,
            path=_bars(counts.tolist()),
            ticks=_ticks(lowest, highest),
            lowest=_digits(lowest),
            highest=_digits(_above(highest)),
            step="any",
            cut=place(self.answer.thresholds[name]),
            own_cut=place(own) if math.isfinite(own) else None,
            least=self._least(name),
            keep=self._keep(name),
            by_share=by_share,
            tone=tone(name),
            summary=f"{title} of {counted(len(scored), 'sample')}, from {lowest:.3f} to {highest:.3f}; "
            f"most lie near {edges[int(np.argmax(counts))]:.3f}",
        )

    def _cards(self, edges: list[Edge]) -> list[EdgeCard]:
        rows = {row["id"]: row for row in fetch_rows(self._catalogue, [e.id for e in edges], CARD_COLUMNS)}
        return [
            EdgeCard(
                id=edge.id,
                url=f"/samples/{edge.id}",
                image=image_url(self._catalogue, edge.id, PIXELS)
                if rows[edge.id]["file"] is not None
                else None,
                caption=rows[edge.id]["generated_caption"] or rows[edge.id]["caption"] or "",
                score=f"{edge.score:.4f}",
            )
            for edge in edges
        ]


def _row(outcome: Outcome, source: str) -> Row:
    return Row(source, outcome, share(outcome.remain, outcome.judged))


def _bars(counts: list[int]) -> str:
    """Outline of a histogram: a rectangle a bin, to one linear scale."""
    each = (WIDTH - 2 * INSET) / len(counts)
    scale = (BASE - 4) / max(1, *counts)
    parts = []
    for place, count in enumerate(counts):
        if count:
            # A bin with a single sample of a million is still to be seen.
            height = max(count * scale, 1.0)
            parts.append(f"M{INSET + place * each:.1f} {BASE}v-{height:.1f}h{max(each - 1, 1):.1f}V{BASE}z")
    return "".join(parts)


def _ticks(lowest: float, highest: float) -> list[Tick]:
    middle = (lowest + highest) / 2
    return [
        Tick(INSET, f"{lowest:.3f}", "start"),
        Tick(WIDTH / 2, f"{middle:.3f}", "middle"),
        Tick(WIDTH - INSET, f"{highest:.3f}", "end"),
    ]


def _above(value: float) -> float:
    """The next score: a threshold there removes everything."""
    return float(np.nextafter(np.float32(value), np.float32(np.inf)))


def _digits(value: float) -> str:
    """The fewest digits that are the same score when read again, without an exponent."""
    return np.format_float_positional(np.float32(value), trim="-")
