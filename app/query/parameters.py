"""The names a URL may carry: one table that parsing, the command line and the OpenAPI document read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.query.filters import MAX_VALUE_CHARS
from indexer.errors import UserError


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query-string parameter.

    Attributes:
        name: as it stands in the URL.
        meaning: one sentence for documentation.
        example: a value that parses.
        many: whether it may be repeated (values of one name are alternatives).
    """

    name: str
    meaning: str
    example: str
    many: bool = False


PLACE_PARAMETERS: tuple[Parameter, ...] = (
    Parameter("bbox", "West,south,east,north in degrees; west > east crosses 180°.", "-10,35,30,60"),
    Parameter("polygon", "Corners as longitude,latitude, semicolons between.", "-96,29;-95,29;-95.5,30"),
    Parameter("near", "Latitude,longitude,km: no farther than that; or Houston,50.", "29.76,-95.37,50"),
    Parameter(
        "zone",
        "UTM zone: 34, 34N for its northern half, 18-T for a band of it, 34N-none where no band is known.",
        "34N",
        many=True,
    ),
    Parameter(
        "tier",
        "What is known of the place: point, zone, place (a name) or none; with place, areas hold names, too.",
        "point",
        many=True,
    ),
)
"""Those that ask where a sample is."""

FILTER_PARAMETERS: tuple[Parameter, ...] = (
    Parameter("subset", "Subset of RS5M, or the name given when indexing.", "RS3", many=True),
    Parameter("source", "Dataset the pair came from.", "FMoW", many=True),
    Parameter("class", "Class label; `(none)` selects samples without one.", "airport", many=True),
    Parameter("country", "Name of a country; `(none)` for unknown.", "France", many=True),
    Parameter("month", "Month of acquisition, 1 to 12; `(none)` for unknown.", "7", many=True),
    Parameter("coordinates", "`yes` for samples with a point on the map, `no` for the others.", "yes"),
    Parameter("origin", "Who wrote the caption: web, model, human or unknown.", "web", many=True),
    Parameter("stage", "`kept` (default), the stage that removed the sample, or `any`.", "kept"),
    *PLACE_PARAMETERS,
)

COLOUR = Parameter(
    "colour",
    "On a map: `count` of samples, or of the best where a query ranks, or `similarity` to it.",
    "count",
)

PARAMETERS: tuple[Parameter, ...] = (
    Parameter("q", "What to look for, in words.", "harbour with ships"),
    Parameter("mode", "`image` ranks by meaning of the picture, `caption` by words of the caption.", "image"),
    Parameter("like", "Id of a sample: rank by likeness to it; of several, to their mean.", "12", many=True),
    Parameter("image", "Hash of a query image posted to `/query-images`: rank by likeness to it.", "0f3c9a"),
    Parameter("around", "West,south,east,north: rank by likeness to what lies there.", "-180,-60,180,75"),
    *FILTER_PARAMETERS,
    Parameter(
        "sort",
        "Order of a list or of captions found by words: spread, id, longest, shortest, newest or oldest.",
        "spread",
    ),
    Parameter("min_score", "Least cosine of a result that is ranked by meaning or likeness.", "0.25"),
    Parameter("group", "`yes` shows near-duplicates in a ranking by cosine as one result.", "yes"),
    Parameter("k", "Number of results.", "20"),
    Parameter("cursor", "`next_cursor` of the page before.", "20"),
)


def reject_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse misspelt parameters, which would otherwise widen an answer in silence.

    Raises:
        UserError: naming the parameter and the one that was probably meant.
    """
    allowed = tuple(known)
    for name in names:
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known parameters: {', '.join(allowed)}."
            raise UserError(f"unknown parameter {name!r}.", hint)


def single_values(
    params: Iterable[tuple[str, str]], known: Sequence[str], own: Iterable[str] = ()
) -> dict[str, str]:
    """Values by name, stripped; empty ones, and those of the page's `own` parameters, are left out.

    Raises:
        UserError: an unknown parameter, one given twice, or a value that is too long.
    """
    allowed = [*known, *own]
    values: dict[str, str] = {}
    for name, value in params:
        reject_unknown([name], allowed)
        if name not in known or not value.strip():
            continue
        if name in values:
            raise UserError(f"{name} is given twice.", "Give it once.")
        if len(value) > MAX_VALUE_CHARS:
            raise UserError(f"{name} is longer than {MAX_VALUE_CHARS} characters.")
        values[name] = value.strip()
    return values
