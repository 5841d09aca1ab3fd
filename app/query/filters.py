"""Which samples pass: the filters of a URL and their parameterised SQL."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from indexer.catalogue.facets import FACETS, MISSING, Facet
from indexer.catalogue.schema import KEPT
from indexer.errors import UserError

ANY_STAGE = "any"
MAX_VALUES = 200
# BigEarthNet writes all labels of a patch as one class: up to 245 characters.
MAX_VALUE_CHARS = 1_000

Coordinates = Literal["yes", "no"]


class Where(NamedTuple):
    """A condition for a `WHERE` clause, with its positional parameters."""

    sql: str
    params: tuple[object, ...]

    def both(self, other: Where) -> Where:
        """The condition that this and `other` hold."""
        return Where(f"({self.sql}) AND ({other.sql})", self.params + other.params)


class BBox(NamedTuple):
    """Degrees; `west > east` means the box crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> BBox:
        """Read `west,south,east,north`; longitudes beyond 180 (a map panned around the world) are wrapped.

        Raises:
            UserError: not four finite numbers, or south is not below north.
        """
        hint = "Write west,south,east,north in degrees, for example bbox=-10,35,30,60."
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise UserError(f"bbox={text!r} is not four numbers.", hint) from None
        if not all(math.isfinite(value) for value in (west, south, east, north)):
            raise UserError(f"bbox={text!r} is not four finite numbers.", hint)
        south, north = max(south, -90.0), min(north, 90.0)
        if south >= north:
            raise UserError(f"bbox={text!r}: south is not below north.", hint)
        if east - west >= 360:
            return cls(-180.0, south, 180.0, north)
        return cls(_wrap(west), south, _wrap(east), north)

    def where(self) -> Where:
        """Condition on `longitude` and `latitude`."""
        joint = "AND" if self.west <= self.east else "OR"
        sql = f"latitude BETWEEN ? AND ? AND (longitude >= ? {joint} longitude <= ?)"
        return Where(sql, (self.south, self.north, self.west, self.east))

    def __str__(self) -> str:
        return ",".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in self)


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions every result satisfies; values of one field are alternatives, fields are joined by AND.

    Attributes:
        subset, source, class_, country, month, origin: picked values; `(none)` stands for a missing value.
        coordinates: `yes` or `no`; None for either.
        stage: `kept`, the stage that removed the sample, or `any`.
        bbox: part of the Earth the sample's point lies in.
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

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]]) -> Filters:
        """Parse the filter parameters; empty values, as an untouched form field sends them, are ignored.

        Raises:
            UserError: a value that cannot be a value of its parameter.
        """
        coordinates = _one(params, "coordinates")
        if coordinates not in (None, "yes", "no"):
            raise UserError(f"coordinates={coordinates!r} is neither yes nor no.")
        bbox = _one(params, "bbox")
        return cls(
            subset=_many(params, "subset"),
            source=_many(params, "source"),
            class_=_many(params, "class"),
            country=_many(params, "country"),
            month=_months(params),
            coordinates=coordinates,  # type: ignore[arg-type]
            origin=_many(params, "origin"),
            stage=_one(params, "stage") or KEPT,
            bbox=BBox.parse(bbox) if bbox else None,
        )

    def to_params(self) -> list[tuple[str, str]]:
        """The parameters that parse to these filters, in a fixed order, defaults left out."""
        pairs = [(facet.name, value) for facet in FACETS for value in self.picked(facet)]
        if self.bbox:
            pairs.append(("bbox", str(self.bbox)))
        return pairs

    def picked(self, facet: Facet) -> tuple[str, ...]:
        """Values picked for `facet`; the default stage counts as not picked."""
        value = getattr(self, field_of(facet))
        if isinstance(value, tuple):
            return value
        return () if value is None or (facet.name == "stage" and value == KEPT) else (value,)

    def where(self) -> Where:
        """Condition on the `samples` table."""
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


def _wrap(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
