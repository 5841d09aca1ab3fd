"""A funnel as a picture: a band to scale that narrows with every step, and the same as stepped bars."""

from __future__ import annotations

from dataclasses import dataclass

# The drawing's own units, one a pixel on a wide page.
WIDTH = 1160
_TOP, _THICK, _BEND, _DROP, _LABELS = 52, 150, 14, 22, 58
HEIGHT = _TOP + _THICK + _BEND + _DROP + _LABELS
_LEAST = 2.0
_RUN = 8
_LAST = 120


@dataclass(frozen=True, slots=True)
class Loss:
    """One step of a funnel.

    Attributes:
        label: what took the samples away.
        count: how many.
        left_label: what those are called that are left.
        tone: CSS class.
        url: the samples; None where they were not published.
    """

    label: str
    count: int
    left_label: str
    tone: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Flow:
    """A funnel from everything to what is kept.

    Attributes:
        title: whose it is.
        first: what the whole is called.
        whole: how many it begins with, and its scale.
        url: the samples it begins with.
        losses: the steps, in order; the last one's `left_label` names what is kept.
        kept_url: the samples kept.
    """

    title: str
    first: str
    whole: int
    url: str | None
    losses: list[Loss]
    kept_url: str | None

    @property
    def kept(self) -> int:
        """What all steps leave."""
        return self.whole - sum(loss.count for loss in self.losses)

    @property
    def summary(self) -> str:
        """The picture in a sentence."""
        lost = ", ".join(f"{loss.count:,} {loss.label}" for loss in self.losses)
        return f"{self.title}: {self.whole:,} {self.first.lower()}; {lost}; {self.kept:,} kept"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the band that nothing leaves.

    Attributes:
        x, y, width, height: its rectangle.
        label: what it is.
        count: how many.
        share: of the whole; empty for the whole itself.
        tone: CSS class.
        url: the samples.
    """

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    share: str
    tone: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Drop:
    """What leaves the band.

    Attributes:
        path: outline of the part that bends away; empty where nothing leaves.
        x, y: middle of the label below it.
        loss: the step.
        share: of the whole.
    """

    path: str
    x: float
    y: float
    loss: Loss
    share: str


class Band:
    """The drawing of a flow, in units of its `viewBox`.

    Args:
        flow: what is drawn.
    """

    width, height = WIDTH, HEIGHT

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.stretches: list[Stretch] = []
        self.drops: list[Drop] = []
        each = (WIDTH - _LAST) / (len(flow.losses) + 1) if flow.losses else WIDTH - _LAST
        scale = _THICK / flow.whole if flow.whole else 0.0
        left, x = flow.whole, 0.0
        label, url = flow.first, flow.url
        for loss in flow.losses:
            self.stretches.append(self._stretch(x, each, left, scale, label, "rest", url))
            x += each
            self._drop(x, left, loss, scale)
            left -= loss.count
            label, url = loss.left_label, None
        self.stretches.append(self._stretch(x, WIDTH - x, left, scale, label, "kept", flow.kept_url))

    def _stretch(
        self, x: float, width: float, count: int, scale: float, label: str, tone: str, url: str | None
    ) -> Stretch:
        thick = max(count * scale, _LEAST) if count else 0.0
        part = "" if count == self.flow.whole else share(count, self.flow.whole)
        # A little over the next one, so that no seam shows.
        return Stretch(_r(x), _TOP, _r(min(width + 0.6, WIDTH - x)), _r(thick), label, count, part, tone, url)

    def _drop(self, x: float, left: int, loss: Loss, scale: float) -> None:
        upper, lower = _TOP + (left - loss.count) * scale, _TOP + left * scale
        thick = max(lower - upper, _LEAST)
        upper = lower - thick
        end = _TOP + _THICK + _BEND + _DROP
        inner, outer = _BEND, _BEND + thick
        bend = x + _RUN
        path = (
            f"M{_r(x)} {_r(upper)}H{_r(bend)}"
            f"A{_r(outer)} {_r(outer)} 0 0 1 {_r(bend + outer)} {_r(lower + inner)}"
            f"V{end}H{_r(bend + inner)}V{_r(lower + inner)}"
            f"A{inner} {inner} 0 0 0 {_r(bend)} {_r(lower)}H{_r(x)}Z"
        )
        middle = bend + inner + thick / 2
        self.drops.append(
            Drop(path if loss.count else "", _r(middle), end + 16, loss, share(loss.count, self.flow.whole))
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a bar, in per cent of its whole length.

    Attributes:
        tone: CSS class: `kept`, `rest` (left for later stages) or `removed-1` to `removed-5`.
        start: where it begins.
        width: how long it is.
        words: what it stands for, with the number.
        url: the samples behind it; None for published counts, whose samples were not published.
    """

    tone: str
    start: float
    width: float
    words: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the funnel: what was left, and what this step took away."""

    label: str
    count: int
    bars: list[Bar]
    note: str
    removes: bool


def steps(flow: Flow) -> list[Step]:
    """The flow as lines: each shows what is left and, beside it, what its stage took away."""
    scale = 100 / flow.whole if flow.whole else 0.0
    left = flow.whole
    whole = Bar("rest", 0, left * scale, f"{left:,}", flow.url)
    lines = [Step(flow.first, left, [whole], "", removes=False)]
    for loss in flow.losses:
        left -= loss.count
        bars = [
            Bar("rest", 0, left * scale, f"{left:,} left", None),
            Bar(loss.tone, left * scale, loss.count * scale, f"{loss.count:,} {loss.label}", loss.url),
        ]
        lines.append(Step(loss.label, loss.count, bars, share(loss.count, flow.whole), removes=True))
    kept = Bar("kept", 0, left * scale, f"{left:,} kept", flow.kept_url)
    return [*lines, Step("kept", left, [kept], share(left, flow.whole), removes=False)]


def share(part: int, whole: int) -> str:
    """`17.3 %`, `0.0059 %`; empty of nothing."""
    if not whole:
        return ""
    value = 100 * part / whole
    return f"{value:.1f} %" if value >= 0.1 or not part else f"{value:.2g} %"


def _r(value: float) -> float:
    return round(value, 1)
