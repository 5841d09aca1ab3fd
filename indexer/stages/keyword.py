"""Keeps web pairs whose caption says remote sensing, by RS5M's keyword list.

The list is that of RS5M (Zhang et al., "RS5M and GeoRSCLIP", IEEE TGRS 2024, section on filtering PUB11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from indexer.records import Fault
from indexer.stages.base import Verdict

_PLATFORMS = {
    "aerial": ("imag", "photo", "map", "pic", "view", "scan", "satellite"),
    "satellite": ("imag", "photo", "map", "pic", "view", "scan", "data", "surveillance"),
    "space": ("photo", "imag", "view"),
    "space-borne": ("photo", "imag", "view"),
}
_NAMES = (
    "remote sensing",
    "space surveillance",
    "Google Earth",
    "Freesound",
    "Sentinel-1",
    "Sentinel-2",
    "Gaofen",
    "USGS",
    "NAIP",
    "MODIS",
    "EOSDIS",
    "WorldView",
    "Planet Dove",
    "ArcGIS",
    "Maxar",
    "Landsat",
    "Geographic Information System",
)

_GAP = r"[\s_-]*"


def _pattern(words: str, *, stem: bool = False) -> str:
    parts = [re.escape(word) for word in re.split(r"[\s-]", words)]
    return _GAP.join(parts) + ("" if stem else r"(?:s?\b|(?=\d))")


KEYWORDS: dict[str, str] = {
    **{name: _pattern(name) for name in _NAMES},
    "earth observ*": _pattern("earth observ", stem=True),
    **{
        f"{platform} {thing}*": _pattern(f"{platform} {thing}", stem=True)
        for platform, things in _PLATFORMS.items()
        for thing in things
    },
}

_LABELS = tuple(KEYWORDS)
# Where a word begins with none of these letters, not one of the patterns has to be tried.
_INITIALS = "".join(sorted({label[0].lower() for label in KEYWORDS}))
_ANY = re.compile(
    rf"\b(?=[{_INITIALS}])(?:{'|'.join(f'({pattern})' for pattern in KEYWORDS.values())})", re.IGNORECASE
)


def find_keyword(caption: str) -> str | None:
    """The first keyword in `caption`, as `KEYWORDS` names it, or None.

    >>> find_keyword("An aerial photograph of the port")
    'aerial photo*'
    """
    match = _ANY.search(caption)
    return _LABELS[match.lastindex - 1] if match and match.lastindex else None


class Keyword:
    """Removes PUB11 samples without a keyword; other samples were not gathered by keyword and pass."""

    name = "keyword"

    def judge(self, row: Mapping[str, Any], fault: Fault | None) -> Verdict | None:
        """Look for a keyword; the one that matched is kept with the sample."""
        if row["subset"] != "PUB11":
            return None
        keyword = find_keyword(row["caption"] or "")
        if keyword is None:
            return Verdict(
                removed=True, reason="no_keyword", detail="The caption has no remote-sensing keyword."
            )
        return Verdict(removed=False, keyword=keyword)
