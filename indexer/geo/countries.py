"""Countries: of a point, by its time zone; and their codes by the names that metadata give them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

import tzfpy

# FMoW's spelling, where it is not that of ISO 3166 today.
_METADATA_NAMES = {"TR": "Turkey"}
# There are fewer countries, but a table may write anything for one.
_NAMES_KEPT = 4096


def country_code_at(latitude: float, longitude: float) -> str | None:
    """ISO 3166-1 alpha-2 code of the country that a point lies in; None at sea.

    By the polygons of time zones (timezone-boundary-builder, in `tzfpy`), whose borders are those of
    countries, and the country that the time zone database names for each (`zone.tab`).
    """
    return _zone_countries().get(tzfpy.get_tz(longitude, latitude))


@lru_cache(_NAMES_KEPT)
def country_code(name: str) -> str | None:
    """ISO 3166-1 alpha-2 code of a country by its name or by one of its codes; None if it is not known.

    FMoW's captions have `?` where a letter was lost (`C?te d'Ivoire`); it may stand for any.
    """
    import pycountry

    if "?" in name:
        lost = re.compile(re.escape(name).replace(r"\?", "."), re.IGNORECASE)
        fitting = [country.alpha_2 for country in pycountry.countries if lost.fullmatch(country.name)]
        return str(fitting[0]) if len(fitting) == 1 else None
    if name in _METADATA_NAMES.values():
        return next(code for code, known in _METADATA_NAMES.items() if known == name)
    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError:
        return None


@cache
def country_name(code: str) -> str | None:
    """Name of a country as FMoW's metadata write it, by its alpha-2 code; None for a code that is none."""
    import pycountry

    country = pycountry.countries.get(alpha_2=code)
    return _METADATA_NAMES.get(code, str(country.name)) if country else None


@cache
def _zone_countries() -> dict[str, str]:
    table = resources.files("tzdata.zoneinfo") / "zone.tab"
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {zone: code for code, _, zone, *_ in rows}
