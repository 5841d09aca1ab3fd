"""What follows from the points of a stretch of samples, as columns to join."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from indexer.geo.countries import country_code, country_name
from indexer.geo.points import PointFacts, point_facts

_SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("point_zone", pa.int8()),
        ("point_band", pa.string()),
        ("point_hemisphere", pa.string()),
        ("point_mgrs", pa.string()),
        ("standard_country", pa.string()),
        ("standard_country_code", pa.string()),
        ("point_note", pa.string()),
    ]
)


def placed(connection: duckdb.DuckDBPyConnection, described: str) -> pa.Table:
    """Columns that follow from the place of each sample that has one.

    Args:
        connection: where `described` can be read.
        described: SQL of samples with `id`, `latitude`, `longitude`, the UTM columns and `country`.

    Returns:
        By `_SCHEMA`: what the point tells of zone and grid, and a note where a zone was given that is not the
        point's; the country that metadata name, else the point's, in one spelling and by its code, if known.
    """
    rows = connection.execute(
        f"""
        SELECT id, latitude, longitude, utm_zone, utm_band, utm_hemisphere, country FROM ({described})
        WHERE (latitude IS NOT NULL AND longitude IS NOT NULL) OR country IS NOT NULL
        """  # noqa: S608 - the assembly's own
    ).fetchall()
    facts = iter(point_facts((row[1], row[2]) for row in rows if row[1] is not None and row[2] is not None))
    found = []
    for id_, latitude, longitude, *given, country in rows:
        point = next(facts) if latitude is not None and longitude is not None else None
        found.append(_row(id_, point, given, country))
    return pa.Table.from_pylist(found, schema=_SCHEMA)


def _row(id_: int, point: PointFacts | None, given: list[object], country: str | None) -> dict[str, object]:
    code = country_code(country) if country else point and point.country
    named: dict[str, object] = {
        "id": id_,
        "standard_country": country_name(code) if code else None,
        "standard_country_code": code,
    }
    if point is None:
        return named
    return named | {
        "point_zone": point.zone,
        "point_band": point.band,
        "point_hemisphere": point.hemisphere,
        "point_mgrs": point.mgrs,
        "point_note": _contradiction(point, *given),
    }


def _contradiction(point: PointFacts, zone: object, band: object, hemisphere: object) -> str | None:
    """A note where a zone was given that is not the point's."""
    if zone is None:
        return None
    named = f"{zone}{band or hemisphere or ''}"
    if point.zone is None:
        return f"UTM zone {named} was given, but the point lies around a pole, where there is none"
    same = (band or point.band) == point.band and (hemisphere or point.hemisphere) == point.hemisphere
    if zone == point.zone and same:
        return None
    return f"UTM zone {named} was given, but the point lies in {point.zone}{point.band}; the point's is taken"
