"""The URL of an audit as one frozen value: which samples are drawn, how, and which of them is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, Self, cast
from urllib.parse import urlencode

from app.query.filters import ANY_STAGE, MAX_VALUE_CHARS
from app.query.parameters import Parameter, reject_unknown
from app.workspace.marks import DrawKind, Mark
from indexer.catalogue.schema import KEPT
from indexer.errors import UserError

Of = Literal["kept", "removed", "both"]
OF: tuple[Of, ...] = ("both", "kept", "removed")
KINDS: tuple[DrawKind, ...] = ("random", "boundary")
DEFAULT_N = 100
MAX_N = 10_000
MAX_SEED = 2**62

AUDIT_PARAMETERS: tuple[Parameter, ...] = (
    Parameter("of", "Samples drawn from: kept, removed, or both by turns.", "both"),
    Parameter("draw", "`random`, or `boundary` for those nearest to a threshold.", "random"),
    Parameter("source", "Draw from this source only; `(none)` for samples without one.", "FMoW"),
    Parameter("stage", "Draw removed samples of this stage only.", "duplicate"),
    Parameter("seed", "Which random draw; the same seed draws the same samples.", "1"),
    Parameter("n", f"How many are drawn, {MAX_N:,} at most.", "100"),
    Parameter("at", "Place in the draw that is looked at, from 1; without it, the estimates.", "1"),
)


@dataclass(frozen=True, slots=True)
class Draw:
    """What an audit's URL asks for.

    Attributes:
        of: which side of the pipeline's decision is drawn from.
        kind: how.
        source: restricts the draw to one source; empty for all, `(none)` for samples without one.
        stage: restricts what is drawn of the removed to one stage; empty for all.
        seed: which random draw.
        n: how many samples.
        at: place that is looked at, from 1; None for the estimates.
    """

    of: Of = "both"
    kind: DrawKind = "random"
    source: str = ""
    stage: str = ""
    seed: int = 1
    n: int = DEFAULT_N
    at: int | None = None

    @classmethod
    def from_params(cls, params: Iterable[tuple[str, str]]) -> Self:
        """Parse query-string pairs; empty values, as an untouched form field sends them, are ignored.

        Raises:
            UserError: an unknown or repeated parameter, or a value that cannot be one of its parameter's.
        """
        given: dict[str, str] = {}
        for name, value in params:
            reject_unknown([name], [parameter.name for parameter in AUDIT_PARAMETERS])
            if name in given:
                raise UserError(f"{name} is given twice.", "Give it once.")
            given[name] = value.strip()
        given = {name: value for name, value in given.items() if value}
        at = given.get("at")
        return cls(
            of=cast(Of, _one_of("of", given.get("of", "both"), OF)),
            kind=cast(DrawKind, _one_of("draw", given.get("draw", "random"), KINDS)),
            source=_short("source", given.get("source", "")),
            stage=_removing(_short("stage", given.get("stage", ""))),
            seed=_integer("seed", given.get("seed", "1"), 0, MAX_SEED),
            n=_integer("n", given.get("n", str(DEFAULT_N)), 1, MAX_N),
            at=None if at is None else _integer("at", at, 1, MAX_N + 1),
        )

    def to_params(self) -> list[tuple[str, str]]:
        """The parameters that parse to this draw, in a fixed order; the seed is always among them."""
        return [
            ("of", self.of),
            ("draw", self.kind),
            *((name, value) for name, value in (("source", self.source), ("stage", self.stage)) if value),
            *([("seed", str(self.seed))] if self.kind == "random" else []),
            ("n", str(self.n)),
            *([("at", str(self.at))] if self.at is not None else []),
        ]

    def url(self, path: str = "/audit") -> str:
        """`path` with this draw as its query string."""
        return f"{path}?{urlencode(self.to_params())}"

    def looking_at(self, place: int) -> Draw:
        """The same draw, looked at at `place`."""
        return replace(self, at=place)

    @property
    def drawn_by(self) -> tuple[DrawKind, int, str, str]:
        """What its marks are kept under, as `Mark.drawn_by`: a longer draw has the marks of a shorter one."""
        return self.kind, self.seed if self.kind == "random" else 0, self.source, self.stage

    def has(self, mark: Mark) -> bool:
        """Whether `mark` was made in this draw."""
        return mark.drawn_by == self.drawn_by


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise UserError(f"{name}={value[:40]!r} is unknown.", f"Choose one of {', '.join(choices)}.")
    return value


def _short(name: str, value: str) -> str:
    if len(value) > MAX_VALUE_CHARS:
        raise UserError(f"{name}={value[:20]!r}... is longer than {MAX_VALUE_CHARS} characters.")
    return value


def _removing(stage: str) -> str:
    if stage in (KEPT, ANY_STAGE):
        raise UserError(
            f"stage={stage} is no stage that removes.", "Leave it out for all of them, and give of=."
        )
    return stage


def _integer(name: str, value: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", value) or not least <= int(value) <= most:
        raise UserError(
            f"{name}={value[:40]!r} is not a whole number from {least} to {most:,}.",
            "Correct it in the address.",
        )
    return int(value)
