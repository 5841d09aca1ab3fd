"""Which samples pass: the filters of a URL and their parameterised SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self, TypeVar

from app.query.geo import Area, BBox, Near, Polygon, Zone
from app.query.where import Where
from indexer.catalogue.facets import FACETS, MISSING, Facet
from indexer.catalogue.schema import KEPT
from indexer.errors import UserError

ANY_STAGE = "any"
MAX_VALUES = 200
# BigEarthNet writes all labels of a patch as one class: up to 245 characters.
MAX_VALUE_CHARS = 1_000

TIERS = ("point", "zone", "place", "none")

Coordinates = Literal["yes", "no"]
_Parsed = TypeVar("_Parsed")


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions every result satisfies; values of one field are alternatives, fields are joined by AND.

    Attributes:
        subset, source, class_, country, month, origin: picked values; `(none)` stands for a missing value.
        coordinates: `yes` or `no`; None for either.
        stage: `kept`, the stage that removed the sample, or `any`.
        bbox, polygon, near: parts of the Earth the sample's point lies in.
        zone: UTM zones, one of which the sample lies in.
        tier: what may be known of the sample's place, of `TIERS`. With `place` among them, `bbox`, `polygon`
            and `near` also hold samples without a point by the place that their caption names.
    """

    subset: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    class_: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    month: tuple[str, ...] = ()
    coordinates: Coordinates | None = None
    origin: tuple[str, ...] = ()
    stage: str = KEPT
    bbox: BBox | None = None
    polygon: Polygon | None = None
    near: Near | None = None
    zone: tuple[Zone, ...] = ()
    tier: tuple[str, ...] = ()

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]]) -> Filters:
        """Parse the filter parameters; empty values, as an untouched form field sends them, are ignored.

        Raises:
            UserError: a value that cannot be a value of its parameter.
        """
        coordinates = _one(params, "coordinates")
        if coordinates not in (None, "yes", "no"):
            raise UserError(f"coordinates={coordinates!r} is neither yes nor no.")
        tier = _many(params, "tier")
        if unknown := [value for value in tier if value not in TIERS]:
            raise UserError(f"tier={unknown[0]!r} is unknown.", f"Choose of {', '.join(TIERS)}.")
        return cls(
            subset=_many(params, "subset"),
            source=_many(params, "source"),
            class_=_many(params, "class"),
            country=_many(params, "country"),
            month=_months(params),
            coordinates=coordinates,  # type: ignore[arg-type]
            origin=_many(params, "origin"),
            stage=_one(params, "stage") or KEPT,
            bbox=_parsed(params, "bbox", BBox.parse),
            polygon=_parsed(params, "polygon", Polygon.parse),
            near=_parsed(params, "near", Near.parse),
            zone=tuple(sorted({Zone.parse(value) for value in _many(params, "zone")}, key=str)),
            tier=tuple(value for value in TIERS if value in tier),
        )

    def to_params(self) -> list[tuple[str, str]]:
        """The parameters that parse to these filters, in a fixed order, defaults left out."""
        pairs = [(facet.name, value) for facet in FACETS for value in self.picked(facet)]
        areas = [("bbox", self.bbox), ("polygon", self.polygon), ("near", self.near)]
        pairs += [(name, str(area)) for name, area in areas if area is not None]
        pairs += [("zone", str(zone)) for zone in self.zone]
        return pairs + [("tier", tier) for tier in self.tier]

    @property
    def areas(self) -> tuple[Area, ...]:
        """The parts of the Earth that a sample must lie in, in all of them."""
        areas: tuple[Area | None, ...] = (self.bbox, self.polygon, self.near)
        return tuple(area for area in areas if area is not None)

    @property
    def whereabouts(self) -> Filters:
        """Only those of these filters that ask where a sample is."""
        return Filters(bbox=self.bbox, polygon=self.polygon, near=self.near, zone=self.zone, tier=self.tier)

    @property
    def anywhere(self) -> Self:
        """These filters without those that ask where a sample is."""
        return replace(self, bbox=None, polygon=None, near=None, zone=(), tier=())

    def picked(self, facet: Facet) -> tuple[str, ...]:
        """Values picked for `facet`; the default stage counts as not picked."""
        value = getattr(self, field_of(facet))
        if isinstance(value, tuple):
            return value
        return () if value is None or (facet.name == "stage" and value == KEPT) else (value,)

    def where(self) -> Where:
        """Condition on the `samples` table.

        Raises:
            ValueError: a polygon, a circle, zones or tiers are asked for, which SQL is not asked about.
        """
        if self.polygon or self.near or self.zone or self.tier:
            raise ValueError("only a box is a condition in SQL")
        conditions = [_facet_where(facet, values) for facet, values in self.required()]
        if self.bbox:
            conditions.append(self.bbox.where())
        return Where(
            " AND ".join(f"({condition.sql})" for condition in conditions) or "TRUE",
            tuple(value for condition in conditions for value in condition.params),
        )

    def required(self, without: str | None = None) -> Iterator[tuple[Facet, tuple[str, ...]]]:
        """Each facet that must have one of some values, with these; `without` leaves one facet out."""
        for facet in FACETS:
            values = self.picked(facet)
            if facet.name == "stage":
                values = () if self.stage == ANY_STAGE else (self.stage,)
            if values and facet.name != without:
                yield facet, values


def field_of(facet: Facet) -> str:
    """Field of `Filters` that holds the values picked for `facet` (`class` is a Python keyword)."""
    return "class_" if facet.name == "class" else facet.name


def _facet_where(facet: Facet, values: tuple[str, ...]) -> Where:
    among = f"{facet.sql} IN ({', '.join('?' * len(values))})"
    return Where(f"{among} OR {facet.sql} IS NULL" if MISSING in values else among, values)


def _one(params: Mapping[str, Sequence[str]], name: str) -> str | None:
    values = _many(params, name)
    if len(values) > 1:
        raise UserError(f"{name} is given {len(values)} times.", "Give it once.")
    return values[0] if values else None


def _parsed(
    params: Mapping[str, Sequence[str]], name: str, parse: Callable[[str], _Parsed]
) -> _Parsed | None:
    values = [value for value in params.get(name, ()) if value.strip()]
    if len(values) > 1:
        raise UserError(f"{name} is given {len(values)} times.", "Give it once.")
    return parse(values[0].strip()) if values else None


def _many(params: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    values = sorted({value.strip() for value in params.get(name, ())} - {""})
    if len(values) > MAX_VALUES:
        raise UserError(f"{name} has {len(values)} values.", f"At most {MAX_VALUES} are allowed.")
    for value in values:
        if len(value) > MAX_VALUE_CHARS:
            raise UserError(f"{name}={value[:20]!r}... is longer than {MAX_VALUE_CHARS} characters.")
    return tuple(values)


def _months(params: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    values = _many(params, "month")
    for value in values:
        if value != MISSING and not (value.isascii() and value.isdigit() and 1 <= int(value) <= 12):
            raise UserError(f"month={value!r} is not a month.", "Write a number from 1 to 12.")
    numbers = sorted({int(value) for value in values if value != MISSING})
    return (*map(str, numbers), *((MISSING,) if MISSING in values else ()))
